import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { expectProblem } from '../kit/http-server.ts'
import { eventually } from '../kit/poll.ts'
import { seed } from '../kit/seed.ts'

let t: TestApp
beforeAll(async () => {
  t = await startTestApp()
})
afterAll(() => t.end())

const call = (method: string, path: string, body?: unknown) => t.client.call(method, path, body)
const audit = async (query: string) => (await call('GET', `/v1/audit?${query}`)).body
/** The newest thing that was done to it. */
const lastOf = async (subject: string) => (await audit(`subject=${subject}&limit=1`)).items[0]
const LATER = { delay: '1d' }
const create = (more: object = {}) => t.client.create({ message: 'Hello', sendAt: LATER, ...more })
const ANYONE = { kind: 'anonymous', id: null, from: '127.0.0.1' }
const INSTANT = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/u)

describe('a change of a notification is told with who, from where, before and after', () => {
  test('its creation', async () => {
    const id = await create()
    expect(await lastOf(id)).toMatchObject({
      ...{ type: 'notification.created', subject: { kind: 'notification', id }, actor: ANYONE, at: INSTANT },
    })
  })

  test('a patch: what it changed, and nothing else', async () => {
    const id = await create({ tags: ['a'], metadata: { n: 1 } })
    const before = await t.client.get(id)
    await call('PATCH', `/v1/notifications/${id}`, {
      ...{ message: 'Changed', priority: 7, tags: ['b'], sendAt: '2030-01-01T00:00:00Z' },
    })
    const { type, data, actor } = await lastOf(id)
    expect({ type, actor }).toEqual({ type: 'notification.updated', actor: ANYONE })
    const at = '2030-01-01T00:00:00.000Z'
    expect(data).toEqual({
      nextAttemptAt: at,
      before: {
        ...{ message: 'Hello', priority: 0, tags: ['a'], sendAt: LATER },
        ...{ dueAt: before.dueAt, nextAttemptAt: before.nextAttemptAt },
      },
      after: {
        ...{ message: 'Changed', priority: 7, tags: ['b'], sendAt: at.replace('.000', '') },
        ...{ dueAt: at, nextAttemptAt: at },
      },
    })
  })

  test('a long value by its size, a secret one not at all', async () => {
    const id = await t.client.create({
      ...{ channel: 'webhook', to: 'https://example.com/', sendAt: LATER, message: 'x'.repeat(3000) },
      headers: { authorization: 'Bearer old-secret' },
    })
    await call('PATCH', `/v1/notifications/${id}`, {
      ...{ message: 'short', headers: { authorization: 'Bearer new-secret' } },
    })
    const { data } = await lastOf(id)
    expect(data.before).toEqual({ message: { bytes: 3002 }, headers: 'hidden' })
    expect(data.after).toEqual({ message: 'short', headers: 'hidden' })
  })

  test('a rewrite by a duplicate', async () => {
    const id = await create({ dedupeKey: 'audit', priority: 1 })
    await call('POST', '/v1/notifications', {
      ...{ message: 'Other', sendAt: LATER, dedupeKey: 'audit', onDuplicate: 'replace' },
    })
    const { data } = await lastOf(id)
    expect(data.before).toMatchObject({ message: 'Hello', priority: 1 })
    expect(data.after).toMatchObject({ message: 'Other', priority: 0 })
  })

  test('cancel, retry, resolve and send-now: the state', async () => {
    const id = await create()
    const states = async () => {
      const { type, data } = await lastOf(id)
      return { type, before: data.before, after: data.after }
    }
    await call('POST', `/v1/notifications/${id}/cancel`)
    expect(await states()).toEqual({
      ...{ type: 'notification.canceled', before: { state: 'scheduled' }, after: { state: 'canceled' } },
    })
    await call('POST', `/v1/notifications/${id}/retry`, { sendAt: LATER })
    expect(await states()).toEqual({
      type: 'notification.updated',
      before: { state: 'canceled', reason: 'request' },
      after: { state: 'scheduled' },
    })
    await call('POST', `/v1/notifications/${id}/resolve`, { outcome: 'failed', note: 'by hand' })
    expect((await lastOf(id)).data).toEqual({
      ...{ reason: 'operator', note: 'by hand', before: { state: 'scheduled' }, after: { state: 'failed' } },
    })
    await call('POST', `/v1/notifications/${id}/retry`, { sendAt: LATER })
    await call('POST', `/v1/notifications/${id}/send-now`)
    const { items } = await audit(`subject=${id}&type=notification.updated&limit=1`)
    expect(items[0].data).toEqual({
      nextAttemptAt: INSTANT,
      before: { sendAt: LATER, dueAt: INSTANT, nextAttemptAt: INSTANT },
      after: { sendAt: null, dueAt: INSTANT, nextAttemptAt: INSTANT },
    })
  })
})

