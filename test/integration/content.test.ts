import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ContentType } from '../../src/publishing/index.ts'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { expectProblem } from '../kit/http-server.ts'
import { NAUGHTY } from '../kit/naughty.ts'

const PAGE: ContentType = {
  name: 'page',
  schema: {
    type: 'object',
    required: ['title', 'slug'],
    properties: { title: { type: 'string' }, slug: { type: 'string' }, order: { type: 'integer' } },
    additionalProperties: false,
  },
  slug: 'slug',
  locales: ['ko', 'en'],
  tags: ['page:{id}'],
  paths: ['/{slug}'],
}

let t: TestApp
beforeAll(async () => {
  t = await startTestApp({ contentTypes: [PAGE] })
})
afterAll(() => t.end())

const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  t.client.call(method, `/v1/content/${path}`, body, headers)
const match = (version: number | string) => ({ 'if-match': String(version) })
const draft = async (more: object = {}, type = 'story') => {
  const reply = await call('POST', type, { data: { title: 'First' }, ...more })
  if (reply.status !== 201) throw new Error(`${reply.status} ${reply.text}`)
  return reply.body
}
const refused = (reply: Awaited<ReturnType<typeof call>>, code: Parameters<typeof expectProblem>[1]) => {
  expectProblem({ ...reply, json: reply.body }, code)
  return reply.body
}
const eventsOf = (subject: string) =>
  t.database.query<{ type: string; data: Record<string, unknown>; actor: unknown }>(
    'select type, data, actor from yeyak.events where subject_id = $1 order by xid, id',
    [subject],
  )
let count = 0
const fresh = () => `c_${(count += 1)}`

test('a draft is there with revision 1, and is read as it was answered', async () => {
  const data = { title: '첫 이야기', body: null, tags: ['a', { b: [1.5, -0, 1e21] }] }
  const made = await call('POST', 'story', { id: 'cl_123', data })
  expect(made.status).toBe(201)
  expect(made.headers.get('location')).toBe('/v1/content/story/cl_123')
  expect(made.headers.get('etag')).toBe('"1"')
  expect(made.body).toMatchObject({
    ...{ type: 'story', id: 'cl_123', locale: '', status: 'draft', version: 1, draftRevision: 1 },
    ...{ liveRevision: null, publishedAt: null, schedule: null },
  })
  expect(made.body.data).toEqual({ ...data, tags: ['a', { b: [1.5, 0, 1e21] }] })
  const read = await call('GET', 'story/cl_123')
  expect(read.body).toEqual(made.body)
  expect(read.headers.get('etag')).toBe('"1"')
  expect((await call('GET', 'story/cl_123', undefined, { 'if-none-match': '"1"' })).status).toBe(304)
  expect(await eventsOf('story:cl_123')).toMatchObject([{ type: 'content.created', data: { revision: 1 } }])
})

test('an id is made where none is given; one that is taken is refused, in its type and locale only', async () => {
  const made = await draft()
  expect(made.id).toMatch(/^[0-9a-f-]{36}$/u)
  refused(await call('POST', 'story', { id: made.id, data: {} }), 'already-exists')
  expect((await draft({ id: made.id, locale: 'ko' })).locale).toBe('ko')
  expect((await draft({ id: made.id, data: {} }, 'page')).type).toBe('page')
  const twins = await Promise.all(
    Array.from({ length: 8 }, () => call('POST', 'story', { id: 'twin', data: {} })),
  )
  expect(twins.filter(({ status }) => status === 201)).toHaveLength(1)
  expect(twins.filter(({ status }) => status === 409)).toHaveLength(7)
})

