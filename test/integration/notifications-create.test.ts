import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { expectProblem } from '../kit/http-server.ts'

let t: TestApp
beforeAll(async () => {
  t = await startTestApp()
})
afterAll(() => t.end())

type Body = Record<string, unknown>
const HOUR_MS = 3_600_000
const post = (body: unknown, headers?: Record<string, string>) =>
  t.client.call('POST', '/v1/notifications', body, headers)
const refusal = async (code: Parameters<typeof expectProblem>[1], body: unknown) => {
  const reply = await post(body)
  expectProblem({ ...reply, json: reply.body }, code)
  return reply.body
}
/** The one fault of a refused body. */
const fault = async (code: Parameters<typeof expectProblem>[1], body: Body) => {
  const { errors } = await refusal(code, { message: 'x', ...body })
  expect(errors).toHaveLength(1)
  return errors[0]
}
const later = { sendAt: { delay: '1h' } }

test('a create answers 201 with its Location, its version and every member with its default', async () => {
  const reply = await post({ message: 'Hello', sendAt: { delay: 'PT1H' } })
  expect(reply.status).toBe(201)
  const { id, createdAt, dueAt } = reply.body
  expect(reply.headers.get('location')).toBe(`/v1/notifications/${id}`)
  expect(reply.headers.get('etag')).toBe('"1"')
  expect(reply.body).toEqual({
    ...{ id, state: 'scheduled', reason: null, channel: 'log', to: null, message: 'Hello' },
    ...{ sendAt: { delay: 'PT1H' }, dueAt, expiresAt: null, nextAttemptAt: dueAt, priority: 0 },
    ...{ dedupeKey: null, groupKey: null, scheduleId: null, onUnknown: 'retry', timeoutSeconds: 15 },
    retry: { limit: 3, delaySeconds: 60, backoff: 'exponential', maxDelaySeconds: 3600 },
    ...{ tags: [], metadata: {}, attemptCount: 0, attempts: [], lateMs: null, version: 1 },
    ...{ createdAt, updatedAt: createdAt, finishedAt: null },
  })
  for (const instant of [createdAt, dueAt])
    expect(instant).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  expect(Math.abs(Date.parse(dueAt) - Date.parse(createdAt) - HOUR_MS)).toBeLessThan(50)
  expect((await t.client.call('GET', `/v1/notifications/${id}`)).body).toEqual(reply.body)
})

test('what is given is stored as it is given', async () => {
  const given = {
    ...{ channel: 'probe', to: 'http://127.0.0.1:9/', message: ' 안녕 🎉\n"x" \\ ' },
    ...{ priority: -100, groupKey: '그룹', onUnknown: 'stop', timeoutSeconds: 1.5 },
    retry: { limit: 0, delaySeconds: 0.25, backoff: 'fixed', maxDelaySeconds: 1 },
    tags: ['a', 'b', 'a'],
    metadata: { n: null, deep: [{ '': 1.5 }], big: 9007199254740991 },
    ...later,
  }
  const id = await t.client.create(given)
  expect(await t.client.get(id)).toMatchObject(given)
})

test('parts of a retry policy leave the other parts at their defaults, and null is left out', async () => {
  const id = await t.client.create({
    ...{ channel: null, message: 'm', expiresAt: null, groupKey: null, tags: null, metadata: null },
    ...{ retry: { limit: 7 }, ...later },
  })
  expect(await t.client.get(id)).toMatchObject({
    retry: { limit: 7, delaySeconds: 60, backoff: 'exponential', maxDelaySeconds: 3600 },
    ...{ channel: 'log', expiresAt: null, tags: [], metadata: {} },
  })
})

