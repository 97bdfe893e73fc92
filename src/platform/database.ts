import { Kysely, PostgresDialect, type PostgresPool, sql } from 'kysely'
import pg from 'pg'
import { isPassingCode } from './sql-state.ts'

/** Rows are typed where they are read: the statements that matter are raw SQL, so a table interface would check nothing. */
export type Database = Kysely<unknown>

/** Where the database is, as `pg` takes it. */
export type ConnectionConfig = pg.PoolConfig

export interface DatabaseOptions {
  /** Asked for at the first statement: the embedded server's address is known only once it runs. */
  connection: () => ConnectionConfig
  /** What a DBA sees in `pg_stat_activity`. */
  applicationName: string
  maxConnections: number
  /** Settings of every session of this pool, by name (`synchronous_commit`, `lock_timeout`, …). */
  settings?: Readonly<Record<string, string>>
  /** The client gives up on a statement after this, whatever the server does: a half-open connection never answers. */
  queryTimeoutMs?: number
  connectTimeoutMs?: number
  /**
   * Statements are planned once a connection instead of each time: planning the start of an attempt takes longer than
   * running it. Only for pools whose statements keep their plan whatever the statistics say. Asked at the first statement.
   */
  prepare?: () => boolean
  /** Told of idle connections that were lost. Without a listener, a database restart would end the process. */
  onConnectionLost: (error: Error) => void
  /** Told of the pool once it is open. */
  onPool?: (use: () => PoolUse) => void
}

/** How far a pool is in use. */
export interface PoolUse {
  open: number
  idle: number
  /** Statements that wait for a connection. */
  waiting: number
}

const QUERY_TIMEOUT_MS = 30_000
const CONNECT_TIMEOUT_MS = 5_000
const IDLE_TIMEOUT_MS = 60_000

/** SQLSTATE classes after which a session cannot be used again: connection exceptions, operator intervention, internal errors. */
const isFatal = (error: unknown): boolean => {
  const code = error instanceof pg.DatabaseError ? error.code : undefined
  return code === undefined || code.startsWith('08') || code.startsWith('57P') || code.startsWith('XX')
}

interface NameOf {
  /** The name to prepare a statement under; undefined where it is not to be prepared. */
  get(text: string, values: readonly unknown[]): string | undefined
  /** Learns from an error whether names work at all. */
  failed(error: unknown): void
}

/** Statements of one shape differ in few ways; beyond this many something makes them endlessly, and the server's memory is spared. */
const MAX_PREPARED = 300
/** No such statement, or one there already: a pooler hands out another session each time. */
const LOST_STATEMENT = new Set(['26000', '42P05'])

const createNames = (prepare: boolean): NameOf => {
  const names = new Map<string, string>()
  let works = prepare
  return {
    get(text, values) {
      if (!works || values.length === 0) return undefined
      const known = names.get(text)
      if (known !== undefined) return known
      if (names.size >= MAX_PREPARED) return undefined
      const name = `yeyak_${names.size}`
      names.set(text, name)
      return name
    },
    failed(error) {
      if (LOST_STATEMENT.has(sqlState(error) ?? '')) works = false
    },
  }
}

/**
 * Kysely gives a connection back to the pool whatever happened to it. One whose statement timed out in the client is
 * still busy with it, and would pass the delay on to whoever gets it next: such a connection is closed instead.
 */
const discardBrokenConnections = (pool: pg.Pool, nameOf: NameOf): PostgresPool => {
  // Where one connection got no answer, those not heard of since may be as dead: else each would cost a time-out of its own.
  let lostMs = Number.NEGATIVE_INFINITY
  const heardMs = new WeakMap<pg.PoolClient, number>()
  const connect = async (): Promise<pg.PoolClient> => {
    const client = await pool.connect()
    if ((heardMs.get(client) ?? Number.POSITIVE_INFINITY) >= lostMs) return client
    client.release(true)
    return connect()
  }
  return {
    async connect() {
      const client = await connect()
      let broken = false
      const query = async (text: string, values: unknown[] = []) => {
        // What waits behind a dead statement would cost a time-out of its own; the server rolls back by itself.
        if (broken) throw new Error('Connection terminated: an earlier statement got no answer')
        try {
          const result = await client.query({ name: nameOf.get(text, values), text, values })
          heardMs.set(client, performance.now())
          return result
        } catch (error) {
          broken ||= isFatal(error)
          nameOf.failed(error)
          if (!(error instanceof pg.DatabaseError)) lostMs = performance.now()
          throw error
        }
      }
      // Never, as Kysely's type has a second form, for cursors; it is used only for streaming, which nothing here does.
      return { query: query as never, release: () => client.release(broken) }
    },
    options: pool.options,
    end: () => pool.end(),
  }
}

