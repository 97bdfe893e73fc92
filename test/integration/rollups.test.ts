import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { takeEvents } from '../../src/operations/repository-rollups.ts'
import { createDatabase } from '../../src/platform/database.ts'
import { createTables } from '../../src/platform/tables.ts'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'
import { createDeployment } from '../kit/deployment.ts'
import { eventually } from '../kit/poll.ts'
import { seed } from '../kit/seed.ts'

const tables = createTables('yeyak')
const sources = { tables, subjects: { notification: tables.notifications } }

const reader = (database: TestDatabase) => {
  const db = createDatabase({
    connection: () => ({ connectionString: database.url }),
    ...{ applicationName: 'test', maxConnections: 2, onConnectionLost: () => {} },
  })
  return {
    take: (limit = 5_000) => takeEvents(db, sources, limit),
    /** Waits for transactions of other files, which are on the same server. */
    takeSome: () =>
      eventually('events to take', async () => {
        const taken = await takeEvents(db, sources, 5_000)
        return taken.count > 0 && taken
      }),
    async takeAll(count: number) {
      for (let taken = 0; taken < count;) taken += (await this.takeSome()).count
    },
    end: () => db.destroy(),
  }
}

interface Sums extends Record<string, unknown> {
  minutes: number
  created: number
  delivered: number
  failed: number
  canceled: number
  expired: number
  attempts: number
  late: number
}

/** What was added up, of minutes and of hours. */
const summed = async (database: TestDatabase, projectId = 1): Promise<Sums[]> =>
  database.query<Sums>(
    `select minutes, sum(created)::int as created, sum(delivered)::int as delivered, sum(failed)::int as failed,
       sum(canceled)::int as canceled, sum(expired)::int as expired,
       sum((select sum(a) from unnest(attempts) a))::int as attempts, sum((select sum(a) from unnest(late) a))::int as late
     from yeyak.rollups where project_id = $1 group by minutes order by minutes`,
    [projectId],
  )

const totals = async (database: TestDatabase, projectId = 1): Promise<Record<string, number>> => {
  const rows = await database.query<{ state: string; n: number }>(
    `select state, n::int as n from yeyak.totals where project_id = $1 and n <> 0 order by state`,
    [projectId],
  )
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]))
}

/** The same, counted from the rows themselves. */
const counted = async (database: TestDatabase, projectId = 1): Promise<Record<string, number>> => {
  const rows = await database.query<{ state: string; n: number }>(
    `select case when finished_at is null then 'open' else state end as state, count(*)::int as n
     from yeyak.notifications where project_id = $1 group by 1 order by 1`,
    [projectId],
  )
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]))
}

/** One notification with events as outcomes leave them, in a transaction of its own. */
const WRITE = `with n as (
    insert into yeyak.notifications (id, project_id, channel, lane, content, due_at, next_at, retry_limit, retry_delay_seconds,
      retry_backoff, retry_max_delay_seconds, on_unknown, timeout_seconds, state, finished_at)
    values (gen_random_uuid(), $1, 'log', 'notifications.log', '{"message":"m"}', now(), now(), 3, 60, 'exponential', 3600,
      'retry', 15, 'delivered', now()) returning id),
  a as (insert into yeyak.attempts (subject_id, number, outcome, due_at, started_at, finished_at, late_ms)
    select id, 1, 'delivered', now(), now() - interval '1 ms', now() + interval '30 ms', 7 from n),
  c as (insert into yeyak.events (project_id, kind, subject_id, type)
    select $1::int, 'notification', id::text, 'notification.created' from n)
  insert into yeyak.events (project_id, kind, subject_id, type, data)
    select $1::int, 'notification', id::text, 'notification.delivered', '{"number":1,"outcome":"delivered"}' from n`

