import { latenessOf } from '../figures.ts'
import { drained } from '../kit.ts'
import { arrived, leadMs, warmUp } from '../measure.ts'
import { plant, sleepUntil } from '../plant.ts'
import { startWorker } from '../processes.ts'
import { atMost, NONE, rowsOf, type Scenario } from '../scenario.ts'

const goals = {
  p50: { what: 'while the snapshot is held: p50', unit: 'ms' },
  p99: { what: 'while the snapshot is held: p99', unit: 'ms', bound: atMost(50, 'ms') },
  lastP99: { what: 'in the last minute of it: p99', unit: 'ms', bound: atMost(50, 'ms') },
  max: { what: 'while the snapshot is held: latest', unit: 'ms' },
  early: { what: 'sends that began early', unit: 'sends', bound: NONE },
}

const PER_SECOND = 500

export const snapshot: Scenario = {
  name: 'snapshot',
  title: 'An open snapshot',
  about: `Somebody's session in a \`REPEATABLE READ\` transaction that has read one row, and is left idle for 5 minutes, while 500 are due each
second. PostgreSQL can remove no row that has died since; this is where queues in tables become slower by the minute.`,
  goals,
  run: ({ smoke, say, withBench }) =>
    withBench(async (bench) => {
      const seconds = smoke ? 10 : 300
      const stepSeconds = smoke ? 2 : 60
      const db = await bench.database()
      const worker = await startWorker(db.url)
      await warmUp(worker, db, smoke)
      await worker.take()
      const before = await worker.count()
      const count = PER_SECOND * seconds
      say(`planting ${count}`)
      const lastMs = await plant(db, { count, perSecond: PER_SECOND, inMs: leadMs(count) })
      const firstMs = lastMs - ((count - 1) * 1000) / PER_SECOND
      const steps: number[][] = []
      await db.holding(async (run) => {
        await run('set transaction isolation level repeatable read')
        await run('select 1 from yeyak.notifications limit 1')
        for (let step = 1; step <= seconds / stepSeconds; step++) {
          await sleepUntil(firstMs + step * stepSeconds * 1000)
          steps.push(await worker.take())
        }
        await arrived(worker, before + count, lastMs)
        steps.at(-1)?.push(...(await worker.take()))
      })
      await drained(db, 120_000)
      await worker.stop()
      const total = latenessOf(steps.flat())
      return {
        rows: rowsOf(goals, {
          p50: total.p50,
          p99: total.p99,
          lastP99: latenessOf(steps.at(-1) ?? []).p99,
          max: total.max,
          early: total.early,
        }),
        tables: [
          {
            title: `Each ${smoke ? 'step' : 'minute'} of it`,
            head: ['minute', 'p50', 'p99', 'latest'],
            cells: steps.map((step, i) => {
              const { p50, p99, max } = latenessOf(step)
              return [i + 1, ...[p50, p99, max].map((ms) => `${ms.toFixed(1)} ms`)]
            }),
          },
        ],
      }
    }),
}
