import { afterAll, beforeAll, expect, test } from 'vitest'
import PostalMime from 'postal-mime'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { sendRaw } from '../kit/http-server.ts'
import { eventually } from '../kit/poll.ts'
import { type SmtpSink, startSmtpSink } from '../kit/smtp-sink.ts'

const QUEUED = 'Email queued'
const MISSING = '{"error":"to, subject, body가 필요합니다."}'
const ORDER = { to: 'min@example.com', subject: '예약', body: '안녕하세요' }

let sink: SmtpSink
let t: TestApp
beforeAll(async () => {
  sink = await startSmtpSink()
  t = await startTestApp({
    env: { YEYAK_SMTP_URL: `smtp://127.0.0.1:${sink.port}`, YEYAK_SMTP_FROM: 'Yeyak <yeyak@example.com>' },
  })
})
afterAll(async () => {
  await t.end()
  await sink.stop()
})

const post = (body: unknown, headers?: Record<string, string>, path = '/send-email') =>
  t.client.call('POST', path, body, headers)

const expectQueued = (reply: Awaited<ReturnType<typeof post>>): string => {
  expect([reply.status, reply.text]).toEqual([200, QUEUED])
  expect(reply.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  expect(reply.headers.get('location')).toMatch(/^\/v1\/notifications\/[0-9a-f-]{36}$/)
  return reply.headers.get('location')?.split('/').at(-1) ?? ''
}

const mailTo = async (address: string) => {
  const mail = await eventually(`a mail to ${address}`, () =>
    sink.mails.find((m) => m.recipients.includes(address)),
  )
  return PostalMime.parse(mail.raw)
}

test('the mail is sent at once, and one log line says to whom', async () => {
  const id = expectQueued(await post(ORDER))
  expect(await mailTo('min@example.com')).toMatchObject({
    ...{
      subject: '예약',
      messageId: `<${id}@example.com>`,
      from: { name: 'Yeyak', address: 'yeyak@example.com' },
    },
    text: '안녕하세요',
  })
  expect(await t.client.inState(id, 'delivered')).toMatchObject({ channel: 'email', to: 'min@example.com' })
  expect(t.records.filter(({ msg }) => msg === 'Email sent to min@example.com')).toHaveLength(1)
})

test.each([
  ['a trailing slash', '/send-email/', {}],
  ['a charset', undefined, { 'content-type': 'application/json; charset=utf-8' }],
  ['another language', undefined, { 'accept-language': 'en' }],
] as const)('%s makes no difference', async (_, path, headers) => {
  expectQueued(await post(ORDER, headers, path))
})

test('other members are ignored', async () => {
  expectQueued(await post({ ...ORDER, sendAt: 'never', cc: 5, channel: 'log' }))
})

test.each([
  ['nothing', '{}'],
  ['no to', '{"subject":"s","body":"b"}'],
  ['no subject', '{"to":"a@b","body":"b"}'],
  ['no body', '{"to":"a@b","subject":"s"}'],
  ['an empty subject', '{"to":"a@b","subject":"","body":"b"}'],
  ['a list of recipients', '{"to":["a@b"],"subject":"s","body":"b"}'],
  ['a number', '{"to":"a@b","subject":5,"body":"b"}'],
  ['null', '{"to":"a@b","subject":"s","body":null}'],
  ['malformed JSON', '{"to":"a@b"'],
  ['an empty text', ''],
  ['null as a whole', 'null'],
  ['a list as a whole', '[]'],
])('%s is answered 400 in the words of the contract', async (_, body) => {
  const reply = await post(body)
  expect([reply.status, reply.text]).toEqual([400, MISSING])
  expect(reply.headers.get('content-type')).toMatch(/^application\/json(;|$)/)
})

test.each(['text/plain', 'application/x-www-form-urlencoded', 'garbage', ';'])(
  'Content-Type %s is 400',
  async (type) => {
    const reply = await post(JSON.stringify(ORDER), { 'content-type': type })
    expect([reply.status, reply.text]).toEqual([400, MISSING])
  },
)

test('no body at all is 400 too', async () => {
  const { port } = new URL(t.app.url ?? '')
  const answer = await sendRaw(
    Number(port),
    'POST /send-email HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
  )
  expect(answer).toMatch(/^HTTP\/1\.1 400 /)
  expect(answer).toContain(MISSING)
})

test('another method is 405', async () => {
  const reply = await t.client.call('GET', '/send-email')
  expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'POST'])
})

test.each([
  ['to', { ...ORDER, to: 'nobody' }],
  ['to', { ...ORDER, to: 'a@b\r\nBcc: evil@example.com' }],
  ['to', { ...ORDER, to: 'a@b, c@d' }],
  ['subject', { ...ORDER, subject: 'Hello\r\nBcc: evil@example.com' }],
  ['body', { ...ORDER, body: 'x'.repeat(262_145) }],
])('what is wrong with %s is 422, by its name in this route', async (path, body) => {
  const reply = await post(body)
  expect([reply.status, reply.body.code]).toEqual([422, 'invalid-request'])
  expect(reply.body.errors.map((one: { path: string }) => one.path)).toEqual([path])
})

