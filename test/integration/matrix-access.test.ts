import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ALL_SCOPES, type Scope } from '../../src/http/index.ts'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { bodyOf, type Operation, pathWith, readOperations } from '../kit/openapi-requests.ts'
import { type BoundedCall, createBoundedCall, expectRefusal, leavingNothing } from '../kit/problems.ts'

vi.setConfig({ testTimeout: 120_000 })

const ADMIN = `yk_${randomBytes(32).toString('base64url')}`
const CANARY = 'canary of the first project'
const UNKNOWN_ID = '0199f0a0-0000-7000-8000-00000000dead'
const PASSWORD = 'a long enough passphrase 42'

let t: TestApp
let call: BoundedCall
let operations: Operation[]
/** Of the first project: an id for each list that has one, by the path of the list. */
const ids = new Map<string, string>()

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
const asAdmin = async (method: string, path: string, body?: unknown) => {
  const reply = await call(method, path, body, bearer(ADMIN))
  expect(reply.status, `${method} ${path}: ${reply.text}`).toBeLessThan(300)
  return reply.body
}
const newKey = async (scopes: readonly Scope[], more: object = {}): Promise<{ id: string; key: string }> =>
  asAdmin('POST', '/v1/api-keys', { name: `of ${scopes.length}`, scopes, ...more })

beforeAll(async () => {
  t = await startTestApp({
    roles: { api: true, worker: false },
    env: { YEYAK_API_KEY: ADMIN, YEYAK_ENCRYPTION_KEY: randomBytes(32).toString('base64') },
  })
  call = createBoundedCall(t.app.url?.replace('localhost', '127.0.0.1') ?? '')
  operations = (await readOperations(t.client)).filter(({ access }) => access !== 'public')
  const later = { sendAt: { delay: '1h' } }
  await asAdmin('POST', '/v1/notifications', { message: CANARY, tags: ['t'], ...later })
  await asAdmin('POST', '/v1/webhooks', { url: 'https://example.com/', types: ['*'], description: CANARY })
  await asAdmin('POST', '/v1/projects', { name: 'other' })
  await asAdmin('POST', '/v1/users', { email: 'viewer@example.com', role: 'viewer', password: PASSWORD })
  await asAdmin('POST', '/v1/session', { email: 'viewer@example.com', password: PASSWORD })
  await newKey(['operate'], { name: CANARY })
  // With a rate, as a small one is done at once and leaves no operation.
  await asAdmin('POST', '/v1/notifications/cancel', { filter: { tag: 't' }, ratePerSecond: 100 })
  for (const { method, path } of operations) {
    if (method !== 'GET' || path.includes('{')) continue
    const { items } = (await call('GET', path, undefined, bearer(ADMIN))).body ?? {}
    const id: unknown = items?.[0]?.id
    if (typeof id === 'string') ids.set(path, id)
  }
})
afterAll(() => t.end())

const place = (operation: Operation, isOwn = true) => {
  const [list = ''] = operation.path.split('/{')
  return pathWith(operation, () => (isOwn ? ids.get(list) : undefined) ?? UNKNOWN_ID)
}
const ask = (operation: Operation, headers: Record<string, string>, isOwn = true) =>
  call(operation.method, place(operation, isOwn), bodyOf(operation), { 'if-match': '*', ...headers })

test('what is tried here is there', () => {
  for (const list of [
    '/v1/notifications',
    '/v1/webhooks',
    '/v1/api-keys',
    '/v1/operations',
    '/v1/users',
    '/v1/sessions',
    '/v1/projects',
  ])
    expect([...ids.keys()]).toContain(list)
})

test.each(ALL_SCOPES)(
  'a key with the scope %s alone is refused on every route of another scope, by its name',
  async (scope) => {
    const { key } = await newKey([scope])
    await leavingNothing(t.database, async () => {
      for (const operation of operations) {
        if (operation.access === 'any' || operation.access === scope) continue
        const reply = await ask(operation, bearer(key))
        expectRefusal(reply, '', `${operation.name} with ${scope}`)
        expect(reply.body, operation.name).toMatchObject({
          status: 403,
          code: 'missing-scope',
          scope: operation.access,
        })
      }
    })
  },
)

test('with its own scope alone each route answers', async () => {
  for (const operation of operations) {
    if (operation.access === 'any') continue
    const scope = operation.access as Scope
    // Nobody gives what he lacks: a key the scopes of its example, those of a viewer; a token the look at the calendar.
    const given = ALL_SCOPES.filter((one) => one.endsWith(':read') || one === 'notifications:write')
    const also: Scope[] = operation.name === 'POST /v1/calendar/tokens' ? ['notifications:read'] : []
    const { key } = await newKey(scope === 'admin' ? [scope, ...given] : [scope, ...also])
    const { status, text } = await ask(operation, bearer(key), false)
    expect([401, 403, 500], `${operation.name}: ${text}`).not.toContain(status)
  }
})

