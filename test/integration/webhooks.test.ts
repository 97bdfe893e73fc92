import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { eventually } from '../kit/poll.ts'
import { createEndpoint, deliveriesOf, ENDPOINT_ENV, verified } from '../kit/webhook-endpoints.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../kit/webhook-receiver.ts'

let app: TestApp
let receiver: WebhookReceiver
beforeAll(async () => {
  receiver = await startWebhookReceiver()
  app = await startTestApp({ env: ENDPOINT_ENV })
})
beforeEach(() => receiver.answer((response) => void response.writeHead(200).end('ok')))
afterAll(async () => {
  await app.end()
  await receiver.stop()
})

/** A path of its own for each test, so that nobody hears of the others. */
const path = () => `/${randomBytes(6).toString('hex')}`
const urlOf = (own: string) => `http://127.0.0.1:${receiver.port}${own}`
const at = (own: string) => receiver.received.filter((one) => one.path === own)
const arrived = (own: string, count: number, timeoutMs?: number) =>
  eventually(`${count} at ${own}`, () => at(own).length >= count && at(own), timeoutMs)
const call = (method: string, url: string, body?: unknown, headers?: Record<string, string>) =>
  app.client.call(method, url, body, headers)

test('an endpoint gets what it subscribes to, signed, and nothing else', async () => {
  const [own, other] = [path(), path()]
  const endpoint = await createEndpoint(app.client, urlOf(own), ['notification.delivered'])
  await createEndpoint(app.client, urlOf(other), ['queue.*'])
  const id = await app.client.create({ message: 'Hello' })
  const [received] = await arrived(own, 1)
  if (received === undefined) throw new Error('nothing was received')
  const event = verified(received, endpoint.secret)
  expect(event).toMatchObject({
    type: 'notification.delivered',
    data: {
      subject: { kind: 'notification', id },
      actor: { kind: 'system', id: null },
      number: 1,
      outcome: 'delivered',
    },
  })
  expect(event.webhookId).toBe(`evt_${event.data.id}`)
  const feed = await call('GET', `/v1/events?subject=${id}&type=notification.delivered`)
  expect(feed.body.items).toMatchObject([{ id: event.data.id, at: event.timestamp }])
  const [delivery, ...more] = await deliveriesOf(
    app.client,
    endpoint.id,
    ([first]) => first?.state === 'delivered',
  )
  expect(more).toEqual([])
  expect(delivery).toMatchObject({
    ...{ eventId: event.data.id, type: 'notification.delivered', state: 'delivered', reason: null },
    ...{ attempts: 1, statusCode: 200, error: null, nextAttemptAt: null },
  })
  expect(at(own)).toHaveLength(1)
  expect(at(other)).toEqual([])
})

test('the actor is named without his address', async () => {
  const own = path()
  const { secret } = await createEndpoint(app.client, urlOf(own), ['notification.created'])
  await app.client.create({ message: 'Hello', sendAt: { delay: '1h' } })
  const [received] = await arrived(own, 1)
  if (received === undefined) throw new Error('nothing was received')
  expect(verified(received, secret).data.actor).toEqual({ kind: 'anonymous', id: null })
  expect(received.body).not.toContain('127.0.0.1')
})

