import { Client } from 'pg'
import { CLUSTER_USER } from './cluster.ts'
import { errorCode, errorText } from './errors.ts'
import { inspectProcess } from './processes.ts'

/** Where a server of ours is reached. */
export interface ServerAddress {
  port: number
  password: string
}

/** Holds a data directory: an advisory lock in its server, which the kernel and the server free however we end. */
export interface Ownership {
  /** Settles, never rejects, once the connection is gone, and the lock with it. */
  lost: Promise<void>
  version: string
  /** Makes the database if it is not there. */
  ensureDatabase(name: string): Promise<void>
  release(): Promise<void>
}

export type Claim =
  /** `launcher`: the mark of the process that started this server. */
  | { kind: 'granted'; ownership: Ownership; launcher: string }
  /** `owner`: the mark of the process that holds it, empty when it let go in this very moment. */
  | { kind: 'denied'; owner: string }
  /** `starting`: not there yet, or not any more; else it does not answer as it should. */
  | { kind: 'unreachable'; starting: boolean; detail: string }

const APPLICATION_NAME = 'yeyak-embedded-owner'
const TIMEOUT_MS = 3_000
// Copies some megabytes, and flushes them.
const CREATE_MS = 60_000
// "yeyakown" in ASCII, as a bigint: a key that no application lock of ours uses.
const LOCK = 0x796579616b6f776en

/** Tries once to become the owner of the data directory whose server is at this address. Never throws. */
export async function claimOwnership(address: ServerAddress): Promise<Claim> {
  const client = new Client({
    host: '127.0.0.1',
    port: address.port,
    user: CLUSTER_USER,
    password: address.password,
    // Advisory locks belong to a database: this one always exists, and nobody has a reason to drop it.
    database: 'postgres',
    application_name: `${APPLICATION_NAME} ${await processMark()}`,
    ssl: false,
    keepAlive: true,
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
  })
  const lost = new Promise<void>((resolve) => {
    client.on('error', () => resolve())
    client.on('end', () => resolve())
  })
  const release = async () => {
    const closed = client.end().catch(() => undefined)
    const timeout = new Promise((resolve) => setTimeout(resolve, TIMEOUT_MS).unref())
    await Promise.race([closed, lost, timeout])
  }
  try {
    await client.connect()
    const answer = await client.query<{
      granted: boolean
      launcher: string
      version: string
      owner: string | null
    }>(
      `SELECT pg_try_advisory_lock(${LOCK}) AS granted, current_setting('cluster_name') AS launcher,
              current_setting('server_version') AS version,
              (SELECT application_name FROM pg_stat_activity
               WHERE application_name LIKE '${APPLICATION_NAME} %' AND pid <> pg_backend_pid()
               ORDER BY backend_start LIMIT 1) AS owner`,
    )
    const row = answer.rows[0]
    if (row === undefined) throw new Error('no answer')
    if (!row.granted) {
      await release()
      return { kind: 'denied', owner: row.owner?.slice(APPLICATION_NAME.length + 1) ?? '' }
    }
    const ensureDatabase = async (name: string) => {
      const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])
      if (found.rowCount !== 0) return
      // The name is ours, never a caller's. The types of the driver do not know its timeout for one query.
      const statement = { text: `CREATE DATABASE "${name}"`, query_timeout: CREATE_MS }
      await client.query(statement)
    }
    // Distributors append their own name to the number.
    const version = row.version.split(' ')[0] ?? row.version
    return { kind: 'granted', launcher: row.launcher, ownership: { lost, version, ensureDatabase, release } }
  } catch (error) {
    await release()
    return { kind: 'unreachable', starting: isStarting(error), detail: errorText(error) }
  }
}

/** Refused, cut off, or "the database system is starting up" (or shutting down, or in recovery). */
function isStarting(error: unknown): boolean {
  const code = errorCode(error)
  // The driver's own errors have no code: a connection cut off, which is of this kind, and its timeouts.
  if (code === null) return !/timeout/i.test(errorText(error))
  return ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P01', '57P02', '57P03'].includes(code)
}

/**
 * Names this process, and no later one that gets its pid. It stands in the lock's `application_name` and in the
 * server's `cluster_name`: between a server's start and the taking of its lock nobody holds that, and a process that
 * starts at this moment must not take the server for an orphan.
 */
export async function processMark(): Promise<string> {
  return `yeyak-${process.pid}-${(await inspectProcess(process.pid))?.startMark ?? 'unknown'}`
}

/** The pid of the marked process if that very process lives, else null. */
export async function livingPid(mark: string): Promise<number | null> {
  const [, pidText, startMark] = /^yeyak-(\d+)-(\w+)$/.exec(mark) ?? []
  const pid = Number(pidText)
  if (!(pid > 0)) return null
  const facts = await inspectProcess(pid)
  return facts !== null && !facts.zombie && facts.startMark === startMark ? pid : null
}
