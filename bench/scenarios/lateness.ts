import type { Lateness } from '../figures.ts'
import { sum } from '../figures.ts'
import { measurePgBoss, measureYeyak, type Rate, warmUp } from '../measure.ts'
import { startPgBoss, startWorker } from '../processes.ts'
import { atLeast, atMost, NONE, rowsOf, type Scenario } from '../scenario.ts'

const goals = {
  slowP50: { what: 'Yeyak, 500 due/s: p50', unit: 'ms' },
  slowP99: { what: 'Yeyak, 500 due/s: p99', unit: 'ms', bound: atMost(15, 'ms') },
  slowMax: { what: 'Yeyak, 500 due/s: latest of all rounds', unit: 'ms' },
  bossP50: { what: 'plain pg-boss, 500 due/s: p50', unit: 'ms' },
  bossP99: { what: 'plain pg-boss, 500 due/s: p99', unit: 'ms' },
  bossMax: { what: 'plain pg-boss, 500 due/s: latest of all rounds', unit: 'ms' },
  ratio: { what: 'p99 of pg-boss ÷ p99 of Yeyak, 500 due/s', unit: '×', bound: atLeast(30, '×') },
  fastP50: { what: 'Yeyak, 5,000 due/s: p50', unit: 'ms' },
  fastP99: { what: 'Yeyak, 5,000 due/s: p99', unit: 'ms', bound: atMost(30, 'ms') },
  fastMax: { what: 'Yeyak, 5,000 due/s: latest of all rounds', unit: 'ms' },
  early: { what: 'Yeyak: sends that began early, both rates, all rounds', unit: 'sends', bound: NONE },
}

export const lateness: Scenario = {
  name: 'lateness',
  title: 'Lateness',
  about: `How long after its due time a send begins. 500 due a second for 20 s and 5,000 a second for 10 s, spread evenly;
beside it plain pg-boss at 500 a second: everything put in ahead of time (\`insert\` with \`startAfter\`), taken by \`work\` with \`batchSize: 500\`
and \`pollingIntervalSeconds: 0.5\`, its minimum. Yeyak and pg-boss run in a process of their own each, and take turns.`,
  goals,
  run: ({ smoke, rounds, say, withBench }) =>
    withBench(async (bench) => {
      const slowRate: Rate = { perSecond: 500, seconds: smoke ? 1 : 20 }
      const fastRate: Rate = smoke ? { perSecond: 1000, seconds: 1 } : { perSecond: 5000, seconds: 10 }
      const db = await bench.database()
      const worker = await startWorker(db.url)
      const boss = await startPgBoss(await bench.emptyDatabase())
      await warmUp(worker, db, smoke)
      await measurePgBoss(boss, { perSecond: 500, seconds: smoke ? 0.2 : 3 })
      const slow: Lateness[] = []
      const plain: Lateness[] = []
      const fast: Lateness[] = []
      for (let round = 1; round <= rounds; round++) {
        say(`round ${round} of ${rounds}`)
        slow.push(await measureYeyak(worker, db, slowRate))
        plain.push(await measurePgBoss(boss, slowRate))
        fast.push(await measureYeyak(worker, db, fastRate))
      }
      await Promise.all([worker.stop(), boss.stop()])
      const of = (name: keyof Lateness, measured: readonly Lateness[]) => measured.map((one) => one[name])
      return {
        rows: rowsOf(goals, {
          slowP50: of('p50', slow),
          slowP99: of('p99', slow),
          slowMax: Math.max(...of('max', slow)),
          bossP50: of('p50', plain),
          bossP99: of('p99', plain),
          bossMax: Math.max(...of('max', plain)),
          ratio: slow.map(({ p99 }, i) => (plain[i]?.p99 ?? Number.NaN) / p99),
          fastP50: of('p50', fast),
          fastP99: of('p99', fast),
          fastMax: Math.max(...of('max', fast)),
          early: sum(of('early', [...slow, ...fast])),
        }),
        tables: [],
      }
    }),
}
