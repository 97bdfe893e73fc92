import { hash } from 'node:crypto'
import { once } from 'node:events'
import http from 'node:http'
import { connect, type Socket } from 'node:net'
import { afterAll, afterEach, expect, test } from 'vitest'
import { ALL_SCOPES } from '../../src/http/index.ts'
import { startTestApp, type TestApp } from '../kit/app.ts'
import type { Reply } from '../kit/client.ts'
import { openStream } from '../kit/event-stream.ts'
import { eventually } from '../kit/poll.ts'

const apps: TestApp[] = []
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await Promise.all(apps.splice(0).map((app) => app.end()))
})

const ADMIN = 'a-key-of-my-own-making-24'
const CANARY = 'a-canary-of-somebody-else'
const ENCRYPTION_KEY = Buffer.alloc(32, 7).toString('base64')

const start = async () => {
  const app = await startTestApp({
    roles: { api: true, worker: false },
    env: { YEYAK_API_KEY: ADMIN, YEYAK_ENCRYPTION_KEY: ENCRYPTION_KEY },
  })
  apps.push(app)
  const by =
    (key: string) =>
    (method: string, path: string, body?: unknown): Promise<Reply> =>
      app.client.call(method, path, body, { authorization: `Bearer ${key}`, 'if-match': '*' })
  const admin = by(ADMIN)
  const keyOf = async (scopes: readonly string[], project = 'default') => {
    const { body } = await admin('POST', '/v1/api-keys', { name: 'k', scopes, project })
    return { id: String(body.id), key: String(body.key), call: by(body.key) }
  }
  const project = async (name: string) => {
    await admin('POST', '/v1/projects', { name })
    return keyOf(ALL_SCOPES, name)
  }
  return { app, admin, keyOf, project }
}

let one: ReturnType<typeof start> | undefined
/** For tests that only ask. */
const shared = () =>
  (one ??= start().then((started) => {
    apps.pop()
    return started
  }))
afterAll(async () => (await one)?.app.end())

const PASSWORD = 'correct horse battery'
const signIn = async ({ client }: TestApp, email: string) => {
  const reply = await client.call('POST', '/v1/session', { email, password: PASSWORD })
  return {
    cookie: reply.headers.get('set-cookie')?.split(';')[0] ?? '',
    'x-csrf-token': String(reply.body.csrfToken),
  }
}