test.each([
  [{ delay: 3600 }, HOUR_MS],
  [{ delay: 3600.0001 }, HOUR_MS + 1],
  [{ delay: '1h' }, HOUR_MS],
  [{ delay: '1w' }, 7 * 24 * HOUR_MS],
  [{ delay: 'P1DT1H' }, 25 * HOUR_MS],
])('sendAt %j counts from the moment the request is taken up', async (sendAt, ms) => {
  // Test and database share a clock; the one of the process is read to the millisecond.
  const fromMs = Date.now()
  const { body } = await post({ message: 'x', sendAt })
  expect(body.sendAt).toEqual(sendAt)
  expect(Date.parse(body.dueAt)).toBeGreaterThanOrEqual(fromMs + ms)
  expect(Date.parse(body.dueAt)).toBeLessThanOrEqual(Date.now() + ms + 50)
})

test.each([
  ['2035-03-01T09:00:00+09:00', '2035-03-01T00:00:00.000Z'],
  ['2035-03-01T09:00:00.0000001Z', '2035-03-01T09:00:00.001Z'],
  [{ local: '2035-03-01T09:00', timeZone: 'Asia/Seoul' }, '2035-03-01T00:00:00.000Z'],
  [
    { local: '2035-11-04T01:30', timeZone: 'America/New_York', disambiguation: 'later' },
    '2035-11-04T06:30:00.000Z',
  ],
])('sendAt %j is due at %s', async (sendAt, dueAt) => {
  const { body, status } = await post({ message: 'x', sendAt })
  expect(status).toBe(201)
  expect(body).toMatchObject({ sendAt, dueAt })
})

test.each([
  ['10s', 'invalid-request', '{"delay":"10s"}'],
  [10, 'invalid-request', '{"delay":10}'],
  ['2035-03-01T09:00:00', 'ambiguous-time', undefined],
  ['2035-02-30T09:00:00Z', 'invalid-request', undefined],
  [{ delay: 'P1M' }, 'invalid-request', undefined],
  [{ delay: -1 }, 'invalid-request', undefined],
  [{ delay: '1h', local: '2035-03-01T09:00' }, 'invalid-request', undefined],
  [{ local: '2035-03-01T09:00', timeZone: 'KST' }, 'unknown-time-zone', 'Asia/Seoul'],
  [true, 'invalid-request', undefined],
] as const)('sendAt %j is refused with %s', async (sendAt, code, suggestion) => {
  const found = await fault(code, { sendAt })
  expect(found.path).toMatch(/^sendAt/)
  if (suggestion !== undefined) expect(found.suggestion).toContain(suggestion)
})

test('a local time in an overlap names both instants', async () => {
  const body = await refusal('ambiguous-local-time', {
    message: 'x',
    sendAt: { local: '2035-11-04T01:30', timeZone: 'America/New_York' },
  })
  expect(body.candidates).toEqual(['2035-11-04T05:30:00.000Z', '2035-11-04T06:30:00.000Z'])
})

test('up to a minute in the past is now; further past is refused with both clocks', async () => {
  const now = Date.now()
  const near = await post({ message: 'x', sendAt: new Date(now - 55_000).toISOString() })
  expect(near.status).toBe(201)
  expect(Math.abs(Date.parse(near.body.dueAt) - Date.parse(near.body.createdAt))).toBeLessThan(50)
  expect((await t.client.inState(near.body.id, 'delivered')).lateMs).toBeLessThan(1000)
  const past = new Date(now - 65_000).toISOString()
  const found = await fault('time-in-past', { sendAt: past })
  expect(found.message).toContain(past)
  expect(found.suggestion).toBe('{"delay":0}')
})

test('ten years ahead are taken, and not a day more', async () => {
  const at = (years: number, days: number) => {
    const date = new Date()
    date.setUTCFullYear(date.getUTCFullYear() + years)
    return new Date(date.getTime() + days * 24 * HOUR_MS).toISOString()
  }
  expect((await post({ message: 'x', sendAt: at(10, -1) })).status).toBe(201)
  await fault('time-too-far', { sendAt: at(10, 1) })
  await fault('time-too-far', { sendAt: { delay: '530w' } })
  await fault('time-too-far', { sendAt: { delay: 1e15 } })
  // Five years: far beyond what a timer of the process can hold.
  expect((await post({ message: 'x', sendAt: { delay: '260w' } })).body.state).toBe('scheduled')
})

