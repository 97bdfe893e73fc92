import { afterAll, beforeAll, expect, test } from 'vitest'
import { createYeyak } from '../../src/index.ts'
import { startTestApp } from '../kit/app.ts'
import { applicationPool } from '../kit/application-pool.ts'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'
import { eventually } from '../kit/poll.ts'
import { startProcess } from '../kit/process.ts'
import { createRowTables, ROW_MODELS } from '../kit/row-models.ts'
import { seedStories } from '../kit/stories.ts'

/** Of the transaction that publishes, in their order; `committed` is after it. */
const STEPS = ['begun', 'locked', 'read', 'ended', 'settled', 'removed', 'committed']

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const live = (prefix: string) =>
  database.query<{ id: string; version: number }>(
    `select id, version from yeyak.content where id like $1 || '\\_%' and status = 'published' order by id`,
    [prefix],
  )

const eventsOf = (prefix: string) =>
  database.query<{ subject_id: string }>(
    `select subject_id from yeyak.events where type = 'content.published' and subject_id like 'story:' || $1 || '\\_%'`,
    [prefix],
  )

const allLiveOnce = async (prefixes: readonly string[], timeoutMs: number): Promise<void> => {
  for (const prefix of prefixes) {
    const rows = await eventually(
      `${prefix} live`,
      async () => {
        const found = await live(prefix)
        return found.length === 3 && found
      },
      timeoutMs,
    )
    expect(
      rows.every(({ version }) => version === 2),
      prefix,
    ).toBe(true)
    expect((await eventsOf(prefix)).map((e) => e.subject_id).toSorted(), prefix).toEqual(
      [1, 2, 3].map((i) => `story:${prefix}_${i}`),
    )
  }
  const jobs = () => database.query(`select 1 from yeyak_queue.job where name = 'publishing.story'`)
  await eventually('no job left', async () => (await jobs()).length === 0, timeoutMs)
}

const settings = { YEYAK_POLL_SECONDS: '1' }

test('kill -9 at every step: nothing is half there, and each item goes live exactly once', async () => {
  const env = { DATABASE_URL: database.url, ...settings }
  for (const step of STEPS) {
    await seedStories(database, { count: 3, prefix: `kill${step}`, inSeconds: 0 })
    const doomed = await startProcess({ role: 'worker', wait: false, env: { ...env, TEST_KILL_AT: step } })
    expect(await doomed.exited).toBeNull()
    const found = await live(`kill${step}`)
    expect(found).toHaveLength((await eventsOf(`kill${step}`)).length)
    if (step !== 'committed') expect(found).toHaveLength(0)
  }
  // Those of the one that died after its commit; or, where it took over claims that had lapsed by then, of an earlier one.
  const committed = await Promise.all(STEPS.map((step) => live(`kill${step}`)))
  expect(committed.flat().length).toBeGreaterThanOrEqual(3)
  const worker = await startProcess({ role: 'worker', env })
  await allLiveOnce(
    STEPS.map((step) => `kill${step}`),
    40_000,
  )
  await worker.end()
})

test('a throw at every step, in the batch and alone: each item goes live exactly once', async () => {
  let breakAt: string | null = null
  let left = 0
  const t = await startTestApp({
    database,
    env: settings,
    roles: { api: false, worker: true },
    onPublishStep(step) {
      if (step !== breakAt || left === 0) return
      left -= 1
      throw new Error(`broken at ${step}`)
    },
  })
  for (const step of STEPS) {
    left = 2
    breakAt = step
    await seedStories(database, { count: 3, prefix: `throw${step}`, inSeconds: 0 })
    await eventually(`broken twice at ${step}`, () => left === 0)
    expect(left).toBe(0)
  }
  await allLiveOnce(
    STEPS.map((step) => `throw${step}`),
    40_000,
  )
  await t.end()
})

/** Of the transaction that publishes a row of the application's, through its own client. */
const ROW_STEPS = ['begun', 'locked', 'read', 'acted', 'ended', 'told', 'removed', 'committed']

test('kill -9 at every step, with rows in tables of the application: nothing is half there, and each goes live exactly once', async () => {
  await createRowTables(database)
  const client = applicationPool(database.url)
  const yeyak = createYeyak({ client, database: database.url, models: ROW_MODELS })
  const env = { DATABASE_URL: database.url, ...settings, TEST_ROWS: 'yes' }
  const rows = () =>
    database.query<{ id: string; live: boolean; writes: number; told: number; state: string }>(
      `select r.id, r.live, (select count(*)::int from writes w where w.id = r.id) as writes, p.state,
         (select count(*)::int from yeyak.events e where e.type = 'content.published' and e.subject_id = p.type || ':' || r.id) as told
       from (select id, live from notes union all select id, status = 'published' from pages) r
       join yeyak.publications p on p.resource_id = r.id order by r.id`,
    )
  const isWhole = ({
    id,
    live: isLive,
    writes,
    told,
    state,
  }: Awaited<ReturnType<typeof rows>>[number]): boolean => {
    const n = isLive ? 1 : 0
    return (
      told === n &&
      writes === (id.startsWith('note') ? n : 0) &&
      state === (isLive ? 'succeeded' : 'scheduled')
    )
  }
  for (const step of ROW_STEPS) {
    await database.query(`insert into notes (id) values ('note-${step}')`)
    await database.query(`insert into pages (id) values ('page-${step}')`)
    // Counted from each call, which may come late on a busy machine.
    const publishAt = { delay: 0.3 }
    await yeyak.publishing.schedule({ model: 'note', id: `note-${step}`, publishAt })
    await yeyak.publishing.schedule({ model: 'page', id: `page-${step}`, publishAt })
    const doomed = await startProcess({ role: 'worker', wait: false, env: { ...env, TEST_KILL_AT: step } })
    expect(await doomed.exited, step).toBeNull()
    const found = await rows()
    expect(
      found.filter((row) => !isWhole(row)),
      step,
    ).toEqual([])
    if (step !== 'committed')
      expect(
        found.filter(({ live: isLive }) => isLive),
        step,
      ).toEqual([])
  }
  const worker = await startProcess({ role: 'worker', env })
  const all = await eventually(
    'all live',
    async () => {
      const found = await rows()
      return found.every(({ live: isLive }) => isLive) && found
    },
    40_000,
  )
  expect(all.filter((row) => !isWhole(row))).toEqual([])
  expect(all).toHaveLength(2 * ROW_STEPS.length)
  expect(await database.query('select distinct version from pages')).toEqual([{ version: 1 }])
  const jobs = () => database.query(`select 1 from yeyak_queue.job where name like 'publishing.%.rows'`)
  await eventually('no job left', async () => (await jobs()).length === 0, 40_000)
  await worker.end()
  await yeyak.stop()
  await client.end()
})
