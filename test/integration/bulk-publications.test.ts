import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { operationEnded } from '../kit/operations.ts'
import { eventually } from '../kit/poll.ts'
import { seedStories } from '../kit/stories.ts'

let t: TestApp
beforeAll(async () => {
  t = await startTestApp({
    contentTypes: ['poem', 'essay', 'novel', 'letter', 'verse'].map((name) => ({
      name,
      schema: {
        type: 'object',
        required: ['title'],
        properties: { title: { type: 'string', minLength: 1 } },
      },
    })),
  })
})
afterAll(() => t.end())

const ANY = { 'if-match': '*' }
const FAR = { delay: '30d' }
const YEAR_SECONDS = 31_536_000

const draft = async (type: string, id: string, more: object = {}) => {
  const reply = await t.client.call('POST', `/v1/content/${type}`, { id, data: { title: id }, ...more })
  expect(reply.status, reply.text).toBe(201)
}
const scheduled = (type: string, id: string, schedule: object = { publishAt: FAR }) =>
  draft(type, id, { schedule })
const bulk = (kind: string, body?: unknown) => t.client.call('POST', `/v1/publications/${kind}`, body)
const refusal = (reply: Awaited<ReturnType<typeof bulk>>) => `${reply.status} ${reply.body.code}`
const item = async (type: string, id: string) =>
  (await t.client.call('GET', `/v1/content/${type}/${id}`)).body
const stored = (type: string) =>
  t.database.query<{ state: string; reason: string | null; timers: number; due: string }>(
    `select state, reason, due_at::text as due, (select count(*)::int from yeyak.timers x where x.subject_id = p.id) as timers
     from yeyak.publications p where type = $1 order by resource_id, due_at, id`,
    [type],
  )
const eventsOf = async (subject: string) =>
  (
    await t.database.query<{ type: string; reason: string | null }>(
      `select type, data ->> 'reason' as reason from yeyak.events where subject_id = $1 order by id`,
      [subject],
    )
  ).map(({ type, reason }) => (reason === null ? type : `${type}: ${reason}`))
const ended = (id: string) => operationEnded(t.client, id)

test('a bulk cancel of publications leaves nothing pending, and each is told once', async () => {
  for (const id of ['a', 'b', 'c']) await scheduled('poem', id)
  expect((await bulk('cancel', { filter: { type: 'poem' }, dryRun: true })).body).toMatchObject({
    ...{ matched: 3, more: false, sample: [{ type: 'poem', state: 'scheduled' }, {}, {}] },
  })
  expect(await stored('poem')).toMatchObject([{ timers: 1 }, { timers: 1 }, { timers: 1 }])
  const { status, body } = await bulk('cancel', { filter: { type: 'poem', state: 'scheduled' } })
  expect([status, body]).toEqual([200, { matched: 3, changed: 3, tooLate: 0 }])
  const canceled = { state: 'canceled', reason: 'request', timers: 0 }
  expect(await stored('poem')).toMatchObject([canceled, canceled, canceled])
  expect(await item('poem', 'a')).toMatchObject({ status: 'draft', schedule: null, version: 3 })
  expect(await eventsOf('poem:a')).toEqual([
    'content.created',
    'content.scheduled',
    'content.unscheduled: request',
  ])
})

test('a bulk retry of publications takes back what has ended, but for what may not go live', async () => {
  const at = '2031-01-01T00:00:00.000Z'
  await t.database.query(
    `update yeyak.revisions set data = '{}' where content_key = (select key from yeyak.content where type = 'poem' and id = 'c')`,
  )
  const seen = await bulk('retry', { filter: { type: 'poem' }, publishAt: at, dryRun: true })
  expect(seen.body.refusals).toMatchObject([{ code: 'invalid-request', errors: [{ path: 'data.title' }] }])
  expect(await stored('poem')).toMatchObject([{ timers: 0 }, { timers: 0 }, { timers: 0 }])
  const { body } = await bulk('retry', { filter: { type: 'poem' }, publishAt: at })
  expect(body).toEqual({
    ...{ matched: 3, changed: 2, tooLate: 0, refused: 1, refusal: seen.body.refusals[0] },
  })
  expect(await stored('poem')).toMatchObject([
    { state: 'scheduled', reason: null, timers: 1 },
    { state: 'scheduled', reason: null, timers: 1 },
    { state: 'canceled', timers: 0 },
  ])
  expect(await item('poem', 'a')).toMatchObject({
    ...{ status: 'scheduled', schedule: { publishAt: at, publications: [{ dueAt: at }] } },
  })
  expect(await bulk('retry', { filter: { type: 'poem' }, publishAt: '2001-01-01T00:00:00Z' })).toMatchObject({
    ...{ status: 422, body: { code: 'publish-at-not-future' } },
  })
})

