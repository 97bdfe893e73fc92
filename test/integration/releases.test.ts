import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { eventually } from '../kit/poll.ts'

let t: TestApp
beforeAll(async () => {
  t = await startTestApp({ env: { YEYAK_POLL_SECONDS: '1' } })
})
afterAll(() => t.end())

const ANY = { 'if-match': '*' }
const FAR = { delay: '30d' }

const drafts = async (
  prefix: string,
  count: number,
  data: object = { title: 'A title' },
): Promise<string[]> => {
  const ids = Array.from({ length: count }, (_, i) => `${prefix}-${i}`)
  for (const id of ids) {
    const reply = await t.client.call('POST', '/v1/content/story', { id, data })
    expect(reply.status, reply.text).toBe(201)
  }
  return ids
}
const create = async (ids: readonly string[], more: object = {}) => {
  const items = ids.map((id) => ({ type: 'story', id }))
  const reply = await t.client.call('POST', '/v1/releases', { title: 'Spring', items, ...more })
  expect(reply.status, reply.text).toBe(201)
  return reply.body
}
const call = (id: string, action: string, body?: object) =>
  t.client.call(action === 'schedule' ? 'PUT' : 'POST', `/v1/releases/${id}/${action}`, body, ANY)
const release = async (id: string) => (await t.client.call('GET', `/v1/releases/${id}`)).body
const statuses = async (prefix: string) =>
  (
    await t.database.query<{ status: string }>(
      `select status from yeyak.content where id like $1 || '-%' order by id`,
      [prefix],
    )
  ).map(({ status }) => status)
const inState = (id: string, state: string) =>
  eventually(`release ${id} ${state}`, async () => {
    const found = await release(id)
    return found.state === state && found
  })

test('a release goes live at its time, all of it at one instant', async () => {
  const made = await create(await drafts('all', 20))
  const scheduled = await call(made.id, 'schedule', { publishAt: { delay: 0.5 } })
  expect(scheduled.body).toMatchObject({ state: 'scheduled', version: 2 })
  expect(await statuses('all')).toEqual(Array.from({ length: 20 }, () => 'scheduled'))
  const done = await inState(made.id, 'succeeded')
  expect(done.lateMs).toBeGreaterThanOrEqual(0)
  expect(await statuses('all')).toEqual(Array.from({ length: 20 }, () => 'published'))
  const instants = await t.database.query(
    `select distinct published_at from yeyak.content where id like 'all-%'`,
  )
  expect(instants).toHaveLength(1)
  const { body } = await t.client.call('GET', `/v1/publications?releaseId=${made.id}`)
  expect(body.items).toHaveLength(20)
  expect(body.items.every((p: { state: string }) => p.state === 'succeeded')).toBe(true)
})

test('readers see all of a release or nothing of it, whenever they look', async () => {
  const made = await create(await drafts('snapshot', 50))
  await call(made.id, 'schedule', { publishAt: { delay: 0.5 } })
  const session = await t.database.session()
  const seen = new Set<number>()
  await session.query('begin isolation level repeatable read')
  const liveIn = async () =>
    Number(
      (
        await session.query(
          `select count(*) as n from yeyak.content where id like 'snapshot-%' and live_revision is not null`,
        )
      ).rows[0].n,
    )
  const before = await liveIn()
  await eventually('all live', async () => {
    const [row] = await t.database.query<{ n: string }>(
      `select count(*) as n from yeyak.content where id like 'snapshot-%' and live_revision is not null`,
    )
    seen.add(Number(row?.n))
    return row?.n === '50'
  })
  expect([before, await liveIn()]).toEqual([0, 0])
  await session.end()
  expect([...seen].toSorted((a, b) => a - b)).toEqual([0, 50])
})

