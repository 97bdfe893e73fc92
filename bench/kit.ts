import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { migrateDatabase } from '../src/boot/index.ts'
import { silentLog, testConfig } from '../test/kit/config.ts'
import { startTestPostgres, type TestPostgres } from '../test/kit/postgres.ts'

/** As `npm start` sets them. */
const V8_LIMITS = ['--max-old-space-size=160', '--max-semi-space-size=8']

export interface Worker {
  url: string | null
  /** The resident memory of the process, in bytes. */
  memory(): Promise<number>
  /** How late each send began since the last call, in milliseconds. */
  take(): Promise<number[]>
  stop(): Promise<void>
  kill(): void
}

interface Answer {
  up?: string | null
  late?: number[]
  rss?: number
}

const answer = async (child: ChildProcess): Promise<Answer> => {
  const [message] = (await once(child, 'message')) as [Answer]
  return message
}

/** A real process of Yeyak, with the V8 limits of `npm start`. */
export const startWorker = async (
  databaseUrl: string,
  role: 'start' | 'api' | 'worker' = 'start',
  env: Record<string, string> = {},
): Promise<Worker> => {
  const child = fork(fileURLToPath(new URL('yeyak-process.ts', import.meta.url)), [role], {
    execArgv: V8_LIMITS,
    env: { PATH: process.env['PATH'], DATABASE_URL: databaseUrl, PORT: '0', ...env },
  })
  const exited = once(child, 'exit')
  const { up = null } = await answer(child)
  const ask = async (question: string): Promise<Answer> => {
    child.send(question)
    return answer(child)
  }
  return {
    url: up?.replace('localhost', '127.0.0.1') ?? null,
    memory: async () => (await ask('memory')).rss ?? 0,
    take: async () => (await ask('take')).late ?? [],
    async stop() {
      child.send('stop')
      await exited
    },
    kill: () => child.kill('SIGKILL'),
  }
}

export interface Bench {
  postgres: TestPostgres
  /** A new migrated database. */
  database(): Promise<BenchDatabase>
  stop(): Promise<void>
}

export interface BenchDatabase {
  url: string
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
  session: pg.Client
  drop(): Promise<void>
}

/** The embedded PostgreSQL with its default durability; `settings` for emulated slow disks. */
export const startBench = async (settings: Record<string, string> = {}): Promise<Bench> => {
  const postgres = await startTestPostgres({
    durable: true,
    settings: { shared_buffers: '128MB', ...settings },
    maxConnections: 100,
  })
  await postgres.createDatabase('template')
  await migrateDatabase({ config: testConfig({ DATABASE_URL: postgres.url('template') }), log: silentLog() })
  let count = 0
  return {
    postgres,
    async database() {
      const name = `bench_${(count += 1)}`
      const url = await postgres.createDatabase(name, 'template')
      const session = new pg.Client({ connectionString: url })
      session.on('error', () => {})
      await session.connect()
      return {
        url,
        session,
        query: async (text, values = []) => (await session.query(text, values)).rows,
        async drop() {
          await session.end()
          await postgres.dropDatabase(name)
        },
      }
    },
    stop: () => postgres.stop(),
  }
}

/**
 * Plants `count` notifications, the first due `inMs` from now, then `perSecond` a second; all at one instant where that
 * is 0. Every `hangEvery`th takes 5 s to send. Rows are as the API writes them. Returns when the last one is due.
 */
export const plant = async (
  db: BenchDatabase,
  o: { count: number; inMs: number; perSecond: number; hangEvery?: number },
): Promise<number> => {
  const [row] = await db.query<{ last: number }>(
    `with n as (
       insert into yeyak.notifications (id, project_id, channel, lane, content, due_at, next_at, retry_limit,
         retry_delay_seconds, retry_backoff, retry_max_delay_seconds, on_unknown, timeout_seconds)
       select uuidv7(), 1, 'bench', 'notifications.bench',
              jsonb_build_object('message', case when $4::int > 0 and i % $4::int = 0 then 'hang' else 'm' end), due, due,
              3, 60, 'exponential', 3600, 'retry', 15
       from generate_series(0, $1::int - 1) i,
            lateral (select date_trunc('milliseconds', now()) + make_interval(secs => $2::float8 / 1000
                       + case when $3::float8 > 0 then i / $3::float8 else 0 end) as due) d
       returning id, lane, next_at, generation, priority),
     t as (insert into yeyak.timers (subject_id, lane, due_at, generation, priority) select id, lane, next_at, generation, priority from n)
     select extract(epoch from max(next_at)) * 1000 as last from n`,
    [o.count, o.inMs, o.perSecond, o.hangEvery ?? 0],
  )
  await db.query(`notify yeyak_timers, '0'`)
  return Number(row?.last)
}

/** Waits until nothing is left to do, polling gently; returns how long after `fromMs` that was. */
export const drained = async (db: BenchDatabase, limitMs: number): Promise<void> => {
  const deadline = Date.now() + limitMs
  for (;;) {
    const [left] = await db.query<{ n: number }>(
      `select (select count(*) from yeyak.timers where due_at < now() + interval '1 hour')::int
            + (select count(*) from yeyak_queue.job where state <= 'active')::int as n`,
    )
    if (left?.n === 0) return
    if (Date.now() > deadline) throw new Error(`${left?.n} are left after ${limitMs} ms`)
    await sleep(250)
  }
}

export interface Lateness {
  count: number
  p50: number
  p99: number
  max: number
  early: number
}

export const latenessOf = (late: readonly number[]): Lateness => {
  const sorted = [...late].sort((a, b) => a - b)
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return {
    count: sorted.length,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
    early: sorted.filter((ms) => ms < 0).length,
  }
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

export { sleep }