test('what failed on its revision is tried again with what the draft says by now, and taken back by undo', async () => {
  const mended = ['m1', 'm2']
  for (const id of mended) await scheduled('verse', id)
  await t.database.query(
    `update yeyak.revisions set data = '{}' where content_key = any(array(select key from yeyak.content where type = 'verse'))`,
  )
  await bulk('cancel', { filter: { type: 'verse' } })
  const edit = { data: { title: 'mended' } }
  for (const id of mended)
    expect((await t.client.call('PATCH', `/v1/content/verse/${id}`, edit, ANY)).status).toBe(200)
  const filter = { type: 'verse', state: 'canceled' }
  expect((await bulk('retry', { filter })).body).toMatchObject({ changed: 0, refused: 2 })
  const first = (await t.client.call('GET', '/v1/publications?type=verse&id=m1')).body.items[0]
  const one = (body: object) => t.client.call('POST', `/v1/publications/${first.id}/retry`, body)
  expect(await one({ publishAt: FAR })).toMatchObject({ status: 422, body: { code: 'invalid-request' } })
  expect((await one({ publishAt: FAR, revision: 'draft' })).body).toMatchObject({
    ...{ state: 'scheduled', revision: 2 },
  })
  await t.client.call('POST', `/v1/publications/${first.id}/cancel`)
  const again = { filter, revision: 'draft', publishAt: FAR }
  const made = await bulk('retry', { ...again, ratePerSecond: 1000 })
  expect(await operationEnded(t.client, made.body.id)).toMatchObject({ changed: 2, refused: 0 })
  const undo = await t.client.call('POST', `/v1/operations/${made.body.id}/undo`)
  await operationEnded(t.client, undo.body.id)
  const revisions = await t.database.query(
    `select resource_id, revision, state from yeyak.publications where type = 'verse' order by resource_id`,
  )
  expect(revisions).toEqual([
    { resource_id: 'm1', revision: 2, state: 'canceled' },
    { resource_id: 'm2', revision: 1, state: 'canceled' },
  ])
  expect((await bulk('retry', { filter, revision: 'draft' })).body).toMatchObject({ changed: 2, refused: 0 })
  for (const id of mended) await eventually('live', async () => (await item('verse', id)).liveRevision === 2)
})

test('several publications of one item that are tried again at one time follow each other', async () => {
  const times = ['1d', '2d', '3d'].map((delay, i) => ({
    ...{ action: i === 1 ? 'unpublish' : 'publish', at: { delay } },
  }))
  await scheduled('essay', 'turns', { actions: times })
  await bulk('cancel', { filter: { type: 'essay' } })
  const at = '2031-01-01T00:00:00.000Z'
  expect((await bulk('retry', { filter: { type: 'essay' }, publishAt: at })).body).toMatchObject({
    changed: 3,
  })
  const { schedule } = await item('essay', 'turns')
  expect(schedule.publications).toMatchObject([
    { action: 'publish', dueAt: '2031-01-01T00:00:00.000Z' },
    { action: 'unpublish', dueAt: '2031-01-01T00:00:00.001Z' },
    { action: 'publish', dueAt: '2031-01-01T00:00:00.002Z' },
  ])
  // Without a time: at once, and the last of them wins.
  await bulk('cancel', { filter: { type: 'essay' } })
  expect((await bulk('retry', { filter: { type: 'essay' } })).body).toMatchObject({ changed: 3 })
  await eventually('live', async () => (await item('essay', 'turns')).status === 'published')
})

test('an operator’s word settles publications in bulk, and readers see what they saw', async () => {
  await scheduled('novel', 'one')
  await scheduled('novel', 'two')
  await t.database.query(
    `update yeyak.publications set state = 'failed', reason = 'retries_exhausted', finished_at = now() where resource_id = 'one' and type = 'novel'`,
  )
  expect(refusal(await bulk('resolve', { filter: { type: 'novel' } }))).toBe('422 invalid-request')
  const dead = async () => (await t.client.call('GET', '/v1/dead-letters?kind=publication')).body.items
  expect(await dead()).toMatchObject([{ title: 'publish novel:one' }])
  const settled = await bulk('resolve', { filter: { type: 'novel' }, outcome: 'succeeded', note: 'by fax' })
  expect(settled.body).toEqual({ matched: 2, changed: 2, tooLate: 0 })
  expect(await stored('novel')).toMatchObject([
    { state: 'succeeded', reason: 'operator', timers: 0 },
    { state: 'succeeded', reason: 'operator', timers: 0 },
  ])
  expect(await dead()).toEqual([])
  expect(await item('novel', 'two')).toMatchObject({ status: 'draft', liveRevision: null, schedule: null })
})

