import { setTimeout as sleep } from 'node:timers/promises'
import { nowMs } from '../clock.ts'
import { type BenchDatabase, drained } from '../kit.ts'
import { leadMs, warmUp } from '../measure.ts'
import { plant, sleepUntil } from '../plant.ts'
import { plantRuns } from '../plant-runs.ts'
import { startWorker } from '../processes.ts'
import { atLeast, rowsOf, type Scenario } from '../scenario.ts'

const goals = {
  runs: { what: 'runs of a task that does nothing: succeeded and recorded', unit: '/s' },
  log: { what: 'notifications on channel `log`: delivered and recorded', unit: '/s' },
  share: { what: 'runs as a share of notifications', unit: '%', bound: atLeast(80, ' %') },
}

const DRAIN_LIMIT_MS = 120_000
const LOG = { channel: 'log', recipient: '', content: { message: 'm' }, retryDelaySeconds: 60 }

/** A second, from the instant at which all were due to the last one on record. */
const rateOf = async (db: BenchDatabase, table: 'runs' | 'notifications', dueMs: number, count: number) => {
  await sleepUntil(dueMs + 50)
  const untilMs = nowMs() + DRAIN_LIMIT_MS
  for (;;) {
    await drained(db, DRAIN_LIMIT_MS)
    const [row] = await db.query<{ delivered: number; seconds: number }>(
      `select count(*) filter (where state = 'delivered')::int as delivered,
              extract(epoch from max(finished_at) - max(due_at))::float8 as seconds
       from yeyak.${table} where due_at = to_timestamp($1::float8 / 1000)::timestamptz(3)`,
      [dueMs],
    )
    if (row?.delivered === count) return count / row.seconds
    if (nowMs() > untilMs) throw new Error(`${row?.delivered} of ${count} are on record as done`)
    await sleep(50)
  }
}

export const tasks: Scenario = {
  name: 'tasks',
  title: 'Background tasks',
  about: `50,000 runs of a task that does nothing, due at the same instant, counted from that instant to the last \`finished_at\`; and beside
it, in the same process, as many notifications on channel \`log\`, with the log at level \`warn\`.`,
  goals,
  run: ({ smoke, rounds, say, withBench }) =>
    withBench(async (bench) => {
      const count = smoke ? 1000 : 50_000
      const db = await bench.database()
      const worker = await startWorker(db.url, 'start', { BENCH_TASKS: '1' })
      await warmUp(worker, db, smoke)
      const measureRuns = async (many: number) =>
        rateOf(db, 'runs', await plantRuns(db, { count: many, inMs: leadMs(many) }), many)
      const measureLog = async (many: number) =>
        rateOf(
          db,
          'notifications',
          await plant(db, { count: many, perSecond: 0, inMs: leadMs(many), target: LOG }),
          many,
        )
      await measureRuns(1000)
      await measureLog(1000)
      const figures = { runs: [] as number[], log: [] as number[], share: [] as number[] }
      for (let round = 1; round <= rounds; round++) {
        say(`round ${round} of ${rounds}`)
        const runs = await measureRuns(count)
        const log = await measureLog(count)
        figures.runs.push(runs)
        figures.log.push(log)
        figures.share.push((runs / log) * 100)
      }
      await worker.stop()
      return { rows: rowsOf(goals, figures), tables: [] }
    }),
}
