import { afterAll, beforeAll, expect, test } from 'vitest'
import { idempotencyOf } from '../../src/http/index.ts'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { hold } from '../kit/session.ts'

let t: TestApp
beforeAll(async () => {
  t = await startTestApp()
})
afterAll(() => t.end())

const HOUR = { sendAt: { delay: '1h' } }
const post = (body: unknown, key: string) =>
  t.client.call('POST', '/v1/notifications', body, { 'idempotency-key': key })
const count = async (message: string) =>
  (
    await t.database.query<{ n: number }>(
      `select count(*)::int as n from yeyak.notifications where content ->> 'message' = $1`,
      [message],
    )
  )[0]?.n

test('100 creates with one key at once make one notification, and have one answer', async () => {
  const body = { message: 'once', ...HOUR }
  const replies = await Promise.all(Array.from({ length: 100 }, () => post(body, 'once-1')))
  expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([201]))
  expect(new Set(replies.map((reply) => reply.body.id)).size).toBe(1)
  expect(new Set(replies.map((reply) => reply.headers.get('location'))).size).toBe(1)
  const first = replies.filter((reply) => reply.headers.get('idempotency-replayed') === null)
  expect(first).toHaveLength(1)
  expect(await count('once')).toBe(1)
})

test('a replay shows the notification as it is now, whatever has become of it', async () => {
  const body = { message: 'now', ...HOUR }
  const first = await post(body, 'now-1')
  await t.client.call('POST', `/v1/notifications/${first.body.id}/cancel`)
  const again = await post(body, 'now-1')
  expect(again.status).toBe(201)
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  expect(again.body).toMatchObject({ id: first.body.id, state: 'canceled', version: 2 })
})

test('bodies are compared as JSON: blanks, the order of members and null for left out make no difference', async () => {
  const first = await post('{"message":"json","sendAt":{"delay":"1h"},"metadata":{"a":1,"b":2}}', 'json-1')
  const again = await post(
    '{ "metadata": {"b":2, "a":1.0}, "sendAt": {"delay":"1h"}, "message": "json", "to": null }',
    'json-1',
  )
  expect(again.body.id).toBe(first.body.id)
})

test('a key with another body is refused, and changes nothing', async () => {
  await post({ message: 'reused', ...HOUR }, 'reused-1')
  const other = await post({ message: 'reused', sendAt: { delay: '2h' } }, 'reused-1')
  expect(other.status).toBe(422)
  expect(other.body.code).toBe('idempotency-key-reused')
  expect(await count('reused')).toBe(1)
})

test('a request that was refused keeps no key', async () => {
  expect((await post({ sendAt: { delay: '1h' } }, 'refused-1')).status).toBe(422)
  expect((await post({ message: 'refused', ...HOUR }, 'refused-1')).status).toBe(201)
})

test('a request that was accepted is replayed even when its time is past by now', async () => {
  const at = new Date(Date.now() + 3_600_000).toISOString()
  const first = await post({ message: 'past', sendAt: at }, 'past-1')
  // As if two hours had gone by: the same body would be refused now.
  const past = new Date(Date.now() - 7_200_000).toISOString()
  await t.database.query(
    `update yeyak.notifications set request_hash = (select request_hash from yeyak.notifications where id = $1),
       idempotency_key = 'create:past-2' where id = $1`,
    [first.body.id],
  )
  const other = await post({ message: 'past', sendAt: past }, 'past-2')
  expect(other.body.code).toBe('idempotency-key-reused')
  const fresh = await post({ message: 'past', sendAt: past }, 'past-3')
  expect(fresh.body.code).toBe('time-in-past')
  expect((await post({ message: 'past', sendAt: at }, 'past-2')).body.id).toBe(first.body.id)
})

test.each([
  ['a blank', 'a b'],
  ['none', ''],
  ['256 characters', 'k'.repeat(256)],
  ['é', 'caf\u00e9'],
])('a key of %s is refused by name', async (_, key) => {
  const reply = await post({ message: 'key', ...HOUR }, key)
  expect(reply.status).toBe(400)
  expect(reply.body).toMatchObject({ code: 'invalid-parameter', errors: [{ path: 'Idempotency-Key' }] })
})

test('a key that somebody’s open transaction holds is answered 409 in time, and its neighbours are not held up', async () => {
  const body = { message: 'held', ...HOUR }
  const held = await hold(
    t.database,
    `insert into yeyak.notifications (id, project_id, channel, lane, content, due_at, next_at, retry_limit,
       retry_delay_seconds, retry_backoff, retry_max_delay_seconds, on_unknown, timeout_seconds, idempotency_key, request_hash)
     values (gen_random_uuid(), 1, 'log', 'notifications.log', '{}', now(), now(), 0, 0, 'fixed', 0, 'retry', 15,
       'create:held-1', '')`,
  )
  const beganMs = performance.now()
  const [refused, ...others] = await Promise.all([
    post(body, 'held-1'),
    ...Array.from({ length: 20 }, (_, i) => post({ message: `free ${i}`, ...HOUR }, `free-${i}`)),
  ])
  expect(refused?.status).toBe(409)
  expect(refused?.body.code).toBe('idempotency-in-progress')
  expect(refused?.headers.get('retry-after')).toBe('1')
  expect(performance.now() - beganMs).toBeLessThan(6_000)
  expect(new Set(others.map((reply) => reply.status))).toEqual(new Set([201]))
  await held.release()
  expect((await post(body, 'held-1')).status).toBe(201)
})