test('a viewer who has signed in reads, and writes nothing, with or without his token', async () => {
  const signIn = await call('POST', '/v1/session', { email: 'viewer@example.com', password: PASSWORD })
  expect(signIn.status).toBe(201)
  const cookie = (signIn.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const token = { 'x-csrf-token': String(signIn.body.csrfToken) }
  for (const operation of operations) {
    if (operation.method !== 'GET' || !operation.access.endsWith(':read')) continue
    const { status, text } = await ask(operation, { cookie })
    expect([401, 403, 500], `${operation.name}: ${text}`).not.toContain(status)
  }
  await leavingNothing(t.database, async () => {
    for (const operation of operations) {
      if (operation.access === 'any' || operation.access.endsWith(':read')) continue
      for (const headers of [{ cookie }, { cookie, ...token }]) {
        const reply = await ask(operation, headers)
        expectRefusal(reply, '', operation.name)
        expect(reply.status, `${operation.name}: ${reply.text}`).toBe(403)
      }
    }
  })
})

test('a key of another project, with every scope, sees nothing and changes nothing of the first', async () => {
  const { key } = await newKey(ALL_SCOPES, { project: 'other' })
  const projectId = ids.get('/v1/projects') ?? ''
  await leavingNothing(t.database, async () => {
    for (const operation of operations) {
      // Queues are the installation's, and have names. What makes something of its own makes it in its own project.
      if (operation.params.length === 0 || operation.params.includes('name')) continue
      const reply = await ask(operation, bearer(key))
      expectRefusal(reply, '', `${operation.name}: ${reply.text}`)
      expect([403, 404], `${operation.name}: ${reply.text}`).toContain(reply.status)
    }
  })
  for (const operation of operations) {
    if (operation.method !== 'GET' || operation.params.length > 0) continue
    const { status, text } = await ask(operation, bearer(key))
    expect(status, operation.name).not.toBe(500)
    expect(text, operation.name).not.toContain(CANARY)
    for (const id of [...ids.values()].filter((one) => one !== projectId && one.length > 20))
      expect(text, operation.name).not.toContain(id)
  }
  const others = await asAdmin('GET', '/v1/notifications')
  expect(others.items).toHaveLength(1)
})

/** Last: so many wrong keys slow their address down. */
test.each([
  ['no key', async () => ({})],
  ['a scheme of its own', async () => ({ authorization: `Basic ${btoa(`x:${ADMIN}`)}` })],
  ['an empty key', async () => ({ authorization: 'Bearer ' })],
  ['two keys', async () => ({ authorization: `Bearer ${ADMIN}, Bearer ${ADMIN}` })],
  ['a cookie of nobody', async () => ({ cookie: `yeyak_session=${randomBytes(32).toString('base64url')}` })],
  ['a wrong key', async () => bearer(`yk_${randomBytes(32).toString('base64url')}`)],
  ['a key that is nearly right', async () => bearer(`${ADMIN.slice(0, -1)}${ADMIN.endsWith('A') ? 'B' : 'A'}`)],
  ['the hash of a key', async () => bearer((await t.database.query<{ hash: string }>(`select encode(hash, 'hex') as hash from yeyak.api_keys limit 1`))[0]?.hash ?? '')],
  ['an expired key', async () => {
    const { id, key } = await newKey(ALL_SCOPES)
    await t.database.query(`update yeyak.api_keys set created_at = now() - interval '2 days', expires_at = now() - interval '1 day' where id = $1`, [id])
    return bearer(key)
  }],
  ['a revoked key', async () => {
    const { id, key } = await newKey(ALL_SCOPES)
    await asAdmin('DELETE', `/v1/api-keys/${id}`)
    return bearer(key)
  }],
] as [string, () => Promise<Record<string, string>>][])('%s opens no route', async (_, make) => {
  const headers = await make()
  await leavingNothing(t.database, async () => {
    for (const operation of operations) {
      const reply = await ask(operation, headers)
      expectRefusal(reply, '', operation.name)
      expect(['unauthenticated', 'rate-limited'], `${operation.name}: ${reply.text}`).toContain(reply.body.code)
      expect(reply.text).not.toContain(CANARY)
    }
  })
}) // prettier-ignore