test(
  'what a bulk change did is told of each item, and of the operation that did it',
  { timeout: 60_000 },
  async () => {
    await seed(t.database, { count: 1500, groupKey: 'many' })
    await seed(t.database, { count: 3, groupKey: 'few' })
    const canceled = {
      ...{ type: 'notification.canceled', actor: ANYONE },
      data: { reason: 'group', before: { state: 'scheduled' }, after: { state: 'canceled' } },
    }
    await call('POST', '/v1/notifications/cancel', { filter: { groupKey: 'few' } })
    const few = await audit('type=notification.canceled&limit=3')
    expect(few.items).toEqual(Array.from({ length: 3 }, () => expect.objectContaining(canceled)))
    await call('POST', '/v1/notifications/retry', { filter: { groupKey: 'few' }, sendAt: LATER })
    expect((await audit('type=notification.updated&limit=1')).items[0].data).toEqual({
      ...{ retried: true, nextAttemptAt: INSTANT },
      ...{ before: { state: 'canceled', reason: 'group' }, after: { state: 'scheduled' } },
    })
    await call('POST', '/v1/notifications/resolve', { filter: { groupKey: 'few' }, outcome: 'delivered' })
    expect((await audit('type=notification.delivered&limit=1')).items[0].data).toEqual({
      ...{ reason: 'operator', before: { state: 'scheduled' }, after: { state: 'delivered' } },
    })

    const { body: operation } = await call('POST', '/v1/notifications/cancel', {
      filter: { groupKey: 'many' },
    })
    const ended = (id: string) =>
      eventually(
        'its end',
        async () => {
          const { body } = await call('GET', `/v1/operations/${id}`)
          return body.state === 'done' && body
        },
        30_000,
      )
    await ended(operation.id)
    const { body: undo } = await call('POST', `/v1/operations/${operation.id}/undo`)
    await ended(undo.id)
    const undone = (await audit('type=notification.updated&limit=1')).items[0]
    expect(undone.data).toMatchObject({
      ...{ undone: operation.id, state: 'scheduled', nextAttemptAt: INSTANT },
      ...{ before: { state: 'canceled' }, after: { state: 'scheduled' } },
    })
    const told = (await audit(`kind=operation&subject=${operation.id}&sort=at`)).items
    expect(told.map((item: { type: string }) => item.type)).toEqual(['operation.started', 'operation.undone'])
    expect(told[0]).toMatchObject({
      ...{ actor: ANYONE, subject: { kind: 'operation', id: operation.id } },
      data: { subject: 'notifications', kind: 'cancel', filter: { groupKey: 'many' } },
    })
    expect(told[1].data).toEqual({ by: undo.id })
    // Its end was nobody's doing: it is in the feed alone.
    const { items } = await eventually('its end in the feed', async () => {
      const { body } = await call(
        'GET',
        `/v1/events?subject=operation:${operation.id}&type=operation.finished`,
      )
      return body.items.length > 0 && body
    })
    expect(items[0]).toMatchObject({
      ...{ actor: { kind: 'system', id: null }, data: { matched: 1500, changed: 1500, tooLate: 0 } },
    })
  },
)

test('an operation that is ended early is told, once', async () => {
  await seed(t.database, { count: 20, groupKey: 'slow' })
  const { body } = await call('POST', '/v1/notifications/cancel', {
    ...{ filter: { groupKey: 'slow' }, ratePerSecond: 0.1 },
  })
  await call('POST', `/v1/operations/${body.id}/abort`)
  await call('POST', `/v1/operations/${body.id}/abort`)
  const { items } = await audit(`subject=${body.id}&type=operation.aborted`)
  expect(items).toEqual([expect.objectContaining({ actor: ANYONE })])
})