test('the secret is shown once, is stored sealed, and may be one of the caller', async () => {
  const secret = `whsec_${randomBytes(24).toString('base64')}`
  const own = path()
  const made = await call('POST', '/v1/webhooks', {
    ...{ url: urlOf(own), types: ['run.*'], secret, description: 'mine' },
  })
  expect(made.status).toBe(201)
  expect(made.headers.get('location')).toBe(`/v1/webhooks/${made.body.id}`)
  expect(made.body).toMatchObject({ secret, description: 'mine', state: 'active', disabledReason: null })
  const read = await call('GET', `/v1/webhooks/${made.body.id}`)
  const { secret: _shown, ...rest } = made.body
  expect(read.body).toEqual(rest)
  expect((await call('GET', '/v1/webhooks?limit=200')).text).not.toContain('whsec_')
  const [row] = await app.database.query<{ secret: string }>(
    'select secret from yeyak.webhooks where id = $1',
    [made.body.id],
  )
  expect(row?.secret).toMatch(/^yk1\./)
  expect(row?.secret).not.toContain(secret.slice(6))
  for (const wrong of ['whsec_short', secret.slice(6), `whsec_${randomBytes(65).toString('base64')}`]) {
    const reply = await call('POST', '/v1/webhooks', { url: urlOf(own), types: ['run.*'], secret: wrong })
    expect([reply.status, reply.body.errors[0].path]).toEqual([422, 'secret'])
    expect(reply.text).not.toContain(wrong)
  }
})

test.each([
  [['content.*', '*', 'notification.failed'], null],
  [['run.anything'], undefined],
  [['content.publishd'], 'content.published'],
  [['notificaton.*'], 'notification.*'],
  [['notification.delivred'], 'notification.delivered'],
  [['notification'], 'notification.*'],
  [['Content.*'], 'content.*'],
  [['nonsense'], undefined],
])('types are those of events: %j', async (types, suggestion) => {
  const reply = await call('POST', '/v1/webhooks', { url: urlOf(path()), types })
  if (suggestion === null) expect(reply.status).toBe(201)
  else {
    expect([reply.status, reply.body.code]).toEqual([422, 'invalid-request'])
    expect(reply.body.errors[0]).toMatchObject({ path: 'types[0]', ...(suggestion && { suggestion }) })
  }
})

test.each([
  ['http://127.0.0.2/', 'address-not-allowed'],
  ['http://[::1]/', 'address-not-allowed'],
  ['http://169.254.169.254/latest', 'address-not-allowed'],
  ['http://localhost.:80/', null],
  ['ftp://example.com/', 'invalid-request'],
  ['https://user:pw@example.com/', 'invalid-request'],
  ['nonsense', 'invalid-request'],
])('a URL that must not be called is refused when it is saved: %s', async (url, code) => {
  const made = await call('POST', '/v1/webhooks', { url, types: ['run.*'] })
  if (code === null) return expect(made.status).toBe(201)
  expect([made.status, made.body.code, made.body.errors[0].path]).toEqual([422, code, 'url'])
  const { id } = await createEndpoint(app.client, urlOf(path()), ['run.*'])
  const patched = await call('PATCH', `/v1/webhooks/${id}`, { url })
  return expect([patched.status, patched.body.code]).toEqual([422, code])
})

test('a URL that may no longer be called is refused when connecting', async () => {
  const { id } = await createEndpoint(app.client, 'http://webhooks.example/', ['run.*'])
  // As it would be with another setting than the one that it was saved under.
  await app.database.query('update yeyak.webhooks set url = $2 where id = $1', [id, 'http://127.0.0.2/'])
  await call('POST', `/v1/webhooks/${id}/test`)
  const [delivery] = await deliveriesOf(app.client, id, ([first]) => first?.state === 'failed')
  expect(delivery).toMatchObject({ reason: 'rejected', error: { code: 'address-not-allowed' } })
})