test('the key of a batch makes its items once, and answers with them as they stand', async () => {
  const batch = (key: string, message = 'of a batch') =>
    t.client.call(
      'POST',
      '/v1/notifications/batch',
      { notifications: Array.from({ length: 20 }, (_, i) => ({ message, ...HOUR, tags: [`${i}`] })) },
      { 'idempotency-key': key },
    )
  const replies = await Promise.all(Array.from({ length: 10 }, () => batch('batch-1')))
  expect(replies.map((reply) => reply.status)).toEqual(Array.from({ length: 10 }, () => 201))
  const ids = replies.map((reply) => reply.body.items.map((item: { id: string }) => item.id).join())
  expect(new Set(ids).size).toBe(1)
  expect(await count('of a batch')).toBe(20)
  await t.client.call('POST', `/v1/notifications/${replies[0]?.body.items[3].id}/cancel`)
  const again = await batch('batch-1')
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  expect(again.body.items[3].state).toBe('canceled')
  expect((await batch('batch-1', 'another')).body.code).toBe('idempotency-key-reused')
  // On another route the key is another one.
  expect((await post({ message: 'not of a batch', ...HOUR }, 'batch-1')).status).toBe(201)
})

const postBatch = (notifications: readonly unknown[], key: string, mode = 'all') =>
  t.client.call('POST', '/v1/notifications/batch', { notifications, mode }, { 'idempotency-key': key })

test.for(['ignore', 'replace', 'reject'])(
  'one batch of dedupe keys sent several times at once is made once and replayed: %s',
  async (onDuplicate) => {
    const items = Array.from({ length: 50 }, (_, i) => ({
      ...{ message: `repeated ${onDuplicate}`, dedupeKey: `repeated ${onDuplicate} ${i}`, onDuplicate },
      ...HOUR,
    }))
    const replies = await Promise.all(
      Array.from({ length: 12 }, () => postBatch(items, `repeated-${onDuplicate}`)),
    )
    expect(replies.map((reply) => reply.status)).toEqual(replies.map(() => 201))
    expect(replies.filter((reply) => reply.headers.get('idempotency-replayed') === null)).toHaveLength(1)
    expect(replies.flatMap((reply) => reply.body.items).every((item) => !('deduplicated' in item))).toBe(true)
    const versions = await t.database.query(
      `select distinct generation from yeyak.notifications where content ->> 'message' = $1`,
      [`repeated ${onDuplicate}`],
    )
    expect(versions).toEqual([{ generation: 1 }])
  },
)

test('the key of a batch in mode each with another body makes nothing, however many items it has', async () => {
  const bodies = (message: string, n: number) => Array.from({ length: n }, () => ({ message, ...HOUR }))
  expect((await postBatch(bodies('each first', 2), 'each-1', 'each')).body.created).toBe(2)
  const other = await postBatch(bodies('each other', 5), 'each-1', 'each')
  expect(other.status).toBe(422)
  expect(other.body.code).toBe('idempotency-key-reused')
  expect(await count('each other')).toBe(0)
})

test('a batch in mode each is replayed even where its times are past by now', async () => {
  const items = [{ message: 'each past', sendAt: new Date(Date.now() + 60_000).toISOString() }, {}]
  const first = await postBatch(items, 'each-2', 'each')
  expect(first.body.items.map((item: { status: number }) => item.status)).toEqual([201, 422])
  // The same request, as if it had come two hours ago.
  items[0] = { message: 'each past', sendAt: new Date(Date.now() - 7_200_000).toISOString() }
  const hash = idempotencyOf('each-2', { notifications: items, mode: 'each' })?.hash ?? ''
  await t.database.query(
    `update yeyak.notifications set request_hash = decode($1, 'hex') where content ->> 'message' = 'each past'`,
    [hash],
  )
  const again = await postBatch(items, 'each-2', 'each')
  expect(again.body.items[0]).toMatchObject({ status: 201, id: first.body.items[0].id })
  expect(await count('each past')).toBe(1)
})

test('the OpenAPI document names the headers that a route takes', async () => {
  const { body } = await t.client.call('GET', '/openapi.json')
  const headersOf = (path: string, method: string) =>
    (body.paths[path][method].parameters ?? [])
      .filter((parameter: { in: string }) => parameter.in === 'header')
      .map((parameter: { name: string }) => parameter.name)
  expect(headersOf('/v1/notifications', 'post')).toEqual(['Idempotency-Key'])
  expect(headersOf('/v1/notifications/batch', 'post')).toEqual(['Idempotency-Key'])
  expect(headersOf('/v1/notifications/{id}', 'get')).toEqual(['If-None-Match'])
  expect(headersOf('/v1/notifications/{id}', 'patch')).toEqual(['If-Match'])
  expect(headersOf('/v1/notifications', 'get')).toEqual([])
})