test('pausing and resuming a queue is told where it changed something', async () => {
  for (const action of ['resume', 'pause', 'pause', 'resume', 'resume'])
    await call('POST', `/v1/queues/probe/${action}`)
  const { items } = await audit('subject=queue:probe&sort=at')
  const [active, paused] = [{ state: 'active' }, { state: 'paused' }]
  expect(items.map(({ type, data }: { type: string; data: object }) => [type, data])).toEqual([
    ['queue.paused', { before: active, after: paused }],
    ['queue.resumed', { before: paused, after: active }],
  ])
})

describe('the trail', () => {
  test('is read page by page, newest first or oldest first, each item once', async () => {
    const walk = async (sort: string) => {
      const ids: string[] = []
      let cursor = ''
      do {
        const page = await audit(`limit=7&kind=queue,operation&sort=${sort}${cursor}`)
        ids.push(...page.items.map((item: { id: string }) => item.id))
        cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`
      } while (cursor !== '')
      return ids
    }
    const falling = await walk('-at')
    expect(falling.length).toBeGreaterThan(5)
    expect(new Set(falling).size).toBe(falling.length)
    expect(await walk('at')).toEqual(falling.toReversed())
  })

  test('is filtered by who did it, and when', async () => {
    await t.database.query(`insert into yeyak.events (project_id, kind, subject_id, type, actor, at) values
      (1, 'key', 'k', 'queue.paused', '{"kind":"user","id":"u1","from":"::1"}', '2026-01-05T00:00:00Z'),
      (1, 'key', 'k', 'queue.paused', '{"kind":"key","id":"k1"}', '2026-01-06T00:00:00Z'),
      (2, 'key', 'k', 'queue.paused', '{"kind":"key","id":"k1"}', '2026-01-06T00:00:00Z'),
      (1, 'key', 'k', 'queue.paused', null, '2026-01-06T00:00:00Z')`)
    const actors = async (query: string) =>
      (await audit(query)).items.map((item: { actor: { id: string } }) => item.actor.id)
    expect(await actors('actor=user')).toEqual(['u1'])
    expect(await actors('actor=key:k1')).toEqual(['k1'])
    expect(await actors('actor=u1')).toEqual(['u1'])
    expect(await actors('actor=key:u1')).toEqual([])
    expect(await actors('from=2026-01-05T00:00:00Z&to=2026-01-06T00:00:00Z')).toEqual(['u1'])
    expect(await actors('from=2026-01-05T00:00:01Z&to=2026-02-01T00:00:00Z')).toEqual(['k1'])
    expect((await audit('actor=user')).items[0].actor).toEqual({ kind: 'user', id: 'u1', from: '::1' })
    // Where from is nobody else's business.
    const { body } = await call('GET', '/v1/events?subject=k&limit=1')
    expect(body.items[0].actor).not.toHaveProperty('from')
  })

  test.each([
    ['type=notification.created', 'type'],
    ['kind=nothing', 'kind'],
    ['from=yesterday', 'from'],
    ['who=me', 'who'],
  ])('%s is refused', async (query, path) => {
    const reply = await call('GET', `/v1/audit?${query}`)
    expectProblem({ ...reply, json: reply.body }, 'invalid-parameter')
    expect(reply.body.errors[0].path).toBe(path)
  })

  test('is read by its index, however many creates and deliveries there are', async () => {
    await seed(t.database, { count: 20_000 })
    await t.database.query(
      `update yeyak.events set actor = '{"kind":"anonymous"}' where type = 'notification.created'`,
    )
    await t.database.query('analyze yeyak.events')
    const rows = await t.database.query<{ 'QUERY PLAN': string }>(
      `explain (analyze, costs off) select * from (
         select s.*, row_number() over () as number from (
           select * from yeyak.events where project_id = 1 and actor is not null and type <> 'notification.created'
           order by at desc, xid desc, id desc limit 10000) s) n where true or number = 10000 limit 51`,
    )
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
    expect(plan).toContain('Index Scan Backward')
    expect(plan).not.toMatch(/Seq Scan on events_\d/u)
  })
})