test('after a rotation both secrets sign, and once the day is over only the new one', async () => {
  const own = path()
  const endpoint = await createEndpoint(app.client, urlOf(own), ['run.*'])
  const rotated = await call('POST', `/v1/webhooks/${endpoint.id}/rotate`)
  expect(rotated.status).toBe(200)
  expect(rotated.body.secret).not.toBe(endpoint.secret)
  const aheadMs = Date.parse(rotated.body.previousSecretUntil) - Date.now()
  expect(aheadMs / 3_600_000).toBeCloseTo(24, 1)
  await call('POST', `/v1/webhooks/${endpoint.id}/test`)
  const [first] = await arrived(own, 1)
  if (first === undefined) throw new Error('nothing was received')
  for (const secret of [endpoint.secret, rotated.body.secret])
    expect(verified(first, secret).type).toBe('webhook.test')

  await app.database.query(
    `update yeyak.webhooks set previous_until = clock_timestamp() where previous_secret is not null and id = $1`,
    [endpoint.id],
  )
  await call('POST', `/v1/webhooks/${endpoint.id}/test`)
  const [, second] = await arrived(own, 2)
  if (second === undefined) throw new Error('nothing was received')
  expect(verified(second, rotated.body.secret).type).toBe('webhook.test')
  expect(() => verified(second, endpoint.secret)).toThrow('No matching signature')
  expect((await call('GET', `/v1/webhooks/${endpoint.id}`)).body.previousSecretUntil).toBeNull()
})

test('a test goes to the endpoint that is tested, and to no other', async () => {
  const [own, other] = [path(), path()]
  const { id, secret } = await createEndpoint(app.client, urlOf(own), ['run.*'])
  const others = await createEndpoint(app.client, urlOf(other), ['*'])
  const reply = await call('POST', `/v1/webhooks/${id}/test`)
  expect(reply.status).toBe(202)
  expect(reply.body).toMatchObject({ type: 'webhook.test' })
  const [received] = await arrived(own, 1)
  if (received === undefined) throw new Error('nothing was received')
  expect(verified(received, secret)).toMatchObject({
    webhookId: `evt_${reply.body.eventId}`,
    data: { subject: { kind: 'webhook', id } },
  })
  const told = await app.client.create({ message: 'marks the end' })
  await eventually('the mark', () => at(other).some((one) => one.body.includes(told)))
  expect(at(other).filter((one) => one.body.includes('webhook.test'))).toEqual([])
  await call('DELETE', `/v1/webhooks/${others.id}`)
})

test('what does not arrive is tried again after 5 s, under the same webhook-id and with the same bytes', async () => {
  const own = path()
  const { id, secret } = await createEndpoint(app.client, urlOf(own), ['run.*'])
  // Even one who asks to be tried at once is not: ten tries would be over within a second.
  receiver.answer((response) => void response.writeHead(503, { 'retry-after': '0' }).end('no'))
  await call('POST', `/v1/webhooks/${id}/test`)
  const [delivery] = await deliveriesOf(app.client, id, ([first]) => first?.state === 'retrying')
  expect(delivery).toMatchObject({ attempts: 1, statusCode: 503, error: { code: 'http-503' } })
  const waitMs = Date.parse(delivery.nextAttemptAt) - Date.parse(delivery.createdAt)
  expect(waitMs).toBeGreaterThanOrEqual(5_000)
  expect(waitMs).toBeLessThan(7_000)
  const failing = await call('GET', `/v1/webhooks/${id}/deliveries?state=retrying`)
  expect(failing.body.items).toHaveLength(1)
  expect((await call('GET', `/v1/webhooks/${id}`)).body.failingSince).not.toBeNull()
  receiver.answer((response) => void response.writeHead(200).end('ok'))
  const [first, second] = await arrived(own, 2)
  if (first === undefined || second === undefined) throw new Error('nothing was received')
  expect(verified(second, secret)).toEqual(verified(first, secret))
  expect(second.body).toBe(first.body)
  await deliveriesOf(app.client, id, ([one]) => one?.state === 'delivered')
  expect((await call('GET', `/v1/webhooks/${id}`)).body.failingSince).toBeNull()
})