/** As many requests as this, each with the beginning of a body, and no key. */
const drip = async ({ app }: TestApp, path: string, length: string, count: number) => {
  const port = Number(new URL(app.url ?? '').port)
  const opened = Array.from({ length: count }, () => connect(port, '127.0.0.1'))
  sockets.push(...opened)
  const isChunked = length.startsWith('Transfer')
  for (const socket of opened) {
    socket.on('error', () => {})
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${length}\r\n\r\n${isChunked ? '1\r\n{\r\n' : '{'}`,
    )
  }
  for (const socket of opened) if (socket.readyState !== 'open') await once(socket, 'connect')
}

test.each([
  ['/v1/session', 'Content-Length: 16777216'],
  ['/v1/session', 'Transfer-Encoding: chunked'],
  ['/v1/nothing', 'Content-Length: 16777216'],
  ['/v1/nothing', 'Transfer-Encoding: chunked'],
  ['/healthz', 'Transfer-Encoding: chunked'],
])(
  'bodies that come slowly to %s, with %s and no key, keep nobody from sending large ones',
  async (path, length) => {
    const { app, admin } = await start()
    await drip(app, path, length, 60)
    const large = { channel: 'log', message: 'x'.repeat(20_000), sendAt: { delay: 3600 } }
    expect((await admin('POST', '/v1/notifications', large)).status).toBe(201)
  },
)

test('what an administrator of everything does to users and projects is not told to the project he is in', async () => {
  const { app, admin, project } = await start()
  const b = await project('b')
  await admin('POST', '/v1/users', { email: 'all@example.com', role: 'admin', password: PASSWORD })
  const session = { ...(await signIn(app, 'all@example.com')), 'yeyak-project': 'b' }
  const call = (method: string, path: string, body: unknown) => app.client.call(method, path, body, session)
  const user = { email: `${CANARY}@example.com`, role: 'viewer', password: PASSWORD, projects: ['default'] }
  const { id } = (await call('POST', '/v1/users', user)).body
  expect((await call('PATCH', `/v1/users/${id}`, { name: CANARY })).status).toBe(200)
  expect((await call('POST', '/v1/projects', { name: CANARY })).status).toBe(201)
  for (const path of ['/v1/audit', '/v1/events']) {
    expect((await b.call('GET', path)).text).not.toContain(CANARY)
    expect((await admin('GET', path)).text).toContain(CANARY)
  }
})

test('a queue is not held up by an operator of a project beside it', async () => {
  const { admin, project } = await start()
  const b = await project('b')
  for (const action of ['pause', 'resume']) {
    const refused = await b.call('POST', `/v1/queues/log/${action}`)
    expect([refused.status, refused.body.scope]).toEqual([403, 'operate'])
  }
  expect((await admin('GET', '/v1/queues/log')).body.state).toBe('active')
})

test('a token of the calendar shows no more than its maker could see', async () => {
  const { app, admin, keyOf } = await start()
  await admin('POST', '/v1/notifications', { channel: 'log', message: CANARY, sendAt: { delay: 3600 } })
  const writer = await keyOf(['notifications:write'])
  const refused = await writer.call('POST', '/v1/calendar/tokens', { name: 'x' })
  expect([refused.status, refused.body.scope]).toEqual([403, 'notifications:read'])
  const feed = async (scopes: string[]) => {
    const maker = await keyOf(scopes)
    const { body } = await maker.call('POST', '/v1/calendar/tokens', { name: 'x' })
    return (await app.client.call('GET', body.path)).text
  }
  expect(await feed(['notifications:write', 'content:read'])).not.toContain(CANARY)
  expect(await feed(['notifications:write', 'notifications:read'])).toContain(CANARY)
})

test(
  'a stream ends when its user may no longer enter the project that it names',
  { timeout: 40_000 },
  async () => {
    const { app, admin, project } = await start()
    await project('b')
    const user = { email: 'u@example.com', role: 'viewer', password: PASSWORD, projects: ['default', 'b'] }
    const { id } = (await admin('POST', '/v1/users', user)).body
    const session = await signIn(app, user.email)
    const stream = await openStream(app.app.url ?? '', '/v1/stream', { ...session, 'yeyak-project': 'b' })
    expect(stream.status).toBe(200)
    await admin('PATCH', `/v1/users/${id}`, { projects: ['default'] })
    await eventually('the end of the stream', () => stream.isOver(), 20_000)
  },
)

test('guesses beside it do not keep the stream of a revoked key open', { timeout: 40_000 }, async () => {
  const { app, admin, keyOf } = await start()
  const stolen = await keyOf(['notifications:read'])
  const authorization = `Bearer ${stolen.key}`
  const stream = await openStream(app.app.url ?? '', '/v1/stream', { authorization })
  await admin('DELETE', `/v1/api-keys/${stolen.id}`)
  expect((await stolen.call('GET', '/v1/notifications')).status).toBe(401)
  const guess = () =>
    app.client.call('GET', '/v1/notifications', undefined, {
      authorization: 'Bearer yk_wrong-wrong-wrong-wrong',
    })
  await eventually('too many guesses', async () => (await guess()).status === 429)
  await eventually('the end of the stream', () => stream.isOver(), 20_000)
})

/** From an address of its own, as this machine has many. */
const signInFrom = (localAddress: string, { app }: TestApp, email: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(app.url ?? '')
    const headers = { 'content-type': 'application/json' }
    const request = http.request(
      { host: '127.0.0.1', port, path: '/v1/session', method: 'POST', localAddress, headers, agent: false },
      (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      },
    )
    request.on('error', reject)
    request.end(JSON.stringify({ email, password: 'wrong horse battery' }))
  })

test('other spellings of an address that find the same user give no further guesses', async () => {
  const { app, admin } = await start()
  const user = { email: 'kimi@example.com', role: 'viewer', password: PASSWORD }
  expect((await admin('POST', '/v1/users', user)).status).toBe(201)
  const spellings = ['kimi', 'KIMI', '\u212aimi', 'k\u0130mi', 'k\u0130m\u0130']
  for (const [i, spelling] of spellings.entries())
    expect(await signInFrom(`127.0.0.${i + 2}`, app, `${spelling}@example.com`)).toBe(401)
  const { body } = await admin('GET', '/v1/audit?type=session.refused')
  expect(new Set(body.items.map((item: { subject: { id: string } }) => item.subject.id)).size).toBe(1)
  expect(await signInFrom('127.0.0.9', app, 'kim\u0130@example.com')).toBe(429)
})

const LISTS = {
  ...{ '/v1/api-keys?': 'createdAt', '/v1/projects?': 'createdAt', '/v1/users?': 'createdAt' },
  ...{ '/v1/sessions?': 'createdAt' },
  ...{ '/v1/notifications?': 'dueAt', '/v1/webhooks?': '-createdAt', '/v1/queues?': 'name' },
  ...{ '/v1/workers?': '-startedAt', '/v1/dead-letters?': '-finishedAt', '/v1/operations?': '-createdAt' },
  ...{ '/v1/audit?': '-at', '/v1/events?': 'id', '/v1/calendar/tokens?': '-createdAt' },
  ...{
    '/v1/publications?': 'dueAt',
    '/v1/releases?': '-createdAt',
    '/v1/content/story?sort=dueAt&': 'dueAt',
  },
  '/v1/notifications?sort=updatedAt&': 'updatedAt',
}
const KEYS = [
  ...[null, '', 'x', 0, -1, 2 ** 60, 1.5, '0', '0000-01-01T00:00:00Z', '0001-01-01T00:00:00Z', 'infinity'],
  ...['2026-02-30T00:00:00Z', '2026-12-31T23:59:60Z', '2026-12-31T24:00:00Z', '9999-12-31T23:59:59.999999Z'],
]
const IDS = [
  '01990000-0000-7000-8000-000000000001',
  '1',
  '999999999',
  '18446744073709551615999999999',
  'log',
  'a:en',
]

test.each(Object.entries(LISTS))(
  'a cursor of one’s own making is a page of %s or refused, never an error of the server',
  async (path, sort) => {
    const { admin } = await shared()
    // As `paging.ts` binds a cursor to its query.
    const digest = hash('sha256', JSON.stringify([sort, []]), 'base64url').slice(0, 11)
    for (const key of KEYS) {
      for (const id of IDS) {
        const cursor = Buffer.from(JSON.stringify([1, key, id, digest])).toString('base64url')
        const reply = await admin('GET', `${path}cursor=${cursor}`)
        expect([200, 400], `${String(key)} ${id}: ${reply.text}`).toContain(reply.status)
      }
    }
  },
)