/**
 * A connection whose session begins with these settings. `options` in a URL would replace ours in the driver, silently:
 * they are taken out of it, and ours come after them.
 */
export const withSettings = (
  connection: ConnectionConfig,
  settings: Readonly<Record<string, string>>,
): ConnectionConfig => {
  const own = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`)
  if (connection.connectionString === undefined) {
    return { ...connection, options: [connection.options ?? '', ...own].join(' ').trim() }
  }
  const url = new URL(connection.connectionString)
  const given = url.searchParams.get('options') ?? ''
  url.searchParams.delete('options')
  const connectionString = given === '' ? connection.connectionString : url.href
  return { ...connection, connectionString, options: [given, ...own].join(' ').trim() }
}

const poolConfig = (o: DatabaseOptions): pg.PoolConfig => {
  const queryTimeoutMs = o.queryTimeoutMs ?? QUERY_TIMEOUT_MS
  const settings = {
    TimeZone: 'UTC',
    statement_timeout: String(queryTimeoutMs),
    // A process that is stopped half-way through a transaction must not hold its rows for long.
    idle_in_transaction_session_timeout: '10s',
    ...o.settings,
  }
  return {
    ...withSettings(o.connection(), settings),
    application_name: o.applicationName,
    max: o.maxConnections,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: o.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    query_timeout: queryTimeoutMs,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
  }
}

/** A pool of connections behind Kysely. Nothing connects before the first statement. */
export const createDatabase = (o: DatabaseOptions): Database => {
  const open = async () => {
    const pool = new pg.Pool(poolConfig(o))
    // The pool ends without waiting for its connections: that the server closes them then is no loss.
    pool.on('error', (error) => {
      if (!pool.ending) o.onConnectionLost(error)
    })
    o.onPool?.(() => ({ open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }))
    // One that is lost while it is lent out, between two statements, tells nobody else; unheard, that ends the process.
    pool.on('connect', (client) => client.on('error', () => {}))
    return discardBrokenConnections(pool, createNames(o.prepare?.() ?? false))
  }
  return new Kysely({ dialect: new PostgresDialect({ pool: open }) })
}

/** Runs `work` in a transaction with settings of its own. */
export const inTransaction = <Result>(
  db: Database,
  settings: Readonly<Record<string, string>>,
  work: (tx: Database) => Promise<Result>,
): Promise<Result> =>
  db.transaction().execute(async (tx) => {
    await applyLocally(tx, settings)
    return work(tx)
  })

/** Settings of the transaction that is open, until its end. */
export const applyLocally = async (
  tx: Database,
  settings: Readonly<Record<string, string>>,
): Promise<void> => {
  for (const [name, value] of Object.entries(settings))
    await sql`select set_config(${name}, ${value}, true)`.execute(tx)
}

/** The text of whatever was thrown: an AggregateError of two refused addresses has an empty message of its own. */
export const describeError = (error: unknown): string => {
  if (error instanceof AggregateError && error.message === '')
    return error.errors.map(describeError).join('; ')
  return error instanceof Error ? error.message : String(error)
}

/** PostgreSQL's five-letter code, where the error came from the server. */
export const sqlState = (error: unknown): string | undefined =>
  error instanceof pg.DatabaseError ? error.code : undefined

/** Somebody else's transaction holds what a statement needed, for longer than it may wait. */
export const isLockTimeout = (error: unknown): boolean => sqlState(error) === '55P03'

export const isUniqueViolation = (error: unknown): boolean => sqlState(error) === '23505'

const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
])
/** The driver has no codes for its own errors. */
const NETWORK_MESSAGES =
  /timeout exceeded when trying to connect|Query read timeout|Connection terminated|connection error and is not queryable|Client was closed/u

/** Whether the database cannot serve at the moment: the same statement may well succeed later. */
export const isUnavailable = (error: unknown): boolean => {
  if (error instanceof pg.DatabaseError) return isPassingCode(error.code ?? '')
  if (error instanceof AggregateError) return error.errors.some(isUnavailable)
  // Node calls a request whose caller hung up `aborted`, with a code that a lost database has too.
  if (!(error instanceof Error) || error.message === 'aborted') return false
  return ('code' in error && NETWORK_CODES.has(String(error.code))) || NETWORK_MESSAGES.test(error.message)
}