test('410 disables the endpoint, and other endpoints hear of it', async () => {
  const [own, other] = [path(), path()]
  const { id } = await createEndpoint(app.client, urlOf(own), ['notification.created'])
  const watcher = await createEndpoint(app.client, urlOf(other), ['webhook.disabled'])
  receiver.answer((response, one) => void response.writeHead(one.path === own ? 410 : 200).end())
  const [first, second] = ['one', 'two'].map((message) => ({ message, sendAt: { delay: '1h' } }))
  await app.client.create(first ?? {})
  const [told] = await arrived(other, 1)
  if (told === undefined) throw new Error('nothing was received')
  expect(verified(told, watcher.secret)).toMatchObject({
    type: 'webhook.disabled',
    data: { subject: { kind: 'webhook', id }, reason: 'gone', actor: { kind: 'system', id: null } },
  })
  expect((await call('GET', `/v1/webhooks/${id}`)).body).toMatchObject({
    state: 'disabled',
    disabledReason: 'gone',
  })
  await deliveriesOf(app.client, id, ([one]) => one?.state === 'failed')
  await app.client.create(second ?? {})
  const refused = await call('POST', `/v1/webhooks/${id}/test`)
  expect([refused.status, refused.body.errors[0].path]).toEqual([422, 'state'])

  const enabled = await call('PATCH', `/v1/webhooks/${id}`, { state: 'active' })
  expect(enabled.body).toMatchObject({ state: 'active', disabledReason: null, failingSince: null })
  receiver.answer((response) => void response.writeHead(200).end())
  const third = await app.client.create({ message: 'three', sendAt: { delay: '1h' } })
  await eventually('the third', () => at(own).some((one) => one.body.includes(third)))
  // What happened while it was disabled was not for it.
  expect(await deliveriesOf(app.client, id, (items) => items.length > 0)).toHaveLength(2)
})

test('nothing but failures for five days disables an endpoint; a success in between, or a long silence, does not', async () => {
  const own = path()
  const { id } = await createEndpoint(app.client, urlOf(own), ['run.*'])
  receiver.answer((response) => void response.writeHead(500).end())
  const failure = async (count: number) => {
    const { eventId } = (await call('POST', `/v1/webhooks/${id}/test`)).body
    await deliveriesOf(
      app.client,
      id,
      (items) => items.find((one) => one.eventId === eventId)?.state !== 'queued' && at(own).length >= count,
    )
    await deliveriesOf(app.client, id, (items) =>
      items.some((one) => one.eventId === eventId && one.statusCode !== null),
    )
    return (await call('GET', `/v1/webhooks/${id}`)).body
  }
  const pass = (since: string, last: string) =>
    app.database.query(
      `update yeyak.webhooks set failing_since = clock_timestamp() - $2::interval, failed_at = clock_timestamp() - $3::interval
       where id = $1`,
      [id, since, last],
    )
  expect((await failure(1)).state).toBe('active')
  await pass('4 days 23 hours', '1 day')
  expect((await failure(2)).state).toBe('active')
  await pass('30 days', '3 days')
  const anew = await failure(3)
  expect(anew.state).toBe('active')
  expect(Date.now() - Date.parse(anew.failingSince)).toBeLessThan(60_000)
  await pass('5 days 1 minute', '1 day')
  expect(await failure(4)).toMatchObject({ state: 'disabled', disabledReason: 'failing' })
  const told = await call('GET', `/v1/events?subject=${id}&type=webhook.disabled`)
  expect(told.body.items).toMatchObject([{ actor: { kind: 'system' }, data: { reason: 'failing' } }])
  // What waits is canceled when its time has come.
  await app.database.query(
    `with d as (update yeyak.webhook_deliveries set next_at = clock_timestamp() where webhook_id = $1 and state = 'retrying' returning id)
     update yeyak.timers set due_at = clock_timestamp() where subject_id in (select id from d)`,
    [id],
  )
  const items = await deliveriesOf(
    app.client,
    id,
    (all) => all.every((one) => one.state === 'canceled'),
    15_000,
  )
  expect(items.map((one) => one.reason)).toEqual(Array(4).fill('endpoint_disabled'))
})