test('a patch makes a new revision of what is merged, and none where nothing has changed', async () => {
  const { id } = await draft({ id: fresh(), data: { title: 'a', meta: { x: 1, y: 2 } } })
  const path = `story/${id}`
  const edited = await call(
    'PATCH',
    path,
    { data: { title: '제목', meta: { y: null, z: [null] } } },
    match('"1"'),
  )
  expect(edited.body).toMatchObject({ version: 2, draftRevision: 2, status: 'draft' })
  expect(edited.body.data).toEqual({ title: '제목', meta: { x: 1, z: [null] } })
  for (const body of [{ data: { title: '제목' } }, { data: {} }, {}]) {
    const same = await call('PATCH', path, body, match(2))
    expect(same.status).toBe(200)
    expect(same.headers.get('etag')).toBe('"2"')
  }
  expect(await eventsOf(`story:${id}`)).toMatchObject([
    { type: 'content.created' },
    { type: 'content.updated', data: { revision: 2, before: { revision: 1 } }, actor: { kind: 'anonymous' } },
  ])
  refused(await call('PATCH', path, { data: { a: 1 }, title: 'x' }, match(2)), 'invalid-request')
  refused(await call('PATCH', path, { data: null }, match(2)), 'invalid-request')
})

test('revisions are listed without their data, and each is there as it was written', async () => {
  const { id } = await draft({ id: fresh(), data: { n: 1 } })
  for (const n of [2, 3]) await call('PATCH', `story/${id}`, { data: { n } }, match(n - 1))
  await call('POST', `story/${id}/publish`, { revision: 2 }, match(3)).then(({ status }) =>
    expect(status).toBe(422),
  )
  const { body } = await call('GET', `story/${id}/revisions?limit=2`)
  expect(body.items).toMatchObject([
    { revision: 3, isDraft: true, isLive: false, createdBy: { kind: 'anonymous' } },
    { revision: 2, isDraft: false },
  ])
  expect(body.items[0]).not.toHaveProperty('data')
  const rest = await call('GET', `story/${id}/revisions?limit=2&cursor=${body.nextCursor}`)
  expect(rest.body).toMatchObject({ items: [{ revision: 1 }], nextCursor: null })
  const one = await call('GET', `story/${id}/revisions/2`)
  expect(one.body).toMatchObject({ revision: 2, data: { n: 2 }, sha256: body.items[1].sha256 })
  const etag = String(one.headers.get('etag'))
  expect((await call('GET', `story/${id}/revisions/2`, undefined, { 'if-none-match': etag })).status).toBe(
    304,
  )
  for (const n of ['0', '4', '01', '-1', 'x', '99999999999'])
    refused(await call('GET', `story/${id}/revisions/${n}`), 'not-found')
  refused(await call('GET', `story/none/revisions`), 'not-found')
})

test('of two changes that have read one version, one is refused with the version there is', async () => {
  const { id } = await draft({ id: fresh() })
  for (let version = 1; version < 6; version += 1) {
    const replies = await Promise.all(
      Array.from({ length: 4 }, (_, i) =>
        call('PATCH', `story/${id}`, { data: { title: `${version}.${i}` } }, match(version)),
      ),
    )
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(replies.filter(({ status }) => status === 412)).toHaveLength(3)
    const loser = replies.find(({ status }) => status === 412)
    expect(loser?.body).toMatchObject({ code: 'version-conflict', expected: version, actual: version + 1 })
  }
  expect((await call('GET', `story/${id}`)).body).toMatchObject({ version: 6, draftRevision: 6 })
})

test('a change says which version it is meant for', async () => {
  const { id } = await draft({ id: fresh() })
  const path = `story/${id}`
  for (const [method, at] of [
    ['PATCH', path],
    ['DELETE', path],
    ...['publish', 'unpublish', 'archive', 'restore'].map((action) => ['POST', `${path}/${action}`] as const),
    ['PUT', `${path}/schedule`],
    ['DELETE', `${path}/schedule`],
  ] as const) {
    const body = method === 'PATCH' || method === 'PUT' ? {} : undefined
    refused(await call(method, at, body), 'if-match-required')
    refused(await call(method, at, body, match(9)), 'version-conflict')
    refused(await call(method, at, body, match('x')), 'invalid-parameter')
  }
  expect((await call('PATCH', path, { data: { a: 1 } }, match('*'))).body.version).toBe(2)
})

