import { measureBurst, warmUp } from '../measure.ts'
import { emptyAndAnalyze } from '../plant.ts'
import { startPgBoss, startWorker } from '../processes.ts'
import { atLeast, rowsOf, type Scenario } from '../scenario.ts'

const goals = {
  burst: { what: 'Yeyak: delivered and recorded', unit: '/s', bound: atLeast(10_000, '/s (aim 15,000)') },
  analyzed: {
    what: 'Yeyak, after `ANALYZE` of the emptied tables: delivered and recorded',
    unit: '/s',
    bound: atLeast(10_000, '/s (aim 15,000)'),
  },
  bare: { what: 'bare pg-boss: fetched and completed, nothing sent or recorded', unit: '/s' },
}

export const burst: Scenario = {
  name: 'burst',
  title: 'All at one instant',
  about: `50,000 notifications that are due at the same instant. Counted from that instant to the last \`finished_at\`: each is claimed, begun on
record, sent, and its outcome recorded. The same in a second database whose tables were emptied by deleting and then analysed. Beside
it what pg-boss alone does: 50,000 jobs put in, then \`fetch\` and \`complete\` in batches of 500, two loops at a time.`,
  goals,
  run: ({ smoke, rounds, say, withBench }) =>
    withBench(async (bench) => {
      const count = smoke ? 1000 : 50_000
      const start = async () => {
        const db = await bench.database()
        const worker = await startWorker(db.url)
        await warmUp(worker, db, smoke)
        return { db, worker }
      }
      const [plain, emptied] = [await start(), await start()]
      const boss = await startPgBoss(await bench.emptyDatabase())
      const figures = { burst: [] as number[], analyzed: [] as number[], bare: [] as number[] }
      for (let round = 1; round <= rounds; round++) {
        say(`round ${round} of ${rounds}`)
        figures.burst.push(await measureBurst(plain.worker, plain.db, count))
        await emptyAndAnalyze(emptied.db)
        figures.analyzed.push(await measureBurst(emptied.worker, emptied.db, count))
        figures.bare.push((count * 1000) / (await boss.drain(count)))
      }
      await Promise.all([plain.worker.stop(), emptied.worker.stop(), boss.stop()])
      return { rows: rowsOf(goals, figures), tables: [] }
    }),
}