test('expiresAt counts from dueAt where it is a delay, and must be after it', async () => {
  const { body } = await post({ message: 'x', ...later, expiresAt: { delay: '10m' } })
  expect(Date.parse(body.expiresAt) - Date.parse(body.dueAt)).toBe(600_000)
  for (const expiresAt of [{ delay: 0 }, new Date().toISOString(), body.createdAt])
    expect(await fault('expires-before-due', { ...later, expiresAt })).toMatchObject({ path: 'expiresAt' })
  await fault('expires-before-due', { sendAt: body.dueAt, expiresAt: body.dueAt })
  await fault('invalid-request', { ...later, expiresAt: '5m' })
})

test.each([
  [{ mesage: 'x' }, 'mesage', 'message'],
  [{ sendat: 'x' }, 'sendat', 'sendAt'],
  [{ grupKey: 'x' }, 'grupKey', 'groupKey'],
  [{ channel: 'lgo' }, 'channel', 'log'],
  [{ retry: { delaySecond: 1 } }, 'retry.delaySecond', 'delaySeconds'],
  [{ retry: { backoff: 'exponentiel' } }, 'retry.backoff', 'exponential'],
  [{ onUnknown: 'stopp' }, 'onUnknown', 'stop'],
])('the unknown in %j is named, with the right name', async (more, path, suggestion) => {
  expect(await fault('invalid-request', more)).toMatchObject({ path, suggestion })
})

test.each([
  [{ priority: 101 }, 'priority'],
  [{ priority: 0.5 }, 'priority'],
  [{ priority: '5' }, 'priority'],
  [{ groupKey: '' }, 'groupKey'],
  [{ groupKey: 'k'.repeat(256) }, 'groupKey'],
  [{ retry: { limit: 101 } }, 'retry.limit'],
  [{ retry: { limit: -1 } }, 'retry.limit'],
  [{ retry: { delaySeconds: -1 } }, 'retry.delaySeconds'],
  [{ timeoutSeconds: 0.5 }, 'timeoutSeconds'],
  [{ timeoutSeconds: 601 }, 'timeoutSeconds'],
  [{ tags: Array.from({ length: 21 }, (_, i) => `t${i}`) }, 'tags'],
  [{ tags: ['t'.repeat(65)] }, 'tags[0]'],
  [{ tags: [''] }, 'tags[0]'],
  [{ tags: 'a' }, 'tags'],
  [{ metadata: [] }, 'metadata'],
  [{ metadata: { a: 'x'.repeat(16_384) } }, 'metadata'],
  [{ message: '' }, 'message'],
  [{ message: 7 }, 'message'],
  [{ message: 'x'.repeat(262_145) }, 'message'],
  [{ message: '가'.repeat(87_382) }, 'message'],
  [{ to: 'someone' }, 'to'],
  [{ id: 'x' }, 'id'],
  [{ state: 'delivered' }, 'state'],
])('over a limit, or of another type, is refused at its place: case %#', async (more: Body, path) => {
  expect(await fault('invalid-request', more)).toMatchObject({ path })
})

test('the very limits are taken', async () => {
  const body = {
    ...{ priority: 100, groupKey: '그'.repeat(255), timeoutSeconds: 600, message: 'x'.repeat(262_144) },
    retry: { limit: 100, delaySeconds: 86_400, maxDelaySeconds: 604_800 },
    tags: Array.from({ length: 20 }, (_, i) => `${i}`.padStart(64, '가')),
    metadata: { a: 'x'.repeat(16_384 - '{"a":""}'.length) },
    ...later,
  }
  const id = await t.client.create(body)
  expect(await t.client.get(id)).toMatchObject(body)
})

test.each([
  ['a NUL in the message', '{"message":"a\\u0000b"}', 'message'],
  ['half a pair in a tag', '{"message":"x","tags":["ok","\\ud83d"]}', 'tags[1]'],
  ['a NUL in a key of the metadata', '{"message":"x","metadata":{"a\\u0000":1}}', 'metadata'],
  [
    'bottomless metadata',
    `{"message":"x","metadata":{"a":${'['.repeat(5000)}${']'.repeat(5000)}}}`,
    'metadata',
  ],
])('%s is refused at the door', async (_, body, path) => {
  const { errors } = await refusal('invalid-request', body)
  expect(errors[0].path.startsWith(path)).toBe(true)
})