test(
  'four writers and three readers at once: each event is counted exactly once',
  { timeout: 60_000 },
  async () => {
    const database = await createTestDatabase()
    const EACH = 150
    let writing = true
    const readers = Array.from({ length: 3 }, () => reader(database))
    const write = async (projectId: number) => {
      const session = await database.session()
      // The pause is the disturbance: some are open for a while, so that they commit in another order than they began.
      for (let i = 0; i < EACH; i += 1) {
        await session.query('begin')
        await session.query(WRITE, [projectId])
        if (i % 3 === 0) await session.query('select pg_sleep(0.002)')
        await session.query(i % 10 === 9 ? 'rollback' : 'commit')
      }
      await session.end()
    }
    const read = async ({ take }: (typeof readers)[number]) => {
      while (writing) await take(17)
    }
    const reading = readers.map(read)
    await Promise.all([1, 1, 1, 2].map(write))
    writing = false
    await Promise.all(reading)
    const written = EACH * 0.9
    const [left] = await database.query<{ n: number }>(
      `select count(*)::int as n from yeyak.events e, yeyak.feeds f where f.name = 'rollups' and (e.xid, e.id) > (f.xid, f.id)`,
    )
    await readers[0]?.takeAll(left?.n ?? 0)
    const sums = (n: number, minutes: number) => ({
      ...{ minutes, created: n, delivered: n, failed: 0, canceled: 0, expired: 0, attempts: n, late: n },
    })
    expect(await summed(database)).toEqual([sums(3 * written, 1), sums(3 * written, 60)])
    expect(await summed(database, 2)).toEqual([sums(written, 1), sums(written, 60)])
    expect(await totals(database)).toEqual({ delivered: 3 * written })
    expect(await totals(database, 2)).toEqual({ delivered: written })
    const [lane] = await database.query<{ lanes: string[] }>(
      'select array_agg(distinct lane) as lanes from yeyak.rollups',
    )
    expect(lane?.lanes).toEqual(['notifications.log'])
    await Promise.all(readers.map(({ end }) => end()))
    await database.drop()
  },
)

test('what commits late is not passed over: the reader stops before a transaction that is still open', async () => {
  const database = await createTestDatabase()
  const own = reader(database)
  const early = await database.session()
  await early.query('begin')
  await early.query(WRITE, [1])
  await database.query(WRITE, [1])
  expect(await own.take()).toEqual({ count: 0, busy: false })
  await early.query('commit')
  expect(await own.takeSome()).toEqual({ count: 4, busy: false })
  expect((await summed(database))[0]).toMatchObject({ created: 2, delivered: 2 })
  expect(await own.take()).toEqual({ count: 0, busy: false })
  await early.end()
  await own.end()
  await database.drop()
})

test('while one reader holds the feed, another one does nothing', async () => {
  const database = await createTestDatabase()
  const own = reader(database)
  await database.query(WRITE, [1])
  const other = await database.session()
  await other.query('begin')
  await other.query(`select 1 from yeyak.feeds where name = 'rollups' for update`)
  expect(await own.take()).toEqual({ count: 0, busy: true })
  await other.query('rollback')
  expect(await own.takeSome()).toEqual({ count: 2, busy: false })
  await other.end()
  await own.end()
  await database.drop()
})

test(
  'a reader that is killed mid-way loses nothing and counts nothing twice',
  { timeout: 120_000 },
  async () => {
    const d = await createDeployment({ env: { YEYAK_POLL_SECONDS: '1' } })
    onTestFinished(d.end)
    const COUNT = 100_000
    await seed(d.database, { count: COUNT })
    const position = async () =>
      (
        await d.database.query<{ id: number }>(`select id::int as id from yeyak.feeds where name = 'rollups'`)
      )[0]?.id ?? 0
    for (const until of [COUNT / 10, COUNT / 2]) {
      const worker = await d.spawn('worker')
      await eventually('it is under way', async () => (await position()) >= until, 30_000)
      worker.kill('SIGKILL')
      await worker.exited
    }
    await d.spawn('worker')
    await eventually('all is added up', async () => (await totals(d.database))['open'] === COUNT, 60_000)
    expect((await summed(d.database)).map(({ created }) => created)).toEqual([COUNT, COUNT])
  },
)