test('one bad item, and nothing of it changes: by hand it is refused, by its time it fails and says why', async () => {
  const good = await drafts('bad', 3)
  const [wrong] = await drafts('bad-wrong', 1)
  const made = await create([...good, wrong ?? ''])
  await t.client.call('PATCH', `/v1/content/story/${wrong}`, { data: { title: null } }, ANY)
  expect((await call(made.id, 'validate')).body).toMatchObject({
    valid: false,
    errors: [{ path: 'items[3].data.title' }],
  })
  const refused = await call(made.id, 'schedule', { publishAt: FAR })
  expect([refused.status, refused.body.errors[0].path]).toEqual([422, 'items[3].data.title'])
  const byHand = await call(made.id, 'publish')
  expect([byHand.status, byHand.body.errors[0].path]).toEqual([422, 'items[3].data.title'])
  expect(await release(made.id)).toMatchObject({ state: 'draft', version: 1 })
  expect(await statuses('bad')).toEqual(['draft', 'draft', 'draft', 'draft'])

  await t.client.call('PATCH', `/v1/content/story/${wrong}`, { data: { title: 'Good' } }, ANY)
  await call(made.id, 'schedule', { publishAt: { delay: 0.8 } })
  await t.client.call('DELETE', `/v1/content/story/${wrong}`, undefined, ANY)
  const failed = await inState(made.id, 'failed')
  expect(failed).toMatchObject({
    reason: 'invalid',
    error: { code: 'invalid-release', errors: [{ path: 'items[3].id' }] },
  })
  expect(await statuses('bad')).toEqual(['draft', 'draft', 'draft'])
  expect(
    await t.database.query(
      `select 1 from yeyak.events where type = 'content.published' and subject_id like 'story:bad-%'`,
    ),
  ).toEqual([])
})

test('a release that has failed is a dead letter, and tried again it goes live as a whole', async () => {
  const [good, gone] = await drafts('dead', 2)
  const made = await create([good ?? '', gone ?? ''])
  expect((await call(made.id, 'retry')).body).toMatchObject({ code: 'not-final', state: 'draft' })
  await call(made.id, 'schedule', { publishAt: { delay: 0.5 }, maxLateSeconds: 60 })
  const soft = `/v1/content/story/${gone}`
  await t.client.call('POST', `${soft}/archive`, undefined, ANY)
  await inState(made.id, 'failed')
  const dead = async () => (await t.client.call('GET', '/v1/dead-letters?kind=release')).body.items
  const mine = async () => (await dead()).filter(({ id }: { id: string }) => id === made.id)
  expect(await mine()).toMatchObject([
    { kind: 'release', queue: 'publishing', state: 'failed', reason: 'invalid', title: made.title, to: null },
  ])
  const groups = await t.client.call('GET', '/v1/dead-letters?kind=release&groupBy=error')
  expect(groups.body.groups).toMatchObject([{ key: 'invalid-release' }])

  await t.client.call('POST', `${soft}/restore`, undefined, ANY)
  const stale = await t.client.call('POST', `/v1/releases/${made.id}/retry`, undefined)
  expect([stale.status, stale.body.code]).toEqual([428, 'if-match-required'])
  const again = await call(made.id, 'retry', { publishAt: FAR })
  expect(again.body).toMatchObject({ state: 'scheduled', reason: null, error: null, maxLateSeconds: 60 })
  expect(await mine()).toEqual([])
  await call(made.id, 'cancel')
  expect((await call(made.id, 'retry')).body).toMatchObject({ state: 'scheduled', publishAt: null })
  expect(await inState(made.id, 'succeeded')).toMatchObject({ attemptCount: 2 })
  expect(await statuses('dead')).toEqual(['published', 'published'])
  expect((await call(made.id, 'retry')).body).toMatchObject({ code: 'already-final', state: 'succeeded' })
})

test('what is scheduled is frozen, until its schedule is canceled', async () => {
  const ids = await drafts('frozen', 2)
  const made = await create(ids)
  await call(made.id, 'schedule', { publishAt: FAR })
  const changed = await t.client.call('PATCH', `/v1/releases/${made.id}`, { title: 'Other' }, ANY)
  expect([changed.status, changed.body.code]).toEqual([409, 'release-frozen'])
  expect((await call(made.id, 'schedule', { publishAt: FAR })).body.code).toBe('release-frozen')
  expect((await t.client.call('DELETE', `/v1/releases/${made.id}`, undefined, ANY)).status).toBe(409)
  const { body } = await t.client.call('GET', `/v1/publications?releaseId=${made.id}`)
  expect((await t.client.call('POST', `/v1/publications/${body.items[0].id}/cancel`)).body.code).toBe(
    'release-frozen',
  )
  expect((await call(made.id, 'cancel')).body).toMatchObject({ state: 'canceled' })
  expect(await statuses('frozen')).toEqual(['draft', 'draft'])
  const renamed = await t.client.call('PATCH', `/v1/releases/${made.id}`, { title: 'Other' }, ANY)
  expect(renamed.body).toMatchObject({ title: 'Other', state: 'draft' })
  expect((await t.client.call('DELETE', `/v1/releases/${made.id}`, undefined, ANY)).status).toBe(204)
})

