import { request as httpRequest } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { ALL_SCOPES, type Scope } from '../../src/http/index.ts'
import { startTestApp, type TestApp, type TestAppOptions } from '../kit/app.ts'
import { silentLog, testConfig } from '../kit/config.ts'
import { createTestDatabase } from '../kit/database.ts'
import { eventually } from '../kit/poll.ts'

const apps: TestApp[] = []
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.end()))
})

const API = { api: true, worker: false }
const start = async (o: TestAppOptions = {}) => {
  const app = await startTestApp({ roles: API, ...o })
  apps.push(app)
  return app
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

interface MadeKey {
  id: string
  key: string
}

/** A key with these scopes; `by` is the key that makes it, where the server is not open. */
const makeKey = async (
  { client }: TestApp,
  body: Record<string, unknown> = {},
  by?: string,
): Promise<MadeKey> => {
  const reply = await client.call(
    'POST',
    '/v1/api-keys',
    { name: 'test', scopes: ALL_SCOPES, ...body },
    by === undefined ? {} : bearer(by),
  )
  if (reply.status !== 201) throw new Error(`${reply.status} ${reply.text}`)
  return reply.body
}

const statusWith = async ({ client }: TestApp, key: string | null, path = '/v1/notifications') =>
  (await client.call('GET', path, undefined, key === null ? {} : bearer(key))).status

const LOG = { channel: 'log', message: 'hello', sendAt: { delay: 3600 } }

test('the first key closes an open server at once, and is shown once', async () => {
  const app = await start()
  expect(await statusWith(app, null)).toBe(200)
  const made = await app.client.call('POST', '/v1/api-keys', { name: 'first', scopes: ['admin'] })
  expect(made.status).toBe(201)
  expect(made.body.key).toMatch(/^yk_[A-Za-z0-9_-]{43}$/u)
  expect(made.body.hint).toBe(made.body.key.slice(0, 7))
  const refused = await app.client.call('GET', '/v1/notifications')
  expect(refused.status).toBe(401)
  expect(refused.body.code).toBe('unauthenticated')
  expect(refused.headers.get('www-authenticate')).toBe('Bearer')
  const read = await app.client.call(
    'GET',
    made.headers.get('location') ?? '',
    undefined,
    bearer(made.body.key),
  )
  expect(read.status).toBe(200)
  expect(JSON.stringify(read.body)).not.toContain(made.body.key)
  const lists = await app.client.call('GET', '/v1/api-keys', undefined, bearer(made.body.key))
  expect(lists.body.items).toEqual([{ ...read.body, lastUsedAt: lists.body.items[0].lastUsedAt }])
})

test('no key, a wrong one, a short one, another scheme: 401, also for the compatibility endpoints', async () => {
  const app = await start()
  const { key } = await makeKey(app)
  // Known: the wrong ones from the same address are not its fault.
  expect(await statusWith(app, key)).toBe(200)
  const wrong = [
    {},
    bearer(`${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`),
    bearer('x'),
    { authorization: key },
    { authorization: `Basic ${key}` },
    { authorization: 'Bearer ' },
    { authorization: `Bearer ${key} ${key}` },
  ]
  for (const headers of wrong) {
    for (const [method, path, body] of [
      ['GET', '/v1/notifications', undefined],
      ['POST', '/v1/notifications', LOG],
      ['POST', '/schedule-notification', { message: 'x' }],
      ['POST', '/send-email', { to: 'a@b.c', subject: 's', body: 'b' }],
    ] as const) {
      const { status } = await app.client.call(method, path, body, headers)
      expect([path, [401, 429].includes(status)]).toEqual([path, true])
    }
  }
  expect(await app.database.query('select id from yeyak.notifications')).toEqual([])
  const right = { authorization: `bearer   ${key}` }
  expect((await app.client.call('POST', '/schedule-notification', { message: 'x' }, right)).status).toBe(200)
})

test('what needs no key needs none', async () => {
  const app = await start()
  await makeKey(app)
  for (const path of ['/healthz', '/readyz', '/openapi.json', '/docs', '/'])
    expect([path, (await app.client.call('GET', path)).status]).toEqual([path, 200])
})

test('each call asks for its scope, and names it', async () => {
  const app = await start()
  const all = await makeKey(app)
  const calls: [string, string, Scope][] = [
    ['GET', '/v1/notifications', 'notifications:read'],
    ['POST', '/v1/notifications', 'notifications:write'],
    ['POST', '/schedule-notification', 'notifications:write'],
    ['GET', '/v1/queues', 'operate'],
    ['GET', '/v1/dead-letters', 'operate'],
    ['GET', '/v1/operations', 'operate'],
    ['GET', '/v1/api-keys', 'admin'],
    ['GET', '/v1/users', 'admin'],
    ['GET', '/v1/projects', 'admin'],
  ]
  for (const [method, path, scope] of calls) {
    const others = ALL_SCOPES.filter((one) => one !== scope)
    const { key } = await makeKey(app, { scopes: others }, all.key)
    const refused = await app.client.call(method, path, method === 'GET' ? undefined : LOG, bearer(key))
    expect([path, refused.status, refused.body?.code, refused.body?.scope]).toEqual([
      path,
      403,
      'missing-scope',
      scope,
    ])
  }
})

test('an expired key, a revoked one, and that of a removed project are refused, and open nothing', async () => {
  const app = await start()
  const first = await makeKey(app)
  const short = await makeKey(app, { expiresAt: { delay: 0.3 } }, first.key)
  expect(await statusWith(app, short.key)).toBe(200)
  await eventually('the end of the key', async () => (await statusWith(app, short.key)) === 401)
  const revoked = await makeKey(app, {}, first.key)
  expect(await statusWith(app, revoked.key)).toBe(200)
  expect(
    (await app.client.call('DELETE', `/v1/api-keys/${revoked.id}`, undefined, bearer(first.key))).status,
  ).toBe(204)
  expect(await statusWith(app, revoked.key)).toBe(401)
  expect(
    (await app.client.call('DELETE', `/v1/api-keys/${revoked.id}`, undefined, bearer(first.key))).status,
  ).toBe(404)
  await app.client.call('DELETE', `/v1/api-keys/${first.id}`, undefined, bearer(first.key))
  expect(await statusWith(app, first.key)).toBe(401)
  expect(await statusWith(app, null)).toBe(401)
})

test('a rotated key is good beside the new one for the overlap, and no longer', async () => {
  const app = await start()
  const { id, key } = await makeKey(app)
  const rotate = (by: string, overlapSeconds: number) =>
    app.client.call('POST', `/v1/api-keys/${id}/rotate`, { overlapSeconds }, bearer(by))
  const second = await rotate(key, 3600)
  expect(second.status).toBe(200)
  expect(second.body.previousValidUntil).not.toBeNull()
  expect([await statusWith(app, key), await statusWith(app, second.body.key)]).toEqual([200, 200])
  const third = await rotate(second.body.key, 0)
  expect([await statusWith(app, key), await statusWith(app, second.body.key)]).toEqual([401, 401])
  expect(await statusWith(app, third.body.key)).toBe(200)
  expect((await rotate(third.body.key, 31 * 86_400)).status).toBe(422)
  expect(
    (await app.client.call('POST', `/v1/api-keys/${id}/rotate`, undefined, bearer(third.body.key))).status,
  ).toBe(200)
})

test('nobody gives, or gets by rotating, a scope that he lacks', async () => {
  const app = await start()
  const all = await makeKey(app)
  const admin = await makeKey(app, { scopes: ['admin', 'notifications:read'] }, all.key)
  const by = bearer(admin.key)
  const refused = [
    await app.client.call('POST', '/v1/api-keys', { name: 'x', scopes: ['operate'] }, by),
    await app.client.call('PATCH', `/v1/api-keys/${admin.id}`, { scopes: ['admin', 'operate'] }, by),
    await app.client.call('POST', `/v1/api-keys/${all.id}/rotate`, {}, by),
    await app.client.call(
      'POST',
      '/v1/users',
      { email: 'a@b.c', role: 'admin', password: 'correct horse' },
      by,
    ),
  ]
  for (const reply of refused) expect([reply.status, reply.body.code]).toEqual([403, 'missing-scope'])
  expect(
    (await app.client.call('POST', '/v1/api-keys', { name: 'x', scopes: ['notifications:read'] }, by)).status,
  ).toBe(201)
  expect((await app.client.call('PATCH', `/v1/api-keys/${all.id}`, { name: 'renamed' }, by)).status).toBe(200)
})

test('a patch changes what it names: null clears, and takes effect at once', async () => {
  const app = await start()
  const first = await makeKey(app)
  const { id, key } = await makeKey(app, { requestsPerMinute: 5, expiresAt: { delay: 60 } }, first.key)
  const patch = (body: unknown) => app.client.call('PATCH', `/v1/api-keys/${id}`, body, bearer(first.key))
  const cleared = await patch({ requestsPerMinute: null, expiresAt: null })
  expect(cleared.body).toMatchObject({ requestsPerMinute: null, expiresAt: null, name: 'test' })
  expect(await statusWith(app, key)).toBe(200)
  expect((await patch({ scopes: ['operate'] })).body.scopes).toEqual(['operate'])
  expect(await statusWith(app, key)).toBe(403)
  expect((await patch({ scopes: ['nothing'] })).status).toBe(422)
  expect((await patch({ hash: 'x' })).status).toBe(422)
  expect((await patch({ expiresAt: '2020-01-01T00:00:00Z' })).body.code).toBe('time-in-past')
})

test('a key made or revoked elsewhere counts here within a second', async () => {
  const app = await start()
  const other = await start({ database: app.database })
  expect(await statusWith(other, null)).toBe(200)
  const first = await makeKey(app)
  let sinceMs = performance.now()
  await eventually('the other closes', async () => (await statusWith(other, null)) === 401)
  expect(performance.now() - sinceMs).toBeLessThan(1_300)
  const { id, key } = await makeKey(app, {}, first.key)
  expect(await statusWith(other, key)).toBe(200)
  await app.client.call('DELETE', `/v1/api-keys/${id}`, undefined, bearer(first.key))
  sinceMs = performance.now()
  await eventually('the other refuses it', async () => (await statusWith(other, key)) === 401)
  expect(performance.now() - sinceMs).toBeLessThan(1_300)
})

test('last use is written down', async () => {
  const app = await start()
  const { id, key } = await makeKey(app)
  const used = await eventually('the last use', async () => {
    const { body } = await app.client.call('GET', `/v1/api-keys/${id}`, undefined, bearer(key))
    return body.lastUsedAt !== null && body.lastUsedAt
  })
  expect(Math.abs(Date.parse(used) - Date.now())).toBeLessThan(60_000)
})

test('YEYAK_API_KEY is a key with all scopes; without it nobody enters', async () => {
  const key = 'a-key-of-my-own-making-24'
  const app = await start({ env: { YEYAK_API_KEY: key } })
  expect([await statusWith(app, null), await statusWith(app, key), await statusWith(app, `${key}x`)]).toEqual(
    [401, 200, 401],
  )
  const self = await app.client.call('GET', '/v1/session', undefined, bearer(key))
  expect(self.body).toMatchObject({ kind: 'key', id: 'YEYAK_API_KEY', project: { id: '1', name: 'default' } })
  expect(self.body.scopes).toEqual(ALL_SCOPES)
  expect(() => testConfig({ YEYAK_API_KEY: 'too-short' })).toThrow(/20 to 200/u)
})

test('with YEYAK_AUTH=off nobody is asked, keys or none', async () => {
  const app = await start({ env: { YEYAK_AUTH: 'off' } })
  await makeKey(app)
  expect(await statusWith(app, null)).toBe(200)
  expect(await statusWith(app, 'wrong')).toBe(200)
  const self = await app.client.call('GET', '/v1/session')
  expect(self.body).toMatchObject({ kind: 'anonymous', id: null, csrfToken: null })
})

/** With a `Host` of the test's own, which fetch does not let one set. */
const rawStatus = (url: string, method: string, path: string, headers: Record<string, string>) =>
  new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sent = httpRequest(new URL(path, url), { method, headers }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    sent.on('error', reject)
    sent.end()
  })

