import { setTimeout as sleep } from 'node:timers/promises'
import { DEFAULTS } from '../../src/schedules/definition.ts'
import { compileRule } from '../../src/schedules/rule.ts'
import { newId } from '../../src/platform/ids.ts'
import { latenessOf, median } from '../figures.ts'
import type { BenchDatabase } from '../kit.ts'
import { settle } from '../plant.ts'
import { startWorker } from '../processes.ts'
import { atMost, NONE, rowsOf, type Scenario } from '../scenario.ts'

const goals = {
  p50: { what: '1,000 runs/s, 100,000 active schedules: run, p50', unit: 'ms' },
  p99: { what: '1,000 runs/s, 100,000 active schedules: run, p99', unit: 'ms', bound: atMost(50, 'ms') },
  sendP50: { what: 'the same: what the run sends begins, p50', unit: 'ms' },
  sendP99: { what: 'the same: what the run sends begins, p99', unit: 'ms' },
  perSecond: { what: 'runs a second, as they came', unit: 'runs/s' },
  loop: { what: 'event loop of the worker: longest block', unit: 'ms', bound: atMost(50, 'ms') },
  next: { what: 'computing the next run, median', unit: 'ms', bound: atMost(0.2, 'ms') },
  burst: { what: '1,000 due at one second: until the last has begun', unit: 'ms' },
  early: { what: 'runs before their time, all rounds', unit: 'runs', bound: NONE },
  twice: { what: 'occurrences with two runs, or none', unit: 'runs', bound: NONE },
}

const CHUNK = 5_000
const WARM_UP_MS = 15_000
const ROUND_MS = 20_000

/** As a create writes them: the next occurrence after `now`, with its jitter. */
const plantSchedules = async (
  db: BenchDatabase,
  o: { prefix: string; count: number; cron: string; jitterSeconds: number },
): Promise<void> => {
  const now = new Date()
  const definition = {
    ...{ ...DEFAULTS, cron: o.cron, jitterSeconds: o.jitterSeconds },
    notification: { channel: 'bench', message: 'm' },
  }
  for (let done = 0; done < o.count; done += CHUNK) {
    const rows = Array.from({ length: Math.min(CHUNK, o.count - done) }, (_, i) => {
      const id = newId()
      const bounds = { id, anchorAt: now, startsAt: null, endsAt: null }
      const next = compileRule(definition, bounds).next(now)
      return { id, name: `${o.prefix}-${done + i}`, at: next?.at, due: next?.dueAt }
    })
    await db.query(
      `with made as (
         insert into yeyak.schedules (id, project_id, name, definition, anchor_at, next_occurrence, next_at)
         select id, 1, name, $2::jsonb, now(), at, due
         from jsonb_to_recordset($1::jsonb) r(id uuid, name text, at timestamptz, due timestamptz)
         returning id, next_at, generation)
       insert into yeyak.timers (subject_id, lane, due_at, generation, priority)
       select id, 'schedules', next_at, generation, 0 from made`,
      [JSON.stringify(rows), JSON.stringify(definition)],
    )
  }
}

const latenessSince = async (db: BenchDatabase, since: Date): Promise<number[]> =>
  (
    await db.query<{ ms: number }>(
      `select late_ms as ms from yeyak.schedule_runs where due_at >= $1 and name like 'minutely-%' and late_ms is not null`,
      [since],
    )
  ).map(({ ms }) => ms)

/** Median of computing one after the other, in milliseconds. */
const timeOfNext = (): number => {
  const rules = ['*/5 * * * *', '0 9 * * 1-5', '30 2 1 * *', '15 10 * * MON#2', '* * * * * *'].map((cron) =>
    compileRule(
      { ...DEFAULTS, cron, timeZone: 'America/New_York' },
      { id: cron, anchorAt: new Date(), startsAt: null, endsAt: null },
    ),
  )
  const taken = rules.flatMap((rule) => {
    let at = new Date()
    return Array.from({ length: 400 }, () => {
      const beginMs = performance.now()
      at = rule.next(at)?.at ?? new Date()
      return performance.now() - beginMs
    })
  })
  return median(taken)
}

