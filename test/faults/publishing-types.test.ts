import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient } from '../kit/client.ts'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'
import { eventually } from '../kit/poll.ts'
import { startProcess } from '../kit/process.ts'
import { seedStories } from '../kit/stories.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const settings = () => ({ DATABASE_URL: database.url, YEYAK_POLL_SECONDS: '1' })
const statusOf = async (prefix: string) =>
  (
    await database.query<{ status: string }>(`select status from yeyak.content where id like $1 || '\\_%'`, [
      prefix,
    ])
  ).map(({ status }) => status)

test('from the API to the log line, with a worker of its own', async () => {
  const api = await startProcess({ role: 'api', env: settings() })
  const client = createClient(api.url ?? '')
  const body = { id: 'cl_123', data: { title: 'Mission' }, schedule: { publishAt: { delay: 2 } } }
  const made = await client.call('POST', '/v1/content/story', body)
  expect([made.status, made.body.status]).toEqual([201, 'scheduled'])
  expect((await client.call('GET', '/v1/publications?id=cl_123')).body.items).toMatchObject([
    { state: 'scheduled' },
  ])
  const worker = await startProcess({ role: 'worker', env: settings() })
  await worker.logged('[publish-worker] started')
  const { msg } = await worker.logged('story:cl_123 →')
  expect(msg).toMatch(
    /^\[publish-worker\] story:cl_123 → published @\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/u,
  )
  const { body: item } = await client.call('GET', '/v1/content/story/cl_123')
  expect(item).toMatchObject({ status: 'published', publishedAt: msg.slice(msg.indexOf('@') + 1) })
  await Promise.all([api.end(), worker.end()])
})

test('each process takes the types that it knows, and what nobody knows disturbs nobody', async () => {
  const a = await startProcess({ role: 'worker', env: { ...settings(), TEST_TYPES: 'post' } })
  const b = await startProcess({ role: 'worker', env: { ...settings(), TEST_TYPES: 'page' } })
  await seedStories(database, { count: 5, prefix: 'unknown', type: 'nobody', inSeconds: 0.5 })
  await seedStories(database, { count: 5, prefix: 'post', type: 'post', inSeconds: 0.5 })
  await seedStories(database, { count: 5, prefix: 'page', type: 'page', inSeconds: 0.5 })
  for (const prefix of ['post', 'page'])
    await eventually(`${prefix} live`, async () =>
      (await statusOf(prefix)).every((status) => status === 'published'),
    )
  expect(a.records.some(({ msg }) => msg.includes('page:page_1'))).toBe(false)
  expect(b.records.some(({ msg }) => msg.includes('post:post_1'))).toBe(false)
  expect(new Set(await statusOf('unknown'))).toEqual(new Set(['scheduled']))
  // Due for a minute with no worker that knows it: a dead letter, by the next round.
  await database.query(`update yeyak.publications set due_at = due_at - interval '1 hour', next_at = next_at - interval '1 hour'
    where type = 'nobody'`)
  const failed = await eventually(
    'given up',
    async () => {
      const rows = await database.query<{ state: string; reason: string; error: { message: string } }>(
        `select state, reason, error from yeyak.publications where type = 'nobody'`,
      )
      return rows.every(({ state }) => state === 'failed') && rows
    },
    100_000,
  )
  expect(failed[0]).toMatchObject({ reason: 'unknown_model', error: { message: 'Unknown model: nobody' } })
  expect(new Set(await statusOf('unknown'))).toEqual(new Set(['draft']))
  await Promise.all([a.end(), b.end()])
})

test('the zone of the process and of the database make no difference', async () => {
  await database.query(`alter database ${database.name} set timezone = 'Asia/Kathmandu'`)
  const one = await startProcess({ role: 'start', env: { ...settings(), TZ: 'America/St_Johns' } })
  const client = createClient(one.url ?? '')
  const local = { local: '2030-07-01T09:00', timeZone: 'America/St_Johns' }
  const far = await client.call('POST', '/v1/content/story', {
    id: 'zone',
    data: { title: 'x' },
    schedule: { publishAt: local },
  })
  expect(far.body.schedule.publications).toMatchObject([{ dueAt: '2030-07-01T11:30:00.000Z' }])
  const soon = await client.call('POST', '/v1/content/story', {
    id: 'soon',
    data: { title: 'x' },
    schedule: { publishAt: { delay: 0.5 } },
  })
  const { dueAt } = soon.body.schedule.publications[0]
  await one.logged('story:soon → published')
  const { body } = await client.call('GET', '/v1/content/story/soon')
  const lateMs = Date.parse(body.publishedAt) - Date.parse(dueAt)
  expect(lateMs).toBeGreaterThanOrEqual(0)
  expect(lateMs).toBeLessThan(3_000)
  await one.end()
})