test('a mail server that cannot now is tried again', async () => {
  const to = 'later@example.com'
  let times = 0
  sink.behave(({ step, address }) => {
    if (step !== 'rcpt' || address !== to) return undefined
    times += 1
    return times === 1 ? { reply: [450, 'greylisted'] } : undefined
  })
  const id = expectQueued(await post({ ...ORDER, to }))
  await t.client.inState(id, 'retrying')
  await t.client.call('POST', `/v1/notifications/${id}/send-now`)
  const done = await t.client.inState(id, 'delivered')
  expect(done.attempts).toMatchObject([
    { outcome: 'failed', provider: 'smtp', statusCode: 450, error: { code: 'smtp-deferred' } },
    { outcome: 'delivered', provider: 'smtp', statusCode: 250 },
  ])
  expect((await mailTo(to)).messageId).toBe(`<${id}@example.com>`)
})

test('by /v1/notifications: every field, one log line, and the recipients that were refused', async () => {
  sink.behave(({ address }) =>
    address === 'gone@example.com' ? { reply: [550, 'no such user'] } : undefined,
  )
  const id = await t.client.create({
    ...{
      channel: 'email',
      subject: 'All',
      message: 'text',
      html: '<p>html</p>',
      from: 'Me <me@example.org>',
    },
    ...{ to: ['Kim <kim@example.com>', 'gone@example.com'], cc: 'cc@example.com', bcc: ['bcc@example.com'] },
    ...{ replyTo: 'reply@example.com', attachments: [{ filename: 'a.txt', content: 'SGVsbG8=' }] },
  })
  const { attempts } = await t.client.inState(id, 'delivered')
  expect(attempts).toMatchObject([
    { outcome: 'delivered', rejected: [{ address: 'gone@example.com', message: '550 no such user' }] },
  ])
  expect(await mailTo('bcc@example.com')).toMatchObject({
    ...{ subject: 'All', messageId: `<${id}@example.org>`, replyTo: [{ address: 'reply@example.com' }] },
    attachments: [{ filename: 'a.txt', mimeType: 'text/plain' }],
  })
  const line = 'Email sent to Kim <kim@example.com>, gone@example.com'
  expect(t.records.filter(({ msg }) => msg === line)).toHaveLength(1)
})

test('by /v1/notifications: what is wrong is named, and a patch is held to the same', async () => {
  const mail = { channel: 'email', to: 'a@b', subject: 's', text: 't', cc: ['c@d'], sendAt: { delay: '1d' } }
  const refused = async (more: Record<string, unknown>) => {
    const reply = await t.client.call('POST', '/v1/notifications', { ...mail, ...more })
    expect([reply.status, reply.body.code]).toEqual([422, 'invalid-request'])
    return reply.body.errors.map((one: { path: string }) => one.path)
  }
  expect(await refused({ to: ['a@b', 'nobody'] })).toEqual(['to[1]'])
  expect(await refused({ cc: Array(51).fill('a@b') })).toEqual(['cc'])
  expect(await refused({ subject: undefined })).toEqual(['subject'])
  expect(await refused({ text: undefined })).toEqual(['text'])
  expect(await refused({ attachments: [{ filename: 'a', content: '?' }] })).toEqual([
    'attachments[0].content',
  ])
  const id = await t.client.create(mail)
  const patch = (body: unknown) => t.client.call('PATCH', `/v1/notifications/${id}`, body)
  expect((await patch({ subject: 'a\nb' })).body.errors).toMatchObject([{ path: 'subject' }])
  const { status, body } = await patch({ cc: null, bcc: 'x@y', subject: 'new' })
  expect([status, body.cc ?? null, body.bcc, body.subject]).toEqual([200, null, 'x@y', 'new'])
})

test('a mail server that hangs is cut off at the timeout, and the next mail goes through', async () => {
  sink.behave(({ step, address }) =>
    step === 'rcpt' && address === 'hang@example.com' ? { hang: true } : undefined,
  )
  const mail = { channel: 'email', subject: 's', text: 't' }
  const stuck = await t.client.create({
    ...mail,
    to: 'hang@example.com',
    timeoutSeconds: 1,
    retry: { limit: 0 },
  })
  await t.client.inState(stuck, 'failed')
  const next = await t.client.create({ ...mail, to: 'next@example.com' })
  expect(await t.client.inState(next, 'delivered')).toMatchObject({ attemptCount: 1 })
})

test('without a mail server it is 422, and says which setting is missing', async () => {
  const app = await startTestApp()
  try {
    const reply = await app.client.call('POST', '/send-email', ORDER)
    expect([reply.status, reply.body.code, reply.body.setting]).toEqual([
      ...[422, 'channel-not-configured', 'YEYAK_SMTP_URL'],
    ])
  } finally {
    await app.end()
  }
})

test('a storage that refuses is 500 in the words of the contract, and nothing is sent', async () => {
  const app = await startTestApp({
    env: { YEYAK_SMTP_URL: `smtp://127.0.0.1:${sink.port}`, YEYAK_SMTP_FROM: 'yeyak@example.com' },
  })
  try {
    await app.database.query(`
      create function refuse() returns trigger language plpgsql as $$ begin raise exception 'disk is full'; end $$;
      create trigger refuse before insert on yeyak.timers for each row execute function refuse()`)
    const reply = await app.client.call('POST', '/send-email', { ...ORDER, to: 'lost@example.com' })
    expect([reply.status, reply.text]).toEqual([500, '서버 오류 발생'])
    expect(
      app.records.some(({ msg }) => msg.startsWith('이메일 예약 실패:') && msg.includes('disk is full')),
    ).toBe(true)
    expect(sink.moments.some(({ address }) => address === 'lost@example.com')).toBe(false)
  } finally {
    await app.end()
  }
})
