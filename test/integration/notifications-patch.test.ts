import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { expectProblem } from '../kit/http-server.ts'
import { type Receiver, startReceiver } from '../kit/receiver.ts'

let t: TestApp
let receiver: Receiver
beforeAll(async () => {
  ;[t, receiver] = await Promise.all([startTestApp(), startReceiver()])
})
afterAll(async () => {
  await t.end()
  await receiver.stop()
})

const HOUR = { delay: '1h' }
const created = async (more: object = {}) =>
  (await t.client.call('POST', '/v1/notifications', { message: 'x', sendAt: HOUR, ...more })).body
const patch = (id: string, body: unknown, headers?: Record<string, string>) =>
  t.client.call('PATCH', `/v1/notifications/${id}`, body, headers)
const msBetween = (a: string, b: string) => Date.parse(b) - Date.parse(a)
const refuses = async (
  code: Parameters<typeof expectProblem>[1],
  id: string,
  body: unknown,
  headers?: Record<string, string>,
) => {
  const reply = await patch(id, body, headers)
  expectProblem({ ...reply, json: reply.body }, code)
  return reply.body
}

test('a patch changes what it names and leaves all else as it is', async () => {
  const before = await created({
    ...{ priority: 5, groupKey: 'g', tags: ['a'], metadata: { a: 1, b: { c: 2, d: 3 } } },
    retry: { limit: 9, delaySeconds: 7 },
    ...{ onUnknown: 'stop', timeoutSeconds: 30, expiresAt: { delay: '1h' } },
  })
  const reply = await patch(before.id, {
    message: 'new',
    retry: { delaySeconds: 8 },
    metadata: { b: { c: null, e: 4 }, f: [null] },
  })
  expect(reply.status).toBe(200)
  expect(reply.headers.get('etag')).toBe('"2"')
  const { updatedAt, ...after } = reply.body
  const { updatedAt: _, ...expected } = before
  expect(after).toEqual({
    ...expected,
    message: 'new',
    retry: { ...before.retry, delaySeconds: 8 },
    metadata: { a: 1, b: { d: 3, e: 4 }, f: [null] },
    version: 2,
  })
  expect(msBetween(before.updatedAt, updatedAt)).toBeGreaterThanOrEqual(0)
  expect(await t.client.get(before.id)).toEqual(reply.body)
})

test('null clears: each member goes back to what a create without it has', async () => {
  const { id } = await created({
    ...{ priority: 5, groupKey: 'g', tags: ['a'], metadata: { a: 1 }, retry: { limit: 9, delaySeconds: 7 } },
    ...{ onUnknown: 'stop', timeoutSeconds: 30, expiresAt: { delay: '1h' } },
  })
  expect((await patch(id, { retry: { limit: null } })).body.retry).toMatchObject({
    limit: 3,
    delaySeconds: 7,
  })
  const cleared = await patch(id, {
    ...{ priority: null, groupKey: null, tags: null, metadata: null, retry: null },
    ...{ onUnknown: null, timeoutSeconds: null, expiresAt: null },
  })
  const { body: plain } = await t.client.call('POST', '/v1/notifications', { message: 'x', sendAt: HOUR })
  for (const member of ['priority', 'groupKey', 'tags', 'metadata', 'retry', 'onUnknown', 'timeoutSeconds'])
    expect(cleared.body[member]).toEqual(plain[member])
  expect(cleared.body.expiresAt).toBeNull()
})

test('sendAt that is cleared is now, as in a create without it', async () => {
  const { id } = await created()
  const { body } = await patch(id, { sendAt: null })
  expect(body.sendAt).toBeNull()
  expect((await t.client.inState(id, 'delivered')).lateMs).toBeLessThan(1000)
})

test('what is required cannot be cleared, nor channel, to or keys be changed', async () => {
  const { id } = await created()
  expect((await refuses('invalid-request', id, { message: null })).errors).toMatchObject([
    { path: 'message' },
  ])
  for (const [member, value] of [
    ['channel', 'probe'],
    ['to', 'x'],
    ['dedupeKey', 'k'],
    ['id', 'x'],
  ])
    expect((await refuses('invalid-request', id, { [String(member)]: value })).errors[0].path).toBe(member)
  expect((await refuses('invalid-request', id, { mesage: 'x' })).errors).toMatchObject([
    { path: 'mesage', suggestion: 'message' },
  ])
  await refuses('invalid-request', id, { metadata: { a: 'x'.repeat(16_384) } })
  await refuses('invalid-request', id, '[]')
  await refuses('invalid-request', id, '{"message":"a\\u0000"}')
  expect((await t.client.get(id)).version).toBe(1)
})

test('limits hold for the whole that a patch comes to', async () => {
  const { id } = await created({ metadata: { a: 'x'.repeat(16_000) } })
  await refuses('invalid-request', id, { metadata: { b: 'x'.repeat(1000) } })
  expect((await patch(id, { metadata: { a: null, b: 'x'.repeat(1000) } })).status).toBe(200)
})

test('a merge patch may come under its own media type, and under no other', async () => {
  const { id } = await created()
  const type = (value: string) => ({ 'content-type': value })
  expect((await patch(id, { tags: ['m'] }, type('application/merge-patch+json'))).status).toBe(200)
  await refuses('unsupported-media-type', id, '[]', type('application/json-patch+json'))
})

