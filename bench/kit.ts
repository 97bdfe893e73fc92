import pg from 'pg'
import { setTimeout as sleep } from 'node:timers/promises'
import { TUNING } from '../src/platform/embedded-postgres/index.ts'
import { migrateDatabase } from '../src/boot/index.ts'
import { silentLog, testConfig } from '../test/kit/config.ts'
import { startTestPostgres, type TestPostgres } from '../test/kit/postgres.ts'

export interface Bench {
  postgres: TestPostgres
  /** A new migrated database. */
  database(): Promise<BenchDatabase>
  /** A new database with nothing in it; its URL. */
  emptyDatabase(): Promise<string>
  /** As superuser, in the database `postgres`. */
  execute<Row extends pg.QueryResultRow>(text: string): Promise<Row[]>
  stop(): Promise<void>
}

export interface BenchDatabase {
  name: string
  url: string
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
  /** Runs `work` in a transaction of a session of its own, and rolls back after. */
  holding(work: (run: (text: string, values?: unknown[]) => Promise<unknown>) => Promise<void>): Promise<void>
  drop(): Promise<void>
}

export const connect = async (url: string): Promise<pg.Client> => {
  const session = new pg.Client({ connectionString: url })
  // The server is ended before some sessions are.
  session.on('error', () => {})
  await session.connect()
  return session
}

/** The embedded PostgreSQL with its default durability; `settings` beside those of `npm start`. */
export const startBench = async (settings: Record<string, string> = {}): Promise<Bench> => {
  const postgres = await startTestPostgres({
    durable: true,
    settings: { ...TUNING, ...settings },
  })
  await postgres.createDatabase('template')
  await migrateDatabase({ config: testConfig({ DATABASE_URL: postgres.url('template') }), log: silentLog() })
  const admin = await connect(postgres.adminUrl)
  let count = 0
  const newName = () => `bench_${(count += 1)}`
  return {
    postgres,
    emptyDatabase: () => postgres.createDatabase(newName()),
    execute: async <Row extends pg.QueryResultRow>(text: string) => (await admin.query<Row>(text)).rows,
    async database() {
      const name = newName()
      const url = await postgres.createDatabase(name, 'template')
      const session = await connect(url)
      return {
        name,
        url,
        query: async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
          (await session.query<Row>(text, values)).rows,
        async holding(work) {
          const own = await connect(url)
          try {
            await own.query('begin')
            await work((text, values = []) => own.query(text, values))
            await own.query('rollback')
          } finally {
            await own.end()
          }
        },
        async drop() {
          await session.end()
          await postgres.dropDatabase(name)
        },
      }
    },
    async stop() {
      await admin.end()
      await postgres.stop()
    },
  }
}

/** Starts a server, hands it over, and ends it whatever happens. */
export const withBench = async <Value>(
  use: (bench: Bench) => Promise<Value>,
  settings?: Record<string, string>,
): Promise<Value> => {
  const bench = await startBench(settings)
  try {
    return await use(bench)
  } finally {
    await bench.stop()
  }
}

export type WithBench = typeof withBench

/** Resolves once nothing that is due within the hour is left to do, asking gently. */
export const drained = async (db: BenchDatabase, limitMs: number): Promise<void> => {
  const deadline = performance.now() + limitMs
  for (;;) {
    const [left] = await db.query<{ left: boolean }>(
      `select exists (select 1 from yeyak.timers
                      where lane = 'notifications.bench' and due_at < now() + interval '1 hour')
           or exists (select 1 from yeyak_queue.job where state <= 'active') as left`,
    )
    if (left?.left === false) return
    if (performance.now() > deadline) throw new Error(`something is left to do after ${limitMs} ms`)
    await sleep(250)
  }
}

export { plant } from './plant.ts'
export { latenessOf, median } from './figures.ts'
export { startWorker, type Worker } from './processes.ts'
export { sleep }