test('an endpoint that is deleted hears no more; its deliveries that wait are canceled', async () => {
  const own = path()
  const { id } = await createEndpoint(app.client, urlOf(own), ['notification.*'])
  await call('POST', '/v1/queues/webhooks/pause')
  const notification = await app.client.create({ message: 'Hello', sendAt: { delay: '1h' } })
  const dispatched = () =>
    app.database.query<{ state: string; reason: string | null }>(
      'select state, reason from yeyak.webhook_deliveries where webhook_id = $1',
      [id],
    )
  await eventually('dispatched', async () => (await dispatched()).length > 0)
  const queue = await call('GET', '/v1/queues/webhooks')
  expect(queue.body).toMatchObject({ name: 'webhooks', state: 'paused' })
  expect((await call('DELETE', `/v1/webhooks/${id}`)).status).toBe(204)
  await call('POST', '/v1/queues/webhooks/resume')
  const rows = await eventually('canceled', async () => {
    const all = await dispatched()
    return all.every((row) => row.state === 'canceled') && all
  })
  expect(rows.map((row) => row.reason)).toEqual(rows.map(() => 'endpoint_disabled'))
  expect(at(own)).toEqual([])
  expect(notification).toBeTruthy()
  for (const [method, rest] of [
    ['GET', ''],
    ['PATCH', ''],
    ['DELETE', ''],
    ['POST', '/rotate'],
    ['POST', '/test'],
    ['GET', '/deliveries'],
    ['POST', '/resend'],
  ] as const) {
    const body = method === 'PATCH' || rest === '/resend' ? {} : undefined
    const reply = await call(method, `/v1/webhooks/${id}${rest}`, body)
    expect([method, rest, reply.status]).toEqual([method, rest, 404])
  }
})

test('an endpoint hears of what happens after it was made, and of nothing before', async () => {
  const own = path()
  const before = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      app.client.create({ message: `before ${i}`, sendAt: { delay: '1h' } }),
    ),
  )
  const { id } = await createEndpoint(app.client, urlOf(own), ['notification.created'])
  const after = await app.client.create({ message: 'after', sendAt: { delay: '1h' } })
  await eventually('the one after', () => at(own).some((one) => one.body.includes(after)))
  const items = await deliveriesOf(app.client, id, (all) => all.every((one) => one.state === 'delivered'))
  expect(items).toHaveLength(1)
  expect(at(own).filter((one) => before.some((b) => one.body.includes(b)))).toEqual([])
})

test('changes are in the audit trail with who made them, and without secrets', async () => {
  const own = path()
  const { id, secret } = await createEndpoint(app.client, `${urlOf(own)}?token=hush`, ['run.*'])
  await call('PATCH', `/v1/webhooks/${id}`, { description: 'new', types: ['run.*', 'content.*'] })
  await call('PATCH', `/v1/webhooks/${id}`, { description: 'new' })
  const { secret: next } = (await call('POST', `/v1/webhooks/${id}/rotate`)).body
  await call('PATCH', `/v1/webhooks/${id}`, { state: 'disabled', description: null })
  await call('DELETE', `/v1/webhooks/${id}`)
  const trail = await app.database.query<{ type: string; actor: unknown; data: unknown }>(
    `select type, actor, data from yeyak.events where subject_id = $1 order by xid, id`,
    [id],
  )
  expect(trail.map((event) => event.type)).toEqual([
    ...['webhook.created', 'webhook.updated', 'webhook.rotated', 'webhook.updated', 'webhook.deleted'],
  ])
  expect(trail[1]).toMatchObject({
    actor: { kind: 'anonymous' },
    data: {
      before: { description: null, types: ['run.*'] },
      after: { description: 'new', types: ['run.*', 'content.*'] },
    },
  })
  expect(trail[3]?.data).toEqual({
    before: { state: 'active', description: 'new' },
    after: { state: 'disabled', description: null },
  })
  const text = JSON.stringify(trail)
  for (const hidden of [secret.slice(6), next.slice(6), 'hush', own]) expect(text).not.toContain(hidden)
})

