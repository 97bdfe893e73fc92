import pg from 'pg'
import { type ConnectionConfig, describeError, withSettings } from './database.ts'
import type { Logger } from './log.ts'

/** PostgreSQL versions that are tested. Later ones are taken too. */
const OLDEST_VERSION = 14

/** The database can be reached, and will not do: trying again would not help. */
export class UnusableDatabaseError extends Error {
  override readonly name = 'UnusableDatabaseError'
}

const RETRY_MS = 250

const POOLER =
  'the pooler in front of the database refuses the settings of a session: connect to PostgreSQL directly, or set ' +
  '"ignore_startup_parameters = options" in PgBouncer'
const CONNECT_TIMEOUT_MS = 5_000

/** Password refused, no such user, no such database, no right to connect: no waiting mends these. */
const FINAL_CODES = new Set(['28P01', '28000', '3D000', '42501'])

const isFinal = (error: unknown): boolean =>
  (error instanceof pg.DatabaseError && FINAL_CODES.has(error.code ?? '')) ||
  // The driver refuses to send no password, or cannot read the connection string.
  (error instanceof Error &&
    /^SASL|password must be a string|Invalid URL|does not support SSL/u.test(error.message))

export interface Answer {
  version: string
  /** False behind a pooler that passes over the settings of a session. */
  keepsSettings: boolean
}

const probe = async (connection: ConnectionConfig): Promise<Answer> => {
  const client = new pg.Client({
    // As every pool of ours connects: a pooler that refuses it, or passes over it, must be found out here.
    ...withSettings(connection, { statement_timeout: String(CONNECT_TIMEOUT_MS) }),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: CONNECT_TIMEOUT_MS,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{
      server_version: string
      server_version_num: string
      read_only: string
      statement_timeout: string
    }>(
      `select current_setting('server_version') as server_version, current_setting('server_version_num') as server_version_num,
              current_setting('transaction_read_only') as read_only,
              (select setting from pg_settings where name = 'statement_timeout') as statement_timeout`,
    )
    const version = rows[0]?.server_version ?? 'unknown'
    if (Number(rows[0]?.server_version_num) < OLDEST_VERSION * 10_000) {
      throw new UnusableDatabaseError(
        `PostgreSQL ${version} is too old: Yeyak needs ${OLDEST_VERSION} or later`,
      )
    }
    if (rows[0]?.read_only === 'on') throw new Error('the database is read-only (a standby?)')
    return { version, keepsSettings: rows[0]?.statement_timeout === String(CONNECT_TIMEOUT_MS) }
  } finally {
    await client.end().catch(() => {})
  }
}

export interface WaitOptions {
  connection: ConnectionConfig
  /** How the database is called in the log. */
  place: string
  /** What to look at where it refuses. */
  mend: string
  /** How long one that cannot be reached is tried again; 0: for ever. */
  waitSeconds: number
  log: Logger
  signal: AbortSignal
}

/**
 * Waits until the database answers, and says what it is. Throws at once what waiting cannot mend, and the last error
 * when the time is over.
 */
export const waitForDatabase = async (o: WaitOptions): Promise<Answer> => {
  const limitMs = o.waitSeconds === 0 ? Number.POSITIVE_INFINITY : performance.now() + o.waitSeconds * 1000
  for (let tries = 1; ; tries += 1) {
    o.signal.throwIfAborted()
    try {
      return await probe(o.connection)
    } catch (error) {
      if (describeError(error).includes('unsupported startup parameter'))
        throw new UnusableDatabaseError(POOLER)
      if (error instanceof UnusableDatabaseError) throw error
      if (isFinal(error))
        throw new UnusableDatabaseError(`${describeError(error)}: ${o.mend}`, { cause: error })
      if (performance.now() + RETRY_MS >= limitMs) {
        throw new Error(
          `${o.place} could not be reached within ${o.waitSeconds} s: ${describeError(error)}`,
          { cause: error },
        )
      }
      if (tries === 1) o.log.warn({ err: error }, `database: ${o.place} cannot be reached yet, trying again`)
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }
}
