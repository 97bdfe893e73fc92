import { Writable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { createLog } from '../../src/platform/log.ts'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { createClient } from '../kit/client.ts'
import { testConfig } from '../kit/config.ts'
import { createTestDatabase } from '../kit/database.ts'
import { sendRaw } from '../kit/http-server.ts'
import { eventually } from '../kit/poll.ts'

const SCHEDULED = '10초 뒤 알림이 예약되었습니다.'
const MISSING = { error: 'message가 필요합니다.' }
const FAILED = '서버 오류 발생'

let t: TestApp
beforeAll(async () => {
  t = await startTestApp()
})
afterAll(() => t.end())

const post = (body: unknown, headers?: Record<string, string>, path = '/schedule-notification') =>
  t.client.call('POST', path, body, headers)
const logged = (app: TestApp, text: string) => app.records.filter((record) => record.msg === text)
const idOf = (location: string | null) => location?.split('/').at(-1) ?? ''
const rows = async (app: TestApp) =>
  (await app.database.query<{ n: number }>('select count(*)::int as n from yeyak.notifications'))[0]?.n

const expectScheduled = (reply: Awaited<ReturnType<typeof post>>) => {
  expect([reply.status, reply.text]).toEqual([200, SCHEDULED])
  expect(reply.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  expect(reply.headers.get('location')).toMatch(/^\/v1\/notifications\/[0-9a-f-]{36}$/)
  return idOf(reply.headers.get('location'))
}

test.concurrent('the message is logged ten seconds later, to the letter', async () => {
  const id = expectScheduled(await post({ message: 'Hello World' }))
  const before = await t.client.get(id)
  expect(before).toMatchObject({ state: 'scheduled', channel: 'log', message: 'Hello World' })
  expect(Date.parse(before.dueAt) - Date.parse(before.createdAt)).toBeGreaterThan(9_900)
  const done = await t.client.inState(id, 'delivered', 15_000)
  const waited = Date.parse(done.attempts[0].startedAt) - Date.parse(done.createdAt)
  expect(waited).toBeGreaterThan(9_900)
  expect(waited).toBeLessThan(12_000)
  expect(logged(t, '✅ [알림 발송 성공] Hello World')).toHaveLength(1)
})

test.concurrent.each([
  ['a trailing slash', '/schedule-notification/', {}],
  ['a charset', undefined, { 'content-type': 'application/json; charset=utf-8' }],
  ['capitals in the type', undefined, { 'content-type': 'Application/JSON' }],
  ['another language', undefined, { 'accept-language': 'en' }],
  ['a query', '/schedule-notification?x=1', {}],
] as const)('%s makes no difference', async (_, path, headers) => {
  expectScheduled(await post({ message: 'same' }, headers, path))
})

test.concurrent('blanks are a message, other members are ignored', async () => {
  expectScheduled(await post({ message: ' ' }))
  expectScheduled(await post({ message: 'm', delay: 5, channel: 7, sendAt: 'never', to: null }))
  expectScheduled(await post('\uFEFF{"message":"with a byte order mark"}'))
})

test.concurrent.each([
  ['no member', '{}'],
  ['an empty message', '{"message":""}'],
  ['null', '{"message":null}'],
  ['a number', '{"message":5}'],
  ['true', '{"message":true}'],
  ['an object', '{"message":{"a":1}}'],
  ['a list of one', '{"message":["x"]}'],
  ['other case', '{"Message":"x"}'],
  ['malformed JSON', '{"message":"x"'],
  ['an empty body', ''],
  ['null as a whole', 'null'],
  ['a text as a whole', '"message"'],
  ['a list as a whole', '[{"message":"x"}]'],
])('%s is answered 400 in the words of the contract', async (_, body) => {
  const reply = await post(body)
  expect([reply.status, reply.body]).toEqual([400, MISSING])
  expect(reply.text).toBe('{"error":"message가 필요합니다."}')
  expect(reply.headers.get('content-type')).toMatch(/^application\/json(;|$)/)
})

test.concurrent.each([
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
  'application/jsonx',
  'garbage',
  'application/',
  ';',
])('Content-Type %s is 400, never 415', async (type) => {
  const reply = await post('{"message":"x"}', { 'content-type': type })
  expect([reply.status, reply.body]).toEqual([400, MISSING])
})

test.concurrent('neither a body nor a type, or a body without a type, is 400 too', async () => {
  const { port } = new URL(t.app.url ?? '')
  const head = 'POST /schedule-notification HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n'
  for (const rest of ['Content-Length: 15\r\n\r\n{"message":"x"}', 'Content-Length: 0\r\n\r\n', '\r\n']) {
    const answer = await sendRaw(Number(port), head + rest)
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).toContain('{"error":"message가 필요합니다."}')
  }
})

test.concurrent('another method is 405, and the path is no other one', async () => {
  const reply = await t.client.call('GET', '/schedule-notification')
  expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'POST'])
  expect((await post({ message: 'x' }, {}, '/schedule-notification/x')).status).toBe(404)
})