test('a draft may be unfinished; what is published or scheduled may not, and each fault is named', async () => {
  const { id } = await draft({ id: fresh(), data: { order: 'x', extra: 1 } }, 'page')
  const publish = refused(await call('POST', `page/${id}/publish`, undefined, match(1)), 'invalid-request')
  const paths = publish.errors.map(({ path }: { path: string }) => path).toSorted()
  expect(paths).toEqual(['data.extra', 'data.order', 'data.slug', 'data.title'])
  const later = { publishAt: { delay: '1h' } }
  refused(await call('PUT', `page/${id}/schedule`, later, match(1)), 'invalid-request')
  const both = { id: fresh(), data: {}, schedule: later }
  refused(await call('POST', 'page', both), 'invalid-request')
  // Nothing is left of a draft that could not be scheduled.
  refused(await call('GET', `page/${both.id}`), 'not-found')
  expect((await call('GET', `page/${id}`)).body).toMatchObject({
    status: 'draft',
    version: 1,
    schedule: null,
  })
})

test('drafted and scheduled in one call', async () => {
  const made = await draft({
    id: fresh(),
    schedule: { publishAt: { delay: '1h' }, unpublishAt: '2033-01-01T09:00:00+09:00', maxLateSeconds: 60 },
  })
  expect(made).toMatchObject({
    ...{ status: 'scheduled', version: 2 },
    schedule: {
      ...{ publishAt: { delay: '1h' }, unpublishAt: '2033-01-01T09:00:00+09:00', revision: 1, onEdit: 'pin' },
      ...{ maxLateSeconds: 60, draftAhead: false },
      publications: [
        { action: 'publish', state: 'scheduled', revision: 1 },
        { action: 'unpublish', dueAt: '2033-01-01T00:00:00.000Z' },
      ],
    },
  })
  const edited = await call('PATCH', `story/${made.id}`, { data: { title: 'b' } }, match(2))
  expect(edited.body).toMatchObject({ draftRevision: 2, schedule: { revision: 1, draftAhead: true } })
  const none = await call('DELETE', `story/${made.id}/schedule`, undefined, match(3))
  expect(none.body).toMatchObject({ status: 'draft', schedule: null })
  expect((await call('DELETE', `story/${made.id}/schedule`, undefined, match('*'))).body.version).toBe(
    none.body.version,
  )
})

test('a time that is not in the future is refused in the words that Korean editors know', async () => {
  const korean = { 'accept-language': 'ko' }
  for (const publishAt of ['2020-01-01T00:00:00Z', { delay: 0 }, 'morgen', 5]) {
    const reply = await call('POST', 'story', { data: { title: 'x' }, schedule: { publishAt } }, korean)
    expect(reply.status).toBe(422)
    expect(reply.body.detail).toBe('publishAt은 미래 시각이어야 합니다.')
    expect(reply.body.errors[0].path).toBe('schedule.publishAt')
  }
})

test('publish, unpublish, archive and restore, each told once', async () => {
  const { id } = await draft({ id: fresh(), schedule: { publishAt: { delay: '1h' } } })
  const act = async (action: string, body?: unknown) =>
    (await call('POST', `story/${id}/${action}`, body, match('*'))).body
  const live = await act('publish')
  expect(live).toMatchObject({ status: 'published', liveRevision: 1, schedule: null })
  expect(Date.parse(live.publishedAt)).toBeGreaterThan(Date.now() - 60_000)
  expect(await act('unpublish')).toMatchObject({ status: 'draft', liveRevision: null, publishedAt: null })
  expect(await act('archive')).toMatchObject({ status: 'archived' })
  expect(await act('restore')).toMatchObject({ status: 'draft' })
  const types = (await eventsOf(`story:${id}`)).map(({ type }) => type)
  expect(types).toEqual(
    ['created', 'scheduled', 'published', 'unpublished', 'archived', 'updated'].map(
      (type) => `content.${type}`,
    ),
  )
  const states = await t.database.query('select state from yeyak.publications where resource_id = $1', [id])
  expect(states).toEqual([{ state: 'superseded' }])
})

