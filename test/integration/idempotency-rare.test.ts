import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import type { Reply } from '../kit/client.ts'
import { expectProblem } from '../kit/http-server.ts'

/** What is made rarely: keys, projects, users, tokens of calendars, endpoints. */
const OWN_KEY = 'a-key-of-my-own-making-24'
const auth = { authorization: `Bearer ${OWN_KEY}` }

let t: TestApp
beforeAll(async () => {
  t = await startTestApp({
    roles: { api: true, worker: false },
    env: { YEYAK_API_KEY: OWN_KEY, YEYAK_ENCRYPTION_KEY: Buffer.alloc(32, 1).toString('base64') },
  })
})
afterAll(() => t.end())

interface Case {
  path: string
  body: Record<string, unknown>
  other: Record<string, unknown>
  /** Shown once, and so in no repeat. */
  secrets: readonly string[]
  table: string
}

const CASES: Case[] = [
  {
    path: '/v1/api-keys',
    body: { name: 'shop', scopes: ['notifications:read'] },
    other: { name: 'shop', scopes: ['notifications:write'] },
    ...{ secrets: ['key'], table: 'api_keys' },
  },
  {
    path: '/v1/projects',
    ...{ body: { name: 'shop' }, other: { name: 'shop-2' }, secrets: [], table: 'projects' },
  },
  {
    path: '/v1/users',
    body: { email: 'kim@example.com', role: 'viewer', password: 'correct horse battery' },
    other: { email: 'kim@example.com', role: 'editor', password: 'correct horse battery' },
    ...{ secrets: [], table: 'users' },
  },
  {
    path: '/v1/calendar/tokens',
    body: { name: 'mine', expiresAt: new Date(Date.now() + 86_400_000).toISOString() },
    ...{ other: { name: 'yours' }, secrets: ['token', 'path'], table: 'calendar_tokens' },
  },
  {
    path: '/v1/webhooks',
    body: { url: 'https://example.com/hook', types: ['notification.failed'] },
    other: { url: 'https://example.com/hook', types: ['*'] },
    ...{ secrets: ['secret'], table: 'webhooks' },
  },
]

const post = (path: string, body: object, key?: string) =>
  t.client.call('POST', path, body, key === undefined ? auth : { ...auth, 'idempotency-key': key })
const expectCode = (reply: Reply, code: Parameters<typeof expectProblem>[1]) =>
  expectProblem({ ...reply, json: reply.body }, code)
const countOf = async (from: string, values: unknown[] = []) =>
  (await t.database.query<{ n: number }>(`select count(*)::int as n from yeyak.${from}`, values))[0]?.n ?? 0
const keysOf = (key: string) => countOf('idempotency_keys where key = $1', [key])

test.each(CASES)(
  'POST $path with one key makes one thing, however often and at once it is sent',
  async ({ path, body, other, secrets, table }) => {
    const before = await countOf(table)
    // Of requests at the same moment, each of those that come second waits for the first one's commit.
    const replies = await Promise.all(Array.from({ length: 6 }, () => post(path, body, 'k1')))
    expect(replies.map(({ status, text }) => [status, status === 201 ? '' : text])).toEqual(
      Array.from({ length: 6 }, () => [201, '']),
    )
    expect(new Set(replies.map((reply) => reply.body.id)).size).toBe(1)
    expect(new Set(replies.map((reply) => reply.headers.get('location'))).size).toBe(1)
    expect(await countOf(table)).toBe(before + 1)
    const isReplay = (reply: (typeof replies)[number]) => reply.headers.get('idempotency-replayed') === 'true'
    expect(replies.filter(isReplay)).toHaveLength(5)
    for (const reply of replies)
      for (const secret of secrets) expect(secret in reply.body, secret).toBe(!isReplay(reply))

    // As parsed JSON: the order of members makes no difference.
    const again = await post(path, Object.fromEntries(Object.entries(body).toReversed()), 'k1')
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true'])
    const reused = await post(path, other, 'k1')
    expectCode(reused, 'idempotency-key-reused')
    const strange = await post(path, body, 'two words')
    expectCode(strange, 'invalid-parameter')
  },
)