test('a create that is repeated with its Idempotency-Key makes one endpoint, and shows the secret once', async () => {
  const body = { url: urlOf(path()), types: ['run.*'] }
  const headers = { 'idempotency-key': randomBytes(8).toString('hex') }
  const replies = await Promise.all(
    Array.from({ length: 4 }, () => call('POST', '/v1/webhooks', body, headers)),
  )
  expect(new Set(replies.map((reply) => `${reply.status} ${reply.body.id}`)).size).toBe(1)
  expect(replies.filter((reply) => reply.body.secret !== undefined)).toHaveLength(1)
  expect(replies.filter((reply) => reply.headers.get('idempotency-replayed') === 'true')).toHaveLength(3)
  const other = await call('POST', '/v1/webhooks', { ...body, types: ['content.*'] }, headers)
  expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused'])
})

const REFUSED = 'address-not-allowed'
const moveTo = (id: string, url: string) =>
  app.database.query('update yeyak.webhooks set url = $2 where id = $1', [id, url])

/** An endpoint with deliveries that have failed at once, as its URL may no longer be called. */
const failing = async (own: string, count: number) => {
  const endpoint = await createEndpoint(app.client, urlOf(own), ['run.*'])
  await moveTo(endpoint.id, 'http://127.0.0.2/')
  for (let i = 0; i < count; i += 1) await call('POST', `/v1/webhooks/${endpoint.id}/test`)
  const failed = await deliveriesOf(
    app.client,
    endpoint.id,
    (all) => all.length === count && all.every(({ state }) => state === 'failed'),
  )
  return { ...endpoint, failed }
}
const found = async (query: string) => (await call('GET', `/v1/webhook-deliveries?${query}`)).body.items
const deadOf = async (id: string): Promise<{ parent: string }[]> =>
  (await call('GET', '/v1/dead-letters?kind=webhook&limit=200')).body.items.filter(
    ({ parent }: { parent: string }) => parent === id,
  )
const operated = async (path_: string, body?: object) => {
  const asked = await call('POST', path_, body)
  expect(asked.status, asked.text).toBe(202)
  return eventually('the operation is done', async () => {
    const { body: operation } = await call('GET', `/v1/operations/${asked.body.id}`)
    return operation.state === 'done' && operation
  })
}

test('deliveries of one cause are sent again by filter under the same webhook-id, but none to an endpoint that takes nothing; an undo puts them back', async () => {
  const own = path()
  const createdFrom = new Date().toISOString()
  const [mended, disabled, deleted] = [
    await failing(own, 2),
    await failing(path(), 1),
    await failing(path(), 1),
  ]
  await call('PATCH', `/v1/webhooks/${disabled.id}`, { state: 'disabled' })
  await call('DELETE', `/v1/webhooks/${deleted.id}`)
  await moveTo(mended.id, urlOf(own))
  const filter = { state: 'failed', error: REFUSED, createdFrom }
  const all = await found(new URLSearchParams({ ...filter, provider: 'webhook' }).toString())
  const dry = (await call('POST', '/v1/webhook-deliveries/retry', { filter, dryRun: true })).body
  expect([dry.matched, dry.sample.length, all.length]).toEqual([4, 4, 4])
  expect(dry.sample[0]).toMatchObject({ webhookId: deleted.id, error: { code: REFUSED } })
  expect(await found(`webhookId=${mended.id}&type=webhook.test`)).toEqual(mended.failed)

  await call('POST', '/v1/queues/webhooks/pause')
  const first = await operated('/v1/webhook-deliveries/retry', { filter, ratePerSecond: 1000 })
  expect(first).toMatchObject({ matched: 4, changed: 2, tooLate: 0 })
  expect(await found(`webhookId=${mended.id}`)).toMatchObject([
    { state: 'scheduled', reason: null, finishedAt: null },
    { state: 'scheduled', reason: null, finishedAt: null },
  ])
  expect(await deadOf(mended.id)).toEqual([])
  expect(await operated(`/v1/operations/${first.id}/undo`)).toMatchObject({ changed: 2 })
  expect(await found(`webhookId=${mended.id}`)).toEqual(mended.failed)

  const again = await call('POST', '/v1/webhook-deliveries/retry', { filter: { webhookId: mended.id } })
  expect(again.body).toEqual({ matched: 2, changed: 2, tooLate: 0 })
  await call('POST', '/v1/queues/webhooks/resume')
  expect((await arrived(own, 2)).map((one) => verified(one, mended.secret).webhookId).toSorted()).toEqual(
    mended.failed.map(({ eventId }) => `evt_${eventId}`).toSorted(),
  )
  await deliveriesOf(app.client, mended.id, (some) => some.every((one) => one.state === 'delivered'))
  const told = (await call('GET', `/v1/events?subject=${mended.id}&type=webhook.resent,webhook.undone`)).body
  expect(told.items.map(({ type, data }: { type: string; data: object }) => [type, data])).toEqual([
    ['webhook.resent', { count: 2 }],
    ['webhook.undone', { count: 2, undone: first.id }],
    ['webhook.resent', { count: 2 }],
  ])
})