test('what is deleted is gone with its revisions, and leaves nothing pending', async () => {
  const { id } = await draft({ id: fresh(), schedule: { publishAt: { delay: '1h' } } })
  expect((await call('DELETE', `story/${id}`, undefined, match('"2"'))).status).toBe(204)
  refused(await call('GET', `story/${id}`), 'not-found')
  refused(await call('DELETE', `story/${id}`, undefined, match('*')), 'not-found')
  const [left] = await t.database.query(
    `select (select count(*)::int from yeyak.timers x join yeyak.publications p on p.id = x.subject_id where p.resource_id = $1) as timers,
            (select count(*)::int from yeyak.revisions r where not exists (select 1 from yeyak.content c where c.key = r.content_key)) as revisions,
            (select state from yeyak.publications where resource_id = $1) as state`,
    [id],
  )
  expect(left).toEqual({ timers: 0, revisions: 0, state: 'canceled' })
  expect((await eventsOf(`story:${id}`)).at(-1)).toMatchObject({
    type: 'content.deleted',
    data: { before: { status: 'scheduled' }, tags: ['story', `story:${id}`] },
  })
  expect((await draft({ id })).version).toBe(1)
})

test('an idempotency key gives the first answer again, whatever has become of it since', async () => {
  const key = { 'idempotency-key': 'k-1' }
  const body = { data: { title: 'once' }, schedule: { publishAt: { delay: '1h' } } }
  const replies = await Promise.all(Array.from({ length: 6 }, () => call('POST', 'story', body, key)))
  expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 201))
  expect(new Set(replies.map((reply) => reply.body.id)).size).toBe(1)
  expect(replies.filter((reply) => reply.headers.get('idempotency-replayed') === null)).toHaveLength(1)
  const { id } = replies[0]?.body ?? {}
  await call('PATCH', `story/${id}`, { data: { title: 'twice' } }, match('*'))
  const again = await call('POST', 'story', body, key)
  expect(again.body).toMatchObject({ id, data: { title: 'twice' } })
  expect(again.headers.get('location')).toBe(`/v1/content/story/${id}`)
  refused(await call('POST', 'story', { data: {} }, key), 'idempotency-key-reused')
  refused(await call('POST', 'page', body, key), 'idempotency-key-reused')
  await call('DELETE', `story/${id}`, undefined, match('*'))
  expect((await call('POST', 'story', { data: {} }, key)).status).toBe(201)
})

test('the key of a request that was refused is free; another at work is said to be', async () => {
  const key = { 'idempotency-key': 'k-2' }
  refused(await call('POST', 'story', { data: 7 }, key), 'invalid-request')
  const session = await t.database.session()
  await session.query('begin')
  await session.query(
    `insert into yeyak.content (key, project_id, type, id, idempotency_key) values (gen_random_uuid(), 1, 'story', 'held', 'k-2')`,
  )
  const busy = await call('POST', 'story', { data: {} }, key)
  await session.query('rollback')
  await session.end()
  expect(refused(busy, 'idempotency-in-progress')).toBeDefined()
  expect(busy.headers.get('retry-after')).toBe('1')
  expect((await call('POST', 'story', { data: {} }, key)).status).toBe(201)
})

test('a slug is one draft’s in its locale', async () => {
  const data = { title: 't', slug: '/소개' }
  const { id } = await draft({ id: fresh(), locale: 'ko', data }, 'page')
  const reply = refused(await call('POST', 'page', { locale: 'ko', data }), 'already-exists')
  expect(reply.errors).toMatchObject([{ path: 'data.slug' }])
  const other = await draft({ id, locale: 'en', data }, 'page')
  const second = await draft({ id: fresh(), locale: 'en', data: { slug: 's2' } }, 'page')
  const clash = call('PATCH', `page/${second.id}?locale=en`, { data: { slug: '/소개' } }, match(1))
  refused(await clash, 'already-exists')
  await call('PATCH', `page/${other.id}?locale=en`, { data: { slug: 's3' } }, match(1))
  const patched = await call('PATCH', `page/${second.id}?locale=en`, { data: { slug: '/소개' } }, match(1))
  expect(patched.body).toMatchObject({ locale: 'en', version: 2 })
  refused(await call('POST', 'page', { data: { slug: 'x'.repeat(501) } }), 'invalid-request')
})