let t: TestApp
beforeAll(async () => {
  t = await startTestApp({ env: { YEYAK_RETENTION_DAYS: '30' } })
})
afterAll(() => t.end())

const counts = async () => (await t.client.call('GET', '/v1/overview')).body.counts

test('the totals follow what people cancel, retry, settle and undo', { timeout: 60_000 }, async () => {
  const { client, database } = t
  const later = { message: 'x', sendAt: { delay: '1h' } }
  const refused = { channel: 'probe', to: 'http://127.0.0.1:9/', message: 'x', retry: { limit: 0 } }
  const check = async (expected: object) => {
    await expect.poll(counts, { timeout: 15_000 }).toMatchObject(expected)
    expect(await totals(database)).toEqual(await counted(database))
  }
  const ids = await Promise.all(Array.from({ length: 4 }, () => client.create(later)))
  await check({ scheduled: 4 })
  await client.call('POST', `/v1/notifications/${ids[0]}/cancel`)
  await client.call('POST', `/v1/notifications/${ids[1]}/resolve`, { outcome: 'delivered' })
  await client.call('POST', `/v1/notifications/${ids[2]}/resolve`, { outcome: 'failed' })
  await check({ scheduled: 1, canceled: 1, delivered: 1, failed: 1 })
  await client.call('POST', `/v1/notifications/${ids[0]}/retry`, { sendAt: { delay: '1h' } })
  await client.call('POST', `/v1/notifications/${ids[2]}/retry`, { sendAt: { delay: '1h' } })
  await check({ scheduled: 3, canceled: 0, delivered: 1, failed: 0 })
  const failing = await client.create(refused)
  await client.inState(failing, 'failed')
  await check({ scheduled: 3, failed: 1 })
  const reply = await client.call('POST', '/v1/notifications/cancel', {
    ...{ filter: { state: 'scheduled' }, ratePerSecond: 1000 },
  })
  const done = await eventually('canceled', async () => {
    const { body } = await client.call('GET', `/v1/operations/${reply.body.id}`)
    return body.state === 'done' && body
  })
  await check({ scheduled: 0, canceled: 3 })
  const undo = await client.call('POST', `/v1/operations/${done.id}/undo`)
  await eventually('undone', async () => {
    const { body } = await client.call('GET', `/v1/operations/${undo.body.id}`)
    return body.state === 'done'
  })
  await check({ scheduled: 3, canceled: 0, failed: 1, delivered: 1 })
})

test('what retention removes is taken off the totals', async () => {
  const before = await counts()
  const ids = await Promise.all(Array.from({ length: 3 }, () => t.client.create({ message: 'old' })))
  await Promise.all(ids.map((id) => t.client.inState(id, 'delivered')))
  await expect.poll(counts, { timeout: 15_000 }).toMatchObject({ delivered: before.delivered + 3 })
  await t.database.query(
    `update yeyak.notifications set due_at = now() - interval '40 days', finished_at = now() - interval '40 days'
     where id = any($1::uuid[])`,
    [ids],
  )
  const again = await startTestApp({ database: t.database, env: { YEYAK_RETENTION_DAYS: '30' } })
  await eventually('they are gone', async () => (await t.client.get(String(ids[0]))).status === 404)
  await again.end()
  expect((await counts()).delivered).toBe(before.delivered)
  expect(await totals(t.database)).toEqual(await counted(t.database))
})

test('rollups from before 400 days are removed, others stay', async () => {
  await t.database.query(
    `insert into yeyak.rollups (project_id, minutes, at, lane, attempts, late, took)
     select 1, 1, now() - make_interval(days => d), 'old', '{}', '{}', '{}' from unnest(array[399, 401, 500]) d`,
  )
  const again = await startTestApp({ database: t.database })
  const left = await eventually('two are gone', async () => {
    const rows = await t.database.query<{ days: number }>(
      `select round(extract(epoch from now() - at) / 86400)::int as days from yeyak.rollups where lane = 'old'`,
    )
    return rows.length === 1 && rows
  })
  expect(left).toEqual([{ days: 399 }])
  await again.end()
})
