import { afterEach, expect, test } from 'vitest'
import { startTestApp, type TestApp, type TestAppOptions } from '../kit/app.ts'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'
import { eventually } from '../kit/poll.ts'
import { type Proxy, startProxy } from '../kit/proxy.ts'

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

const start = async (o: TestAppOptions = {}): Promise<TestApp> => {
  const app = await startTestApp({ roles: { api: true, worker: false }, ...o })
  ends.push(() => app.end())
  return app
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
const makeKey = async (app: TestApp, body: object = {}, by?: string) => {
  const wanted = { name: 'test', scopes: ['notifications:read', 'notifications:write', 'admin'], ...body }
  const reply = await app.client.call('POST', '/v1/api-keys', wanted, by === undefined ? {} : bearer(by))
  return { id: String(reply.body.id), key: String(reply.body.key) }
}
const get = (app: TestApp, key: string, path = '/v1/notifications') =>
  app.client.call('GET', path, undefined, bearer(key))

test('a key with a limit is told what is left of it, and refused beyond it; others are not', async () => {
  const app = await start()
  const free = await makeKey(app)
  const { id, key } = await makeKey(app, { requestsPerMinute: 3 }, free.key)
  const replies = [await get(app, key), await get(app, key), await get(app, key), await get(app, key)]
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 429])
  expect(replies.map(({ headers }) => headers.get('ratelimit-remaining'))).toEqual(['2', '1', '0', '0'])
  const refused = replies[3]
  expect(refused?.body.code).toBe('rate-limited')
  expect(refused?.headers.get('ratelimit-limit')).toBe('3')
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(15)
  expect(Number(refused?.headers.get('ratelimit-reset'))).toBeGreaterThan(50)
  const other = await get(app, free.key)
  expect([other.status, other.headers.get('ratelimit-limit')]).toEqual([200, null])
  await app.client.call('PATCH', `/v1/api-keys/${id}`, { requestsPerMinute: 6000 }, bearer(free.key))
  await eventually('the larger limit', async () => (await get(app, key)).status === 200)
})

test('YEYAK_RATE_LIMIT is for keys that say nothing themselves', async () => {
  const app = await start({ env: { YEYAK_RATE_LIMIT: '100' } })
  const { key } = await makeKey(app)
  const own = await makeKey(app, { requestsPerMinute: 7 }, key)
  expect((await get(app, key)).headers.get('ratelimit-limit')).toBe('100')
  expect((await get(app, own.key)).headers.get('ratelimit-limit')).toBe('7')
})

test('wrong keys from one address are refused without a look after 20 a minute; a known one passes', async () => {
  const app = await start()
  const { key } = await makeKey(app)
  expect((await get(app, key)).status).toBe(200)
  const statuses = []
  for (let i = 0; i < 25; i += 1) statuses.push((await get(app, `wrong-key-with-number-${i}`)).status)
  expect(statuses.indexOf(429)).toBe(20)
  const refused = await get(app, 'wrong-key-once-more-0')
  expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true])
  expect((await get(app, key)).status).toBe(200)
})

const behindProxy = async () => {
  const database = await createTestDatabase()
  ends.push(() => database.drop())
  const proxy: Proxy = await startProxy(database.url)
  ends.push(() => proxy.stop())
  const through: TestDatabase = { ...database, url: proxy.url }
  return { proxy, app: await start({ database: through }) }
}

test('while the database is away a known key is believed, an unknown one is told to wait, and all is as before after', async () => {
  const { proxy, app } = await behindProxy()
  const { key } = await makeKey(app)
  expect((await get(app, key)).status).toBe(200)
  proxy.blackhole()
  const schedule = () => app.client.call('POST', '/schedule-notification', { message: 'x' }, bearer(key))
  const sinceMs = performance.now()
  const [known, unknown] = await Promise.all([schedule(), get(app, 'an-unknown-key-of-some-length')])
  expect([known.status, known.text]).toEqual([500, '서버 오류 발생'])
  expect([unknown.status, unknown.body.code, unknown.body.reason]).toEqual([503, 'unavailable', 'database'])
  expect(performance.now() - sinceMs).toBeLessThan(5_000)
  proxy.restore()
  await eventually('a create', async () => (await schedule()).status === 200)
  await eventually(
    'the unknown one',
    async () => (await get(app, 'an-unknown-key-of-some-length')).status === 401,
  )
})

test('an open server stays open while its database is away', async () => {
  const { proxy, app } = await behindProxy()
  expect((await app.client.call('GET', '/v1/notifications')).status).toBe(200)
  proxy.blackhole()
  const sinceMs = performance.now()
  const reply = await app.client.call('POST', '/schedule-notification', { message: 'x' })
  expect([reply.status, reply.text]).toEqual([500, '서버 오류 발생'])
  expect(performance.now() - sinceMs).toBeLessThan(5_000)
  proxy.restore()
})