test('what must be there is named for the channel at hand, with all other faults', async () => {
  const { errors } = await refusal('invalid-request', { channel: 'probe', sendAt: { delay: 1 } })
  expect(errors.map((e: { path: string }) => e.path)).toEqual(['message', 'to'])
  expect((await refusal('invalid-request', {})).errors).toMatchObject([
    { path: 'message', message: 'is required on channel log' },
  ])
})

test('a refusal is told in Korean where that is asked for', async () => {
  const reply = await post({ message: 'x', sendAt: '10s' }, { 'accept-language': 'ko' })
  expectProblem({ ...reply, json: reply.body }, 'invalid-request', 'ko')
  expect(reply.body.errors[0].message).toMatch(/[가-힣]/)
})

test('a time is explained, and nothing is changed by that', async () => {
  const resolve = (at: unknown, headers?: Record<string, string>) =>
    t.client.call('POST', '/v1/time/resolve', { at }, headers)
  const overlap = { local: '2035-11-04T01:30', timeZone: 'America/New_York', disambiguation: 'earlier' }
  const english = await resolve(overlap)
  expect(english.status).toBe(200)
  expect(english.body).toMatchObject({
    instant: '2035-11-04T05:30:00.000Z',
    timeZone: 'America/New_York',
    local: '2035-11-04T01:30:00.000',
  })
  const korean = await resolve(overlap, { 'accept-language': 'ko' })
  expect(korean.headers.get('content-language')).toBe('ko')
  expect(korean.body.notes).toHaveLength(english.body.notes.length)
  expect(korean.body.notes.join()).toMatch(/[가-힣]/)
  const refused = await resolve('10s')
  expectProblem({ ...refused, json: refused.body }, 'invalid-request')
})

test('an id that does not exist, or is none, is the same 404 everywhere', async () => {
  for (const id of ['0199f0a0-0000-7000-8000-000000000000', 'x', '%20', '1%2F2', '%00', "'--"]) {
    const calls: [string, string, unknown?][] = [
      ['GET', ''],
      ['GET', '/timeline'],
      ['PATCH', '', { message: 'x' }],
      ['POST', '/cancel'],
      ['POST', '/send-now'],
      ['POST', '/retry'],
      ['POST', '/resolve', { outcome: 'failed' }],
    ]
    for (const [method, suffix, body] of calls) {
      const reply = await t.client.call(method, `/v1/notifications/${id}${suffix}`, body)
      expect(reply.body?.code, `${method} ${id}${suffix}`).toBe('not-found')
      expect(reply.status).toBe(404)
    }
  }
})

test('HEAD works where GET does', async () => {
  const id = await t.client.create({ message: 'x', ...later })
  const reply = await t.client.call('HEAD', `/v1/notifications/${id}`)
  expect([reply.status, reply.text, reply.headers.get('etag')]).toEqual([200, '', '"1"'])
  expect((await t.client.call('HEAD', '/v1/notifications')).status).toBe(200)
})

test('channels are listed, own ones too, each with the schema of what it takes', async () => {
  const { body } = await t.client.call('GET', '/v1/channels')
  const byName = new Map<string, { to: unknown; schema: Record<string, unknown> }>(
    body.items.map((channel: { name: string }) => [channel.name, channel]),
  )
  expect([...byName.keys()]).toEqual(['log', 'email', 'webhook', 'probe'])
  expect([...byName.values()].map(({ to }) => to)).toEqual([null, 'many', 'one', 'one'])
  expect(byName.get('log')?.schema).toMatchObject({ type: 'object', required: ['message'] })
  expect(byName.get('email')?.schema).toMatchObject({
    required: ['subject'],
    properties: { subject: { type: 'string' } },
    allOf: [{ anyOf: [{ required: ['text'] }, { required: ['message'] }, { required: ['html'] }] }],
  })
})