test('an edit after scheduling is not in it: it has the revisions that were checked', async () => {
  const [id] = await drafts('pinned', 1)
  const made = await create([id ?? ''])
  await call(made.id, 'schedule', { publishAt: { delay: 0.5 } })
  await t.client.call('PATCH', `/v1/content/story/${id}`, { data: { title: 'Later' } }, ANY)
  await inState(made.id, 'succeeded')
  expect((await t.client.call('GET', `/v1/content/story/${id}`)).body).toMatchObject({
    liveRevision: 1,
    draftRevision: 2,
  })
})

test('by hand it happens at once, scheduled or not, and only once', async () => {
  const made = await create(await drafts('hand', 3))
  await call(made.id, 'schedule', { publishAt: FAR })
  expect((await call(made.id, 'publish')).body).toMatchObject({ state: 'succeeded', lateMs: null })
  expect(await statuses('hand')).toEqual(['published', 'published', 'published'])
  expect((await call(made.id, 'publish')).body.code).toBe('already-final')
  const timers = await t.database.query('select 1 from yeyak.timers where subject_id = $1', [made.id])
  expect(timers).toEqual([])
})

test('an item is named once, and the same key makes one release', async () => {
  const [id] = await drafts('once', 1)
  const items = [
    { type: 'story', id },
    { type: 'story', id, action: 'archive' },
  ]
  const twice = await t.client.call('POST', '/v1/releases', { title: 'Twice', items })
  expect([twice.status, twice.body.errors[0].path]).toEqual([422, 'items[1].id'])
  const keyed = { 'idempotency-key': 'spring-1' }
  const body = { title: 'Keyed', items: [{ type: 'story', id }] }
  const first = await t.client.call('POST', '/v1/releases', body, keyed)
  const second = await t.client.call('POST', '/v1/releases', body, keyed)
  expect([second.status, second.body.id]).toEqual([201, first.body.id])
  expect(second.headers.get('idempotency-replayed')).toBe('true')
  const other = await t.client.call('POST', '/v1/releases', { ...body, title: 'X' }, keyed)
  expect(other.body.code).toBe('idempotency-key-reused')
  expect((await t.client.call('GET', '/v1/releases?limit=1')).body.items).toMatchObject([
    { title: 'Keyed', itemCount: 1 },
  ])
})

test('a version is asked for, and a stale one refused', async () => {
  const made = await create(await drafts('version', 1))
  const without = await t.client.call('PATCH', `/v1/releases/${made.id}`, { title: 'X' })
  expect([without.status, without.body.code]).toEqual([428, 'if-match-required'])
  const stale = await t.client.call('PATCH', `/v1/releases/${made.id}`, { title: 'X' }, { 'if-match': '"9"' })
  expect([stale.status, stale.body.code]).toEqual([412, 'version-conflict'])
})

test('500 items go live together, and 501 are refused', async () => {
  await t.database.query(
    `with c as (insert into yeyak.content (key, project_id, type, id) select gen_random_uuid(), 1, 'story', 'big-' || i
       from generate_series(1, 500) i returning key)
     insert into yeyak.revisions (content_key, number, data, sha256) select key, 1, '{"title":"x"}', '\\x00' from c`,
  )
  const ids = Array.from({ length: 500 }, (_, i) => `big-${i + 1}`)
  const made = await create(ids)
  await call(made.id, 'schedule', { publishAt: { delay: 1 } })
  await inState(made.id, 'succeeded')
  expect(new Set(await statuses('big'))).toEqual(new Set(['published']))
  const items = [...ids, 'one-more'].map((id) => ({ type: 'story', id }))
  expect((await t.client.call('POST', '/v1/releases', { title: 'Too many', items })).status).toBe(422)
})
