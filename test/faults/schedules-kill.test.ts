import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp } from '../kit/app.ts'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'
import { eventually } from '../kit/poll.ts'
import { startProcess } from '../kit/process.ts'

/** Of the transaction that runs what is due, in their order; `committed` is after it. */
const STEPS = ['begun', 'locked', 'started', 'written', 'removed', 'committed']
/** Of the one that makes up for what was missed. */
const RUN_STEPS = ['run begun', 'run locked', 'run started', 'run written']

/** Each costs the time of a takeover; the others are thrown at, below. */
const KILLED_AT = ['started', 'written', 'removed', 'committed', 'run started', 'run written']

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const settings = { YEYAK_POLL_SECONDS: '1' }

/**
 * Schedules of which `due` occurrences are due, a minute apart, and the next one in a minute: the clock of the database is
 * that of the test, so their stored times are moved instead.
 */
const seed = async (prefix: string, o: { count: number; due: number }): Promise<void> => {
  const definition = {
    ...{ cron: '* * * * *', timeZone: 'UTC', startsAt: null, endsAt: null, exclude: [], jitterSeconds: 0 },
    ...{
      missed: 'all',
      missedWithinSeconds: 86_400,
      concurrent: 'allow',
      dstGap: 'next',
      dstOverlap: 'first',
    },
    notification: { message: '{{ occurrence.at }}' },
  }
  await database.query(
    `with made as (
       insert into yeyak.schedules (id, project_id, name, definition, anchor_at, next_occurrence, next_at)
       select gen_random_uuid(), 1, $1 || '-' || i, $2::jsonb, now(), at, at
       from generate_series(1, $3::int) i, lateral (select date_trunc('minute', now()) - make_interval(mins => $4::int - 1) as at) x
       returning id, next_at, generation)
     insert into yeyak.timers (subject_id, lane, due_at, generation, priority)
     select id, 'schedules', next_at, generation, 0 from made`,
    [prefix, JSON.stringify(definition), o.count, o.due],
  )
  await database.query(`select pg_notify('yeyak_timers', '0')::text`)
}

interface Found {
  runs: { name: string; ms: number; state: string; item_id: string | null }[]
  /** Ids of notifications. */
  sent: string[]
}

/** Of one moment: the schedules go on, and at a full minute there are more of both. */
const foundOf = async (prefix: string): Promise<Found> => {
  const [found] = await database.query<Found>(
    `select
       (select coalesce(json_agg(r), '[]') from (
         select name, (extract(epoch from occurrence_at) * 1000)::float8 as ms, state, item_id
         from yeyak.schedule_runs where name like $1 || '-%') r) as runs,
       array(select id::text from yeyak.notifications where schedule_id like $1 || '-%') as sent`,
    [prefix],
  )
  if (found === undefined) throw new Error('the runs were not answered')
  return found
}

/** Each occurrence that is over has exactly one run and exactly one notification, and the next one is planned. */
const eachOnce = async (
  prefix: string,
  o: { count: number; due: number },
  timeoutMs: number,
): Promise<void> => {
  const { runs, sent } = await eventually(
    `the runs of ${prefix}`,
    async () => {
      const found = await foundOf(prefix)
      const areOver = found.runs.every(({ state }) => state === 'started')
      return found.runs.length >= o.count * o.due && areOver && found
    },
    timeoutMs,
  )
  expect(new Set(sent), prefix).toEqual(new Set(runs.map(({ item_id: id }) => id)))
  expect(sent, prefix).toHaveLength(runs.length)
  expect(new Set(runs.map(({ name, ms }) => `${name} ${ms}`)).size, prefix).toBe(runs.length)
  for (const [name, ofOne] of Map.groupBy(runs, (run) => run.name)) {
    const times = ofOne.map(({ ms }) => ms).toSorted((a, b) => a - b)
    for (const [i, ms] of times.slice(1).entries()) expect(ms - (times[i] ?? 0), name).toBe(60_000)
  }
  const planned = await database.query(
    `select 1 from yeyak.schedules s join yeyak.timers t on t.subject_id = s.id and t.generation = s.generation
     where s.name like $1 || '-%' and s.state = 'active' and t.due_at = s.next_at`,
    [prefix],
  )
  expect(planned, prefix).toHaveLength(o.count)
}

test('two workers, one killed in the middle of a due run: exactly one run each, and the next one is planned', async () => {
  const env = { DATABASE_URL: database.url, ...settings }
  const nameOf = (step: string) => `kill${step.replace(' ', '')}`
  const sizeOf = (step: string) => ({ count: 3, due: step.startsWith('run') ? 3 : 1 })
  for (const step of KILLED_AT) {
    await seed(nameOf(step), sizeOf(step))
    const doomed = await startProcess({ role: 'worker', wait: false, env: { ...env, TEST_KILL_AT: step } })
    expect(await doomed.exited).toBeNull()
    const { runs, sent } = await foundOf(nameOf(step))
    expect(sent, step).toHaveLength(runs.filter(({ state }) => state === 'started').length)
  }
  const workers = await Promise.all([1, 2].map(() => startProcess({ role: 'worker', env })))
  for (const step of KILLED_AT) await eachOnce(nameOf(step), sizeOf(step), 60_000)
  await Promise.all(workers.map((worker) => worker.end()))
})

test('a throw at every step, in the batch and alone: each occurrence runs exactly once, and no other schedule waits', async () => {
  let breakAt: string | null = null
  let left = 0
  const t = await startTestApp({
    database,
    env: settings,
    roles: { api: false, worker: true },
    onScheduleStep(step) {
      if (step !== breakAt || left === 0) return
      left -= 1
      throw new Error(`broken at ${step}`)
    },
  })
  const nameOf = (step: string) => `throw${step.replace(' ', '')}`
  const sizeOf = (step: string) => ({ count: 2, due: step.startsWith('run') ? 2 : 1 })
  for (const step of [...STEPS, ...RUN_STEPS]) {
    left = 2
    breakAt = step
    await seed(nameOf(step), sizeOf(step))
    await eventually(`broken twice at ${step}`, () => left === 0, 20_000)
    expect(left).toBe(0)
  }
  for (const step of [...STEPS, ...RUN_STEPS]) await eachOnce(nameOf(step), sizeOf(step), 60_000)
  await t.end()
})