export const schedules: Scenario = {
  name: 'schedules',
  title: 'Recurring schedules',
  about: `100,000 active schedules, 60,000 of which run every minute with a jitter of 59 s, so that 1,000 fall due each second, evenly:
the run of each plants a notification, its events and the next timer in one transaction, and the notification is sent on the
benchmark's own channel. Lateness is that of the run (its transaction's clock − due) and of the send (its begin − due), over
20 s a round. Then 1,000 schedules that run at one and the same second. The longest block is that of the event loop of the
worker, which also sends, by \`monitorEventLoopDelay\` while the rounds run.`,
  goals,
  run: ({ smoke, rounds, say, withBench }) =>
    withBench(async (bench) => {
      const db = await bench.database()
      say('planting')
      const minutely = smoke
        ? { count: 100, cron: '* * * * * *', jitterSeconds: 0 }
        : { count: 60_000, cron: '* * * * *', jitterSeconds: 59 }
      const gap = smoke ? '1 second' : '1 minute'
      const daily = { count: smoke ? 400 : 40_000, cron: '0 3 * * *', jitterSeconds: 3_600 }
      await plantSchedules(db, { prefix: 'daily', ...daily })
      await plantSchedules(db, { prefix: 'minutely', ...minutely })
      await settle(db, ['schedules', 'timers'])
      const worker = await startWorker(db.url, 'worker')
      // The first of each comes with the next minute.
      await sleep(smoke ? 1_500 : 60_000 - (Date.now() % 60_000) + WARM_UP_MS)
      const runs: number[][] = []
      const sends: number[][] = []
      const loop: number[] = []
      for (let round = 1; round <= rounds; round++) {
        say(`round ${round} of ${rounds}`)
        await worker.take()
        await worker.longestBlock()
        const since = new Date()
        await sleep(smoke ? 3_000 : ROUND_MS)
        loop.push(await worker.longestBlock())
        sends.push(await worker.take())
        runs.push(await latenessSince(db, since))
      }
      say('1,000 at one second')
      await db.query(`delete from yeyak.timers where lane = 'schedules'`)
      await sleep(1_000)
      await plantSchedules(db, {
        prefix: 'burst',
        count: smoke ? 50 : 1_000,
        cron: '*/10 * * * * *',
        jitterSeconds: 0,
      })
      await db.query(`select pg_notify('yeyak_timers', $1)::text`, [String(Date.now())])
      await sleep(smoke ? 12_000 : 42_000)
      const bursts = await db.query<{ ms: number }>(
        `select max(late_ms) as ms from yeyak.schedule_runs where name like 'burst-%' group by occurrence_at order by occurrence_at`,
      )
      const [wrong] = await db.query<{ n: number }>(
        `select count(*)::int as n from (
           select schedule_id, occurrence_at from yeyak.schedule_runs group by 1, 2 having count(*) <> 1
           union all
           select schedule_id, occurrence_at from (
             select schedule_id, occurrence_at, occurrence_at - lag(occurrence_at) over (partition by schedule_id order by occurrence_at) as gap
             from yeyak.schedule_runs where name like 'minutely-%') g where gap <> $1::interval) w`,
        [gap],
      )
      await worker.stop()
      const lateRuns = runs.map(latenessOf)
      const lateSends = sends.map(latenessOf)
      return {
        rows: rowsOf(goals, {
          p50: lateRuns.map(({ p50 }) => p50),
          p99: lateRuns.map(({ p99 }) => p99),
          sendP50: lateSends.map(({ p50 }) => p50),
          sendP99: lateSends.map(({ p99 }) => p99),
          perSecond: runs.map((of) => of.length / ((smoke ? 3_000 : ROUND_MS) / 1000)),
          loop: Math.max(...loop),
          next: timeOfNext(),
          burst: median(bursts.map(({ ms }) => ms)),
          early: runs.flat().filter((ms) => ms < 0).length,
          twice: wrong?.n ?? 0,
        }),
        tables: [],
      }
    }),
}