test('a new time moves the notification: earlier starts at once, later waits', async () => {
  const { id, dueAt } = await created()
  const later = (await patch(id, { sendAt: { delay: '2h' } })).body
  expect(msBetween(dueAt, later.dueAt)).toBeGreaterThan(3_500_000)
  expect(later).toMatchObject({ state: 'scheduled', sendAt: { delay: '2h' }, nextAttemptAt: later.dueAt })
  await patch(id, { sendAt: { delay: 0.2 } })
  const done = await t.client.inState(id, 'delivered')
  expect(done.lateMs).toBeGreaterThanOrEqual(0)
  expect(done.lateMs).toBeLessThan(1000)
})

test('expiresAt is held against the due instant as it then stands', async () => {
  const { id, dueAt } = await created({ expiresAt: { delay: '1h' } })
  await refuses('expires-before-due', id, { sendAt: { delay: '3h' } })
  await refuses('expires-before-due', id, { expiresAt: dueAt })
  const both = (await patch(id, { sendAt: { delay: '3h' }, expiresAt: { delay: '1m' } })).body
  expect(msBetween(both.dueAt, both.expiresAt)).toBe(60_000)
  await refuses('time-in-past', id, { sendAt: '2020-01-01T00:00:00Z' })
  await refuses('ambiguous-time', id, { sendAt: '2035-01-01T00:00:00' })
})

test('what is retrying keeps its dueAt: only the next attempt moves', async () => {
  receiver.behave(({ attempt }) => (attempt === 1 ? { kind: 'fail' } : { kind: 'deliver' }))
  const { id, dueAt } = await created({
    ...{ channel: 'probe', to: receiver.url, sendAt: null, retry: { delaySeconds: 3600 } },
  })
  await t.client.inState(id, 'retrying')
  const moved = (await patch(id, { sendAt: { delay: '3h' } })).body
  expect(moved).toMatchObject({ state: 'retrying', dueAt })
  expect(msBetween(dueAt, moved.nextAttemptAt)).toBeGreaterThan(10_000_000)
  await patch(id, { sendAt: { delay: 0 } })
  expect((await t.client.inState(id, 'delivered')).attemptCount).toBe(2)
})

test('what will expire before its next attempt can still be patched', async () => {
  receiver.behave(({ attempt }) => (attempt === 1 ? { kind: 'fail' } : { kind: 'deliver' }))
  const { id } = await created({
    ...{ channel: 'probe', to: receiver.url, sendAt: null, retry: { delaySeconds: 3600 } },
    expiresAt: { delay: '30m' },
  })
  const { nextAttemptAt, expiresAt } = await t.client.inState(id, 'retrying')
  expect(nextAttemptAt).toBe(expiresAt)
  expect((await patch(id, { tags: ['seen'] })).status).toBe(200)
  expect((await patch(id, { expiresAt: null, sendAt: { delay: 0 } })).status).toBe(200)
  expect((await t.client.inState(id, 'delivered')).attemptCount).toBe(2)
})

test.each(['"1"', '1', '*'])('If-Match %s matches version 1', async (ifMatch) => {
  const { id } = await created()
  expect((await patch(id, { tags: ['m'] }, { 'if-match': ifMatch })).body.version).toBe(2)
})

test('a stale If-Match is refused by every change, with both versions, and changes nothing', async () => {
  const { id } = await created()
  await patch(id, { tags: ['m'] })
  const calls: [string, string, unknown?][] = [
    ['PATCH', '', { tags: ['n'] }],
    ['POST', '/send-now'],
    ['POST', '/retry'],
    ['POST', '/resolve', { outcome: 'failed' }],
    ['POST', '/cancel'],
  ]
  for (const [method, suffix, body] of calls) {
    const reply = await t.client.call(method, `/v1/notifications/${id}${suffix}`, body, { 'if-match': '"1"' })
    expect(reply.body.code, suffix).toBe('version-conflict')
    expect(reply.status).toBe(412)
    expect(reply.body).toMatchObject({ expected: 1, actual: 2 })
  }
  expect(await t.client.get(id)).toMatchObject({ state: 'scheduled', version: 2, tags: ['m'] })
  await refuses('invalid-parameter', id, { tags: [] }, { 'if-match': 'W/"2"' })
})

test('If-None-Match spares the answer while the version is the same', async () => {
  const { id } = await created()
  const get = (tag: string) =>
    t.client.call('GET', `/v1/notifications/${id}`, undefined, { 'if-none-match': tag })
  const same = await get('"1"')
  expect([same.status, same.text, same.headers.get('etag')]).toEqual([304, '', '"1"'])
  await patch(id, { tags: ['m'] })
  expect([(await get('"1"')).status, (await get('W/"2"')).status]).toEqual([200, 304])
})

test('of many patches at once each is whole: none is lost, and the version counts them', async () => {
  const { id } = await created()
  const keys = Array.from({ length: 6 }, (_, i) => `k${i}`)
  const replies = await Promise.all(keys.map((key) => patch(id, { metadata: { [key]: key } })))
  expect(replies.map((reply) => reply.status)).toEqual(keys.map(() => 200))
  const { metadata, version } = await t.client.get(id)
  expect(metadata).toEqual(Object.fromEntries(keys.map((key) => [key, key])))
  expect(version).toBe(1 + keys.length)
})