test('what a release has in store is left to the release', async () => {
  await draft('letter', 'in')
  await scheduled('letter', 'own')
  const made = await t.client.call('POST', '/v1/releases', {
    ...{ title: 'R', items: [{ type: 'letter', id: 'in' }] },
  })
  await t.client.call('PUT', `/v1/releases/${made.body.id}/schedule`, { publishAt: FAR }, ANY)
  expect((await bulk('cancel', { filter: { type: 'letter' } })).body).toEqual({
    ...{ matched: 2, changed: 1, tooLate: 0 },
  })
  expect((await bulk('cancel', { filter: { releaseId: made.body.id } })).body).toMatchObject({ changed: 0 })
  expect(await item('letter', 'in')).toMatchObject({ status: 'scheduled' })
})

test.each(['cancel', 'retry', 'resolve'])('a bulk %s needs a filter, and one that is known', async (kind) => {
  const more = kind === 'resolve' ? { outcome: 'failed' } : {}
  expect(refusal(await bulk(kind, more))).toBe('422 filter-required')
  const wrong = await bulk(kind, { filter: { state: 'scheduld' }, ...more })
  expect(refusal(wrong)).toBe('422 invalid-request')
  expect(wrong.body.errors).toMatchObject([{ path: 'filter.state', suggestion: 'scheduled' }])
  expect(refusal(await bulk(kind, { filter: { tag: 'x' }, ...more }))).toBe('422 invalid-request')
  expect((await bulk(kind, { filter: { releaseId: 'none' }, ...more })).body).toMatchObject({ matched: 0 })
})

test('an operation on publications keeps its rate, is ended by an abort, and an undo makes all as it was', async () => {
  const count = 300
  await seedStories(t.database, { count, prefix: 'undo', inSeconds: YEAR_SECONDS })
  const before = await stored('story')
  const asked = await bulk('cancel', { filter: { type: 'story' }, ratePerSecond: 100 })
  expect(asked.status).toBe(202)
  const { id } = asked.body
  await eventually('under way', async () => {
    const { body } = await t.client.call('GET', `/v1/operations/${id}`)
    return body.matched >= 20
  })
  const aborted = (await t.client.call('POST', `/v1/operations/${id}/abort`)).body
  expect(aborted).toMatchObject({ subject: 'publications', kind: 'cancel', state: 'aborted' })
  expect(aborted.changed).toBeLessThan(count)
  const canceled = (await stored('story')).filter(({ state }) => state === 'canceled')
  expect(canceled).toHaveLength(aborted.changed)
  expect(canceled.every(({ timers }) => timers === 0)).toBe(true)
  // One of them is changed by somebody since: it is left alone.
  const [touched] = await t.database.query<{ id: string; resource_id: string }>(
    `select id, resource_id from yeyak.publications where type = 'story' and state = 'canceled' order by id limit 1`,
  )
  await t.client.call('POST', `/v1/publications/${touched?.id}/retry`, { publishAt: { delay: '9d' } })
  const undone = await t.client.call('POST', `/v1/operations/${id}/undo`)
  expect(undone.status).toBe(202)
  expect(await ended(undone.body.id)).toMatchObject({ state: 'done', changed: aborted.changed - 1 })
  const after = await stored('story')
  expect(after.every(({ state, timers }) => state === 'scheduled' && timers === 1)).toBe(true)
  expect(after.filter(({ due }) => before.some((one) => one.due === due))).toHaveLength(count - 1)
  const [all] = await t.database.query(
    `select count(*)::int as n from yeyak.content where type = 'story' and status = 'scheduled' and due_at is not null`,
  )
  expect(all).toEqual({ n: count })
})

test('an undo of a retry ends again what waits, with the reason that it had', async () => {
  await seedStories(t.database, { count: 3, prefix: 'again', inSeconds: YEAR_SECONDS, type: 'essay' })
  await bulk('resolve', { filter: { type: 'essay', state: 'scheduled' }, outcome: 'failed' })
  const before = await stored('essay')
  const asked = await bulk('retry', {
    filter: { type: 'essay', state: 'failed' },
    publishAt: FAR,
    ratePerSecond: 1000,
  })
  expect(await ended(asked.body.id)).toMatchObject({ state: 'done', changed: 3 })
  const undo = await t.client.call('POST', `/v1/operations/${asked.body.id}/undo`)
  expect(await ended(undo.body.id)).toMatchObject({ state: 'done', changed: 3 })
  expect(await stored('essay')).toEqual(before)
})