test.concurrent('a message too long to be stored says so', async () => {
  const reply = await post({ message: 'x'.repeat(262_145) })
  expect([reply.status, reply.body.code]).toEqual([422, 'invalid-request'])
})

test.concurrent('control characters are escaped: one record stays one line, and no line is forged', async () => {
  const message = 'two\nlines\r\n\u001b[31m✅ [알림 발송 성공] forged\u2028'
  const id = expectScheduled(await post({ message }))
  await t.client.call('POST', `/v1/notifications/${id}/send-now`)
  expect((await t.client.inState(id, 'delivered')).message).toBe(message)
  const escaped = String.raw`✅ [알림 발송 성공] two\nlines\r\n\u001b[31m✅ [알림 발송 성공] forged\u2028`
  expect(logged(t, escaped)).toHaveLength(1)
})

test.concurrent('in pretty the line ends with the message, and starts at its beginning', async () => {
  const database = await createTestDatabase()
  let written = ''
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written += chunk.toString('utf8')
      done()
    },
  })
  const app = createApp({
    config: testConfig({ DATABASE_URL: database.url }),
    roles: { api: true, worker: true },
    log: createLog({ format: 'pretty', level: 'info', destination }),
  })
  try {
    await app.start()
    const client = createClient(app.url?.replace('localhost', '127.0.0.1') ?? '')
    await client.inState(await client.create({ message: 'Hello\tWorld 👋' }), 'delivered')
    const lines = written.split('\n')
    expect(
      lines.filter((line) => line.endsWith(String.raw`✅ [알림 발송 성공] Hello\tWorld 👋`)),
    ).toHaveLength(1)
    expect(lines.some((line) => line.endsWith(`알림 API 서버가 ${app.url} 에서 실행 중입니다.`))).toBe(true)
  } finally {
    await app.stop()
    await database.drop()
  }
})

/** An app of its own, to be harmed. */
const harmed = async (run: (app: TestApp) => Promise<void>) => {
  const app = await startTestApp()
  try {
    await run(app)
  } finally {
    await app.end()
  }
}

const expectFailure = async (app: TestApp, requests: number) => {
  const startedAt = performance.now()
  const before = app.records.length
  const replies = await Promise.all(
    Array.from({ length: requests }, () =>
      app.client.call('POST', '/schedule-notification', { message: 'lost' }),
    ),
  )
  console.log('TOOK', requests, performance.now() - startedAt)
  expect(performance.now() - startedAt).toBeLessThan(5_000)
  for (const reply of replies) {
    expect([reply.status, reply.text]).toEqual([500, FAILED])
    expect(reply.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  }
  const failures = app.records.slice(before).filter((record) => record.msg.startsWith('작업 예약 실패:'))
  expect(failures).toHaveLength(requests)
  return failures
}

test.concurrent('a storage that refuses is 500 in the words of the contract, the cause is logged, nothing is half-written', () =>
  harmed(async (app) => {
    await app.database.query(`
      create function refuse() returns trigger language plpgsql as $$ begin raise exception 'disk is full'; end $$;
      create trigger refuse before insert on yeyak.timers for each row execute function refuse()`)
    const [failure] = await expectFailure(app, 1)
    expect(failure?.msg).toContain('disk is full')
    expect(await rows(app)).toBe(0)
    await app.database.query('drop trigger refuse on yeyak.timers')
    expectScheduled(await app.client.call('POST', '/schedule-notification', { message: 'again' }))
  }))

test.concurrent('a storage that does not answer is 500 within 5 s for everyone, and nothing appears afterwards', () =>
  harmed(async (app) => {
    const session = await app.database.session()
    await session.query('begin; lock table yeyak.notifications in access exclusive mode')
    await expectFailure(app, 200)
    await session.query('commit')
    await session.end()
    const id = expectScheduled(await app.client.call('POST', '/schedule-notification', { message: 'after' }))
    await eventually('the one that was accepted', () => app.client.get(id))
    expect(await rows(app)).toBe(1)
  }))

test.concurrent('a storage that is gone is 500 within 5 s, and serves again once it is back', () =>
  harmed(async (app) => {
    const { name } = app.database
    const session = await t.database.session()
    await session.query(`alter database ${name} with allow_connections false`)
    await session.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
    await expectFailure(app, 5)
    await session.query(`alter database ${name} with allow_connections true`)
    await session.end()
    const id = expectScheduled(await app.client.call('POST', '/schedule-notification', { message: 'back' }))
    expect(await app.client.get(id)).toMatchObject({ state: 'scheduled' })
  }))