test('a delivery is sent again or settled by its id, and is a dead letter no longer', async () => {
  const own = path()
  const [mended, deleted] = [await failing(own, 1), await failing(path(), 2)]
  await moveTo(mended.id, urlOf(own))
  const one = (action: string, id: string, body?: object) =>
    call('POST', `/v1/webhook-deliveries/${id}/${action}`, body)
  const refusal = async (...given: Parameters<typeof one>) => {
    const { status, body } = await one(...given)
    return [status, body.code, body.errors?.[0].path]
  }
  const [{ id: first = '' } = {}] = mended.failed
  await call('PATCH', `/v1/webhooks/${mended.id}`, { state: 'disabled' })
  expect(await refusal('retry', first)).toEqual([422, 'invalid-request', 'webhookId'])
  await call('PATCH', `/v1/webhooks/${mended.id}`, { state: 'active' })
  expect((await one('retry', first)).body).toMatchObject({ id: first, webhookId: mended.id, reason: null })
  await arrived(own, 1)
  await deliveriesOf(app.client, mended.id, (all) => all.every(({ state }) => state === 'delivered'))
  expect(await refusal('retry', first)).toEqual([409, 'already-final', undefined])
  expect(await refusal('resolve', first, { outcome: 'canceled' })).toEqual([409, 'already-final', undefined])

  await call('DELETE', `/v1/webhooks/${deleted.id}`)
  const [{ id: second = '' } = {}] = deleted.failed
  expect(await refusal('retry', second)).toEqual([422, 'invalid-request', 'webhookId'])
  expect(await refusal('resolve', second, {})).toEqual([422, 'invalid-request', 'outcome'])
  expect(await deadOf(deleted.id)).toHaveLength(2)
  expect((await one('resolve', second, { outcome: 'delivered', note: 'by fax' })).body).toMatchObject({
    ...{ state: 'delivered', reason: 'operator' },
  })
  const bulk = await operated('/v1/webhook-deliveries/resolve', {
    ...{ filter: { webhookId: deleted.id }, outcome: 'canceled', ratePerSecond: 1000 },
  })
  expect(bulk).toMatchObject({ matched: 2, changed: 1 })
  expect(await deadOf(deleted.id)).toEqual([])
  await operated(`/v1/operations/${bulk.id}/undo`)
  expect(await deadOf(deleted.id)).toHaveLength(1)
  const told = (await call('GET', `/v1/events?subject=${deleted.id}&type=webhook.settled`)).body
  expect(told.items.map(({ data }: { data: object }) => data)).toEqual([
    { count: 1, deliveryId: second, outcome: 'delivered', note: 'by fax' },
    expect.objectContaining({ count: 1, outcome: 'canceled' }),
  ])
})
