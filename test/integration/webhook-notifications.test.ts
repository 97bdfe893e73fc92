import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../kit/webhook-receiver.ts'

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
const PAYLOAD = { z: 1, a: { list: [1, 'é', null], empty: {} } }

let t: TestApp
let receiver: WebhookReceiver
beforeAll(async () => {
  ;[t, receiver] = await Promise.all([
    startTestApp({ env: { YEYAK_WEBHOOK_SECRET: SECRET, YEYAK_WEBHOOK_ALLOW: '127.0.0.1' } }),
    startWebhookReceiver(),
  ])
})
beforeEach(() => receiver.answer((response) => void response.writeHead(200).end('thanks')))
afterAll(async () => {
  await t.end()
  await receiver.stop()
})

const webhook = (fields: Record<string, unknown> = {}) => ({
  channel: 'webhook',
  to: receiver.url,
  payload: PAYLOAD,
  ...fields,
})
const refusal = async (fields: Record<string, unknown>) => {
  const { status, body } = await t.client.call('POST', '/v1/notifications', webhook(fields))
  return { status, code: body.code, paths: body.errors?.map(({ path }: { path: string }) => path), body }
}

test('id and body are the same bytes in every attempt, each is signed, and the answers are on record', async () => {
  receiver.answer((response, { headers }) => {
    response
      .writeHead(headers['yeyak-attempt'] === '3' ? 200 : 500)
      .end(`no. ${String(headers['yeyak-attempt'])}`)
  })
  const id = await t.client.create(webhook({ retry: { delaySeconds: 0.1, backoff: 'fixed' } }))
  const done = await t.client.inState(id, 'delivered')
  expect(done.payload).toEqual(PAYLOAD)
  expect(done.attempts).toMatchObject([
    {
      outcome: 'failed',
      statusCode: 500,
      response: 'no. 1',
      error: { code: 'http-500' },
      provider: 'webhook',
    },
    { outcome: 'failed', statusCode: 500, response: 'no. 2' },
    { outcome: 'delivered', statusCode: 200, response: 'no. 3', error: null },
  ])
  const sent = receiver.received.filter(({ headers }) => headers['webhook-id'] === id)
  expect(sent.map(({ headers }) => headers['yeyak-attempt'])).toEqual(['1', '2', '3'])
  expect(new Set(sent.map(({ body }) => body)).size).toBe(1)
  for (const { body, headers } of sent)
    expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toEqual(PAYLOAD)
  expect(sent[0]?.headers['yeyak-due-at']).toBe(done.dueAt)
})

test('410 ends it at once, and Retry-After says when the next attempt is', async () => {
  receiver.answer((response) => void response.writeHead(410).end())
  const gone = await t.client.inState(await t.client.create(webhook()), 'failed')
  expect(gone).toMatchObject({ reason: 'rejected', attempts: [{ outcome: 'rejected', statusCode: 410 }] })

  receiver.answer((response) => void response.writeHead(503, { 'retry-after': '1800' }).end())
  const later = await t.client.inState(await t.client.create(webhook()), 'retrying')
  const waitMs = Date.parse(later.nextAttemptAt) - Date.parse(later.attempts[0].finishedAt)
  expect(Math.abs(waitMs - 1_800_000)).toBeLessThan(2_000)
})

test('no answer in time is unknown, and with onUnknown stop it is not sent again', async () => {
  receiver.answer(() => {})
  const id = await t.client.create(webhook({ timeoutSeconds: 1, onUnknown: 'stop' }))
  expect(await t.client.inState(id, 'failed')).toMatchObject({
    reason: 'outcome_unknown',
    attempts: [{ outcome: 'unknown', error: { code: 'timeout' } }],
  })
})

test('an address that is neither public nor allowed is refused when scheduling, with the setting that could allow it', async () => {
  for (const to of [
    'http://10.0.0.1/',
    'http://169.254.169.254/latest',
    'http://[::1]/',
    'http://0x0a000001/',
  ]) {
    const { status, code, paths, body } = await refusal({ to })
    expect([status, code, paths, body.setting], to).toEqual([
      422,
      'address-not-allowed',
      ['to'],
      'YEYAK_WEBHOOK_ALLOW',
    ])
  }
})

test.each([
  ['neither payload nor message', { payload: undefined }, ['payload']],
  ['a payload that is null', { payload: null }, ['payload']],
  ['both', { message: 'm' }, ['message']],
  ['a URL of another scheme', { to: 'ftp://example.com/' }, ['to']],
  ['a URL with a password', { to: 'http://u:p@example.com/' }, ['to']],
  ['a header of its own', { headers: { 'Webhook-Id': 'x' } }, ['headers.Webhook-Id']],
  ['a header that would become two', { headers: { 'x-a': 'a\r\nx-b: c' } }, ['headers.x-a']],
  ['no recipient', { to: undefined }, ['to']],
  ['two recipients', { to: ['http://a.example/', 'http://b.example/'] }, ['to']],
  ['a payload of over 256 kB', { payload: ['x'.repeat(256 * 1024)] }, ['payload']],
])('%s is refused by field', async (_, fields, paths) => {
  expect(await refusal(fields)).toMatchObject({ status: 422, code: 'invalid-request', paths })
})

test('payload and headers can be edited until it is sent, and are checked again', async () => {
  const id = await t.client.create(webhook({ sendAt: { delay: '1h' }, headers: { 'x-a': '1', 'x-b': '2' } }))
  const edit = (body: unknown) => t.client.call('PATCH', `/v1/notifications/${id}`, body)
  expect((await edit({ tags: ['t'] })).status).toBe(200)
  expect((await edit({ headers: { host: 'evil' } })).status).toBe(422)
  expect((await edit({ message: 'both' })).status).toBe(422)
  const edited = await edit({ payload: null, message: 'Hello', headers: { 'x-a': null, 'x-c': '3' } })
  expect(edited.body).toMatchObject({ message: 'Hello', headers: { 'x-b': 'hidden', 'x-c': 'hidden' } })
  await t.client.call('POST', `/v1/notifications/${id}/send-now`)
  await t.client.inState(id, 'delivered')
  const sent = receiver.received.find(({ headers }) => headers['webhook-id'] === id)
  expect(sent?.body).toBe('{"message":"Hello"}')
  expect(sent?.headers).toMatchObject({ 'x-b': '2', 'x-c': '3' })
  expect(sent?.headers).not.toHaveProperty('x-a')
})
