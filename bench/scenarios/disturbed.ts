import { nowMs } from '../clock.ts'
import { type Lateness, sum } from '../figures.ts'
import type { BenchDatabase } from '../kit.ts'
import { leadMs, measureYeyak, type Rate, warmUp } from '../measure.ts'
import { emptyAndAnalyze, plant, sleepUntil } from '../plant.ts'
import { startWorker, type Worker } from '../processes.ts'
import { atMost, NONE, rowsOf, type Scenario } from '../scenario.ts'

const goals = {
  hangingP50: {
    what: '1 % of the sends hang for 5 s: p50 of the others',
    unit: 'ms',
    bound: atMost(10, 'ms'),
  },
  hangingP99: { what: '1 % of the sends hang for 5 s: p99 of the others', unit: 'ms' },
  heldP99: {
    what: "one row held by a caller's transaction: p99 of the others",
    unit: 'ms',
    bound: atMost(50, 'ms'),
  },
  heldOne: { what: "one row held by a caller's transaction: that one, from its release", unit: 'ms' },
  analyzedP99: {
    what: '5,000 at 5,000/s after `ANALYZE` of the emptied tables: p99',
    unit: 'ms',
    bound: atMost(50, 'ms'),
  },
  analyzedMax: { what: '5,000 at 5,000/s after `ANALYZE` of the emptied tables: latest', unit: 'ms' },
  early: { what: 'sends that began early', unit: 'sends', bound: NONE },
}

interface Held {
  others: Lateness
  /** How long after the release the held one began. */
  heldMs: number
}

/** Holds the row of one notification from before it is due, while others are due all the time. */
const measureHeld = async (
  worker: Worker,
  db: BenchDatabase,
  o: Rate & { holdMs: number },
): Promise<Held> => {
  const inMs = leadMs(o.perSecond * o.seconds) + o.seconds * 100
  const dueMs = await plant(db, { count: 1, perSecond: 0, inMs, message: 'held' })
  const [row] = await db.query<{ id: string }>(
    `select id from yeyak.notifications where content ->> 'message' = 'held'`,
  )
  let releasedMs = 0
  const [others] = await Promise.all([
    measureYeyak(worker, db, o),
    db.holding(async (run) => {
      await run('select 1 from yeyak.notifications where id = $1 for update', [row?.id])
      await sleepUntil(dueMs + o.holdMs)
      releasedMs = nowMs()
    }),
  ])
  const held = (await worker.begun()).find((send) => send.id === row?.id)
  return { others, heldMs: (held?.atMs ?? Number.NaN) - releasedMs }
}

export const disturbed: Scenario = {
  name: 'disturbed',
  title: 'Disturbed',
  about: `What others do must not make anyone late. At 500 due a second for 20 s: one send in a hundred takes 5 s; then somebody's own
transaction holds the row of one due notification (\`SELECT … FOR UPDATE\`) for 10 s, while the others go on. And after a quiet
night: \`timers\`, \`notifications\` and pg-boss's table are emptied by deleting and then analysed, so that the planner believes them to be
empty, and 5,000 fall due within a second.`,
  goals,
  run: ({ smoke, rounds, say, withBench }) =>
    withBench(async (bench) => {
      const rate: Rate = { perSecond: 500, seconds: smoke ? 2 : 20 }
      const db = await bench.database()
      const worker = await startWorker(db.url)
      await warmUp(worker, db, smoke)
      say('1 % hanging')
      const hanging = await measureYeyak(worker, db, rate, { hangEvery: 100, hangMs: smoke ? 1000 : 5000 })
      say('a row held')
      const held = await measureHeld(worker, db, { ...rate, holdMs: smoke ? 1500 : 10_000 })
      const analyzed: Lateness[] = []
      for (let round = 1; round <= rounds; round++) {
        say(`after ANALYZE, round ${round} of ${rounds}`)
        await emptyAndAnalyze(db)
        analyzed.push(await measureYeyak(worker, db, { perSecond: smoke ? 1000 : 5000, seconds: 1 }))
      }
      const marked = await worker.begun()
      await worker.stop()
      return {
        rows: rowsOf(goals, {
          hangingP50: hanging.p50,
          hangingP99: hanging.p99,
          heldP99: held.others.p99,
          heldOne: held.heldMs,
          analyzedP99: analyzed.map((one) => one.p99),
          analyzedMax: Math.max(...analyzed.map((one) => one.max)),
          early:
            sum([hanging, held.others, ...analyzed].map((one) => one.early)) +
            marked.filter((send) => send.lateMs < 0).length,
        }),
        tables: [],
      }
    }),
}
