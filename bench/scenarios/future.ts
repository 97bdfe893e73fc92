import { type Lateness, sum } from '../figures.ts'
import type { BenchDatabase } from '../kit.ts'
import { measureYeyak, type Rate, warmUp } from '../measure.ts'
import { plantFuture, settle } from '../plant.ts'
import { startWorker, type Worker } from '../processes.ts'
import { type Bound, NONE, rowsOf, type Scenario } from '../scenario.ts'

/** No more than noise above the empty table. */
const near = (id: string): Bound => ({
  text: '≤ 1.25 × the empty table + 2 ms',
  isMet: (value, all) => value <= 1.25 * (all[id] ?? 0) + 2,
})

const goals = {
  slowEmptyP50: { what: '500 due/s, empty table: p50', unit: 'ms' },
  slowFullP50: { what: '500 due/s, 1,000,000 more: p50', unit: 'ms', bound: near('slowEmptyP50') },
  slowEmptyP99: { what: '500 due/s, empty table: p99', unit: 'ms' },
  slowFullP99: { what: '500 due/s, 1,000,000 more: p99', unit: 'ms', bound: near('slowEmptyP99') },
  fastEmptyP50: { what: '5,000 due/s, empty table: p50', unit: 'ms' },
  fastFullP50: { what: '5,000 due/s, 1,000,000 more: p50', unit: 'ms', bound: near('fastEmptyP50') },
  fastEmptyP99: { what: '5,000 due/s, empty table: p99', unit: 'ms' },
  fastFullP99: { what: '5,000 due/s, 1,000,000 more: p99', unit: 'ms', bound: near('fastEmptyP99') },
  early: { what: 'sends that began early, all rounds', unit: 'sends', bound: NONE },
}

interface Side {
  db: BenchDatabase
  worker: Worker
  slow: Lateness[]
  fast: Lateness[]
}

export const future: Scenario = {
  name: 'future',
  title: 'A million in the future',
  about: `The same two rates, for 10 s and 5 s, with 1,000,000 further notifications that are due within a year, and without. Two databases
with a process each take turns, round by round. The million is put in by SQL, then both databases are vacuumed, analysed and
checkpointed.`,
  goals,
  run: ({ smoke, rounds, say, withBench }) =>
    withBench(async (bench) => {
      const slowRate: Rate = { perSecond: 500, seconds: smoke ? 1 : 10 }
      const fastRate: Rate = smoke ? { perSecond: 1000, seconds: 1 } : { perSecond: 5000, seconds: 5 }
      const start = async (futures: number): Promise<Side> => {
        const db = await bench.database()
        const worker = await startWorker(db.url)
        await warmUp(worker, db, smoke)
        if (futures > 0) await plantFuture(db, futures)
        return { db, worker, slow: [], fast: [] }
      }
      const empty = await start(0)
      const futures = smoke ? 5_000 : 1_000_000
      say(`planting ${futures} in the future`)
      const full = await start(futures)
      await settle(empty.db)
      for (let round = 1; round <= rounds; round++) {
        say(`round ${round} of ${rounds}`)
        // Whoever comes second may find the machine as the first has left it: they swap.
        const order = round % 2 === 1 ? [empty, full] : [full, empty]
        for (const side of order) side.slow.push(await measureYeyak(side.worker, side.db, slowRate))
        for (const side of order) side.fast.push(await measureYeyak(side.worker, side.db, fastRate))
      }
      await Promise.all([empty.worker.stop(), full.worker.stop()])
      const of = (name: keyof Lateness, measured: readonly Lateness[]) => measured.map((one) => one[name])
      return {
        rows: rowsOf(goals, {
          slowEmptyP50: of('p50', empty.slow),
          slowFullP50: of('p50', full.slow),
          slowEmptyP99: of('p99', empty.slow),
          slowFullP99: of('p99', full.slow),
          fastEmptyP50: of('p50', empty.fast),
          fastFullP50: of('p50', full.fast),
          fastEmptyP99: of('p99', empty.fast),
          fastFullP99: of('p99', full.fast),
          early: sum([empty, full].flatMap((side) => of('early', [...side.slow, ...side.fast]))),
        }),
        tables: [],
      }
    }),
}
