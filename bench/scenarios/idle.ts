import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench, BenchDatabase } from '../kit.ts'
import { startWorker } from '../processes.ts'
import { atMost, rowsOf, type Scenario } from '../scenario.ts'

const goals = {
  worker: { what: 'an idle `yeyak worker`', unit: 'statements a minute', bound: atMost(15, 'a minute') },
  start: {
    what: 'an idle `yeyak start` (API and worker)',
    unit: 'statements a minute',
    bound: atMost(15, 'a minute'),
  },
}

interface Statement extends Record<string, unknown> {
  text: string
  calls: number
}

const statementsOf = (bench: Bench, db: BenchDatabase): Promise<Statement[]> =>
  bench.execute<Statement>(
    `select left(regexp_replace(s.query, '\\s+', ' ', 'g'), 90) as text, sum(s.calls)::int as calls
     from pg_stat_statements s join pg_database d on d.oid = s.dbid where d.datname = '${db.name}'
     group by 1 order by 2 desc, 1`,
  )

export const idle: Scenario = {
  name: 'idle',
  title: 'Idle',
  about: `Everything that a process with nothing to do sends to PostgreSQL within 60 s, pg-boss's statements included, as
\`pg_stat_statements\` counts it. Counting begins 10 s after the start. Every ten minutes one more is sent, which looks for lost items.`,
  goals,
  run: ({ smoke, say, withBench }) =>
    withBench(
      async (bench) => {
        const seconds = smoke ? 6 : 60
        await bench.execute('create extension if not exists pg_stat_statements')
        const roles = ['worker', 'start'] as const
        const sides = await Promise.all(
          roles.map(async (role) => {
            const db = await bench.database()
            return { role, db, worker: await startWorker(db.url, role) }
          }),
        )
        await sleep(smoke ? 1_000 : 10_000)
        say(`counting for ${seconds} s`)
        await bench.execute('select pg_stat_statements_reset()')
        await sleep(seconds * 1000)
        const counted = await Promise.all(sides.map(({ db }) => statementsOf(bench, db)))
        await Promise.all(sides.map(({ worker }) => worker.stop()))
        const perMinute = (calls: number) => (calls * 60) / seconds
        const total = (statements: readonly Statement[] = []) =>
          perMinute(statements.reduce((calls, statement) => calls + statement.calls, 0))
        return {
          rows: rowsOf(goals, { worker: total(counted[0]), start: total(counted[1]) }),
          tables: [
            {
              title: 'What was sent',
              head: ['process', 'statement', 'a minute'],
              cells: roles.flatMap((role, i) =>
                (counted[i] ?? []).map(({ text, calls }) => [`\`${role}\``, `\`${text}\``, perMinute(calls)]),
              ),
            },
          ],
        }
      },
      { shared_preload_libraries: 'pg_stat_statements' },
    ),
}