test.each(CASES)('a refused POST $path keeps no key', async ({ path, body }) => {
  expect((await post(path, { ...body, unknown: 1 }, 'refused')).status).toBe(422)
  expect(await keysOf('refused')).toBe(0)
})

test('a name that is taken is refused under another key, and keeps none', async () => {
  const taken = await post('/v1/projects', { name: 'shop' }, 'k-taken')
  expectCode(taken, 'already-exists')
  expect(await keysOf('k-taken')).toBe(0)
})

test('a repeat shows the thing as it is now', async () => {
  const made = await post('/v1/projects', { name: 'before' }, 'k-now')
  await t.client.call('PATCH', made.headers.get('location') ?? '', { name: 'after' }, auth)
  const again = await post('/v1/projects', { name: 'before' }, 'k-now')
  expect(again.body).toMatchObject({ id: made.body.id, name: 'after' })
})

test.each(CASES)('the key of POST $path ends with what it made', async ({ path, body }) => {
  const { body: first } = await post(path, body, 'k1')
  const removed = await t.client.call('DELETE', `${path}/${first.id}`, undefined, auth)
  expect(removed.status).toBe(204)
  const again = await post(path, body, 'k1')
  expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, null])
  expect(again.body.id).not.toBe(first.id)
})

test('a key belongs to its project and route', async () => {
  const others = await post('/v1/api-keys', { name: 'a', scopes: ['admin'], project: 'shop' })
  const body = { name: 'b', scopes: ['admin'] }
  const here = await post('/v1/api-keys', body, 'shared')
  const there = await t.client.call('POST', '/v1/api-keys', body, {
    ...{ authorization: `Bearer ${others.body.key}`, 'idempotency-key': 'shared' },
  })
  expect([here.status, there.status]).toEqual([201, 201])
  expect(there.headers.get('idempotency-replayed')).toBeNull()
  expect(here.body.project).toBe('default')
  expect(there.body.project).toBe('shop')
  const webhook = await post('/v1/projects', { name: 'c' }, 'shared')
  expect([webhook.status, webhook.headers.get('idempotency-replayed')]).toEqual([201, null])
})

test('a key that was made for another project is given again, to those who may make it', async () => {
  const body = { name: 'd', scopes: ['notifications:read'], project: 'shop' }
  const made = await post('/v1/api-keys', body, 'k-other')
  const again = await post('/v1/api-keys', body, 'k-other')
  expect(again.body).toMatchObject({ id: made.body.id, project: 'shop' })
})

test('nothing that is kept tells a password: a repeat with another one is the same request', async () => {
  const user = { email: 'lee@example.com', role: 'viewer', password: 'correct horse battery' }
  const made = await post('/v1/users', user, 'k-user')
  const again = await post('/v1/users', { ...user, password: 'staple horse battery' }, 'k-user')
  expect([again.status, again.body.id]).toEqual([201, made.body.id])
  const signIn = (password: string) =>
    t.client.call('POST', '/v1/session', { email: user.email, password }, {})
  expect((await signIn(user.password)).status).toBe(201)
  expect((await signIn('staple horse battery')).status).toBe(401)
})

test('a request that waits over 2 s for an open transaction with its key is told to come again', async () => {
  const session = await t.database.session()
  await session.query('begin')
  await session.query(`insert into yeyak.idempotency_keys (project_id, route, key, request_hash, resource_id)
    values (1, '/v1/projects', 'held', '\\x00', '0')`)
  const busy = await post('/v1/projects', { name: 'held' }, 'held')
  expectCode(busy, 'idempotency-in-progress')
  expect(busy.headers.get('retry-after')).toBe('1')
  await session.query('rollback')
  await session.end()
  expect((await post('/v1/projects', { name: 'held' }, 'held')).status).toBe(201)
})