const urlOf = ({ app }: TestApp) => app.url?.replace('localhost', '127.0.0.1') ?? ''

test('an open server answers to names of this machine only; with a key, to any', async () => {
  const app = await start()
  const evil = { host: 'evil.example:3000' }
  const refused = await rawStatus(urlOf(app), 'GET', '/v1/notifications', evil)
  expect([refused.status, refused.text.includes('host-not-allowed')]).toEqual([403, true])
  const { key } = await makeKey(app)
  const taken = await rawStatus(urlOf(app), 'GET', '/v1/notifications', { ...evil, ...bearer(key) })
  expect(taken.status).toBe(200)
})

test('a page of another site cannot drive an open server', async () => {
  const app = await start()
  const id = await app.client.create(LOG)
  const path = `/v1/notifications/${id}/cancel`
  const host = new URL(urlOf(app)).host
  const foreign = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: `http://${host}`.replace(/\d$/u, (digit) => String((Number(digit) + 1) % 10)) },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: `http://${host}` },
  ]
  for (const headers of foreign) {
    const refused = await rawStatus(urlOf(app), 'POST', path, headers)
    expect([refused.status, refused.text.includes('host-not-allowed')]).toEqual([403, true])
  }
  expect((await app.client.call('GET', `/v1/notifications/${id}`)).body.state).toBe('scheduled')
  const own = { origin: `http://${host}`, 'sec-fetch-site': 'same-origin' }
  expect((await rawStatus(urlOf(app), 'POST', path, own)).status).toBe(200)
})

test('bound to other machines without a key it refuses to start, and says how to make one', async () => {
  const database = await createTestDatabase()
  try {
    const app = (env: Record<string, string>) =>
      createApp({
        config: testConfig({ DATABASE_URL: database.url, HOST: '0.0.0.0', ...env }),
        roles: API,
        log: silentLog(),
      })
    await expect(app({}).start()).rejects.toThrow(/yeyak keys create .*YEYAK_AUTH=off/su)
    for (const env of [{ YEYAK_AUTH: 'off' }, { YEYAK_API_KEY: 'a-key-of-my-own-making' }]) {
      const started = app(env)
      await started.start()
      await started.stop()
    }
    const open = await startTestApp({ database, roles: API })
    const { id, key } = await makeKey(open)
    const closed = app({})
    await closed.start()
    await closed.stop()
    await open.client.call('DELETE', `/v1/api-keys/${id}`, undefined, bearer(key))
    await open.end()
    await expect(app({}).start()).rejects.toThrow(/yeyak keys create/u)
  } finally {
    await database.drop()
  }
})