test('a locale is part of the name, and must be one of the type’s', async () => {
  const { id } = await draft({ id: fresh(), locale: 'ko' }, 'page')
  refused(await call('GET', `page/${id}`), 'not-found')
  refused(await call('GET', `page/${id}?locale=en`), 'not-found')
  refused(await call('GET', `page/${id}?locale=${encodeURIComponent("ko'; --")}`), 'not-found')
  expect((await call('GET', `page/${id}?locale=ko`)).body.locale).toBe('ko')
  const reply = refused(await call('POST', 'page', { locale: 'fr', data: {} }), 'invalid-request')
  expect(reply.errors).toMatchObject([{ path: 'locale' }])
  refused(await call('POST', 'story', { locale: 'ko_KR', data: {} }), 'invalid-request')
})

test('a type that is not known is said to be so, on every route', async () => {
  for (const [method, path, body] of [
    ['GET', 'storry', undefined],
    ['POST', 'storry', { data: {} }],
    ['GET', 'storry/x', undefined],
    ['PATCH', 'storry/x', { data: {} }],
    ['DELETE', 'storry/x', undefined],
    ['GET', 'storry/x/revisions', undefined],
    ['PUT', 'storry/x/schedule', { publishAt: { delay: 60 } }],
    ['POST', 'storry/x/publish', undefined],
  ] as const) {
    const reply = await call(method, path, body, match('*'))
    expect(refused(reply, 'unknown-model')).toMatchObject({
      ...{ detail: 'Unknown model: storry' },
      errors: [{ suggestion: 'story' }],
    })
  }
  expect((await call('GET', 'constructor')).body.code).toBe('unknown-model')
})

test('ids are what a path can name, and nothing else', async () => {
  for (const id of ['a', 'A.b_c~d-9', '...', '~', 'x'.repeat(200)]) {
    expect((await draft({ id })).id).toBe(id)
    expect((await call('GET', `story/${id}`)).body.id).toBe(id)
  }
  for (const id of ['', '.', '..', 'a b', 'a/b', 'a:b', '한글', 'x'.repeat(201), "a'b", 'a\n', 7, {}])
    refused(await call('POST', 'story', { id, data: {} }), 'invalid-request')
  for (const id of ['a%20b', 'a%2Fb', 'a:b', encodeURIComponent('한글'), '%00', 'x'.repeat(300)])
    refused(await call('GET', `story/${id}`), 'not-found')
})

test('texts come back as they were, whatever is in them', async () => {
  const data = Object.fromEntries(
    NAUGHTY.filter((text) => text !== '__proto__').map((text, i) => [text, [i, text]]),
  )
  const made = await draft({ id: fresh(), data })
  expect(made.data).toEqual(data)
  expect((await call('GET', `story/${made.id}`)).body.data).toEqual(data)
  for (const text of ['{"data":{"a":"\\u0000"}}', '{"data":{"\\ud800":1}}', '{"data":{"__proto__":{}}}'])
    expect((await call('POST', 'story', text)).status).toBe(422)
})

test('data are taken up to 256 kB, by whatever way they come to be that large', async () => {
  const room = 256 * 1024 - '{"title":""}'.length
  const { id } = await draft({ id: fresh(), data: { title: '가'.repeat(Math.floor(room / 3)) } })
  const tooMuch = { data: { title: '가'.repeat(Math.floor(room / 3) + 1) } }
  const reply = refused(await call('POST', 'story', tooMuch), 'invalid-request')
  expect(reply.errors).toMatchObject([{ path: 'data' }])
  refused(await call('PATCH', `story/${id}`, { data: { more: 'x' } }, match(1)), 'invalid-request')
  refused(await call('POST', 'story', { data: { title: 'x'.repeat(1024 * 1024) } }), 'invalid-request')
  expect((await call('GET', `story/${id}`)).body.version).toBe(1)
})

test('what is no object is no data, and no member is ignored', async () => {
  for (const data of [null, undefined, [], 'x', 5, true])
    refused(await call('POST', 'story', { data }), 'invalid-request')
  expect(refused(await call('POST', 'story', { dta: {} }), 'invalid-request').errors).toEqual(
    expect.arrayContaining([expect.objectContaining({ path: 'dta', suggestion: 'data' })]),
  )
  refused(await call('GET', 'story?stat=draft'), 'invalid-parameter')
})
