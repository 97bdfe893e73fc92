import { type ConnectionConfig, createDatabase, type Database, type PoolUse } from '../platform/database.ts'

/** The pools of one process. Nothing connects before the first statement. */
export interface Pools {
  /** Durable: what is accepted, begun or recorded survives a crash. */
  db: Database
  /** The same for starts and outcomes, apart from the API's: slow lists must not delay a send, nor a dead connection for long. */
  deliveryDb: Database
  /** Short time-outs, so that a caller is answered within 5 s whatever the database does. */
  ingestDb: Database
  /**
   * For what a crash may repeat (hand-over, claims, wake-ups): a durable commit that follows covers them, as the log is
   * written in order. With a 4 ms fsync this takes 9 ms instead of 17 from due to send. The planner settings keep
   * pg-boss's fetch off a bitmap scan with a sort, which a table that was never analysed would get.
   */
  fastDb: Database
  /** How far each is in use, by name; those that have not been opened are left out. */
  use(): Record<string, PoolUse>
  end(): Promise<void>
}

/**
 * For statements that are planned once, maybe while a table is empty: reading all of it would look cheap then, and stay
 * the plan when it is full. Every table here has the index that its hot statements need.
 */
const KEPT_PLANS = { plan_cache_mode: 'force_generic_plan', enable_seqscan: 'off', enable_bitmapscan: 'off' }

export const createPools = (o: {
  connection: () => ConnectionConfig
  applicationName: string
  /** The most connections of the general pool. */
  databasePool: number
  /** Whether sessions keep what is set and prepared in them, which a pooler's do not. */
  keepsSettings: () => boolean
  onConnectionLost: (error: Error) => void
}): Pools => {
  const { connection, applicationName, onConnectionLost, keepsSettings: prepare } = o
  const common = { connection, applicationName, onConnectionLost }
  const uses = new Map<string, () => PoolUse>()
  const named = (name: string) => ({ ...common, onPool: (use: () => PoolUse) => void uses.set(name, use) })
  const db = createDatabase({ ...named('general'), maxConnections: o.databasePool })
  const deliveryDb = createDatabase({
    ...named('delivery'),
    maxConnections: 6,
    queryTimeoutMs: 10_000,
    prepare,
    settings: KEPT_PLANS,
  })
  const ingestDb = createDatabase({
    ...named('ingest'),
    maxConnections: 6,
    prepare,
    settings: { lock_timeout: '2s', plan_cache_mode: 'force_generic_plan' },
    queryTimeoutMs: 2_500,
    connectTimeoutMs: 1_500,
  })
  const fastDb = createDatabase({
    ...named('timers'),
    maxConnections: 8,
    // None of its statements takes a second: a server that is gone without a word is given up the sooner.
    queryTimeoutMs: 10_000,
    prepare,
    settings: { ...KEPT_PLANS, synchronous_commit: 'off', enable_sort: 'off' },
  })
  return {
    ...{ db, deliveryDb, ingestDb, fastDb },
    use: () => Object.fromEntries([...uses].map(([name, use]) => [name, use()])),
    async end() {
      await Promise.all([db, deliveryDb, ingestDb, fastDb].map((pool) => pool.destroy()))
    },
  }
}
