import { openDatabase } from '../boot/index.ts'
import type { Config } from '../config.ts'
import { waitForDatabase } from '../platform/connect.ts'
import {
  type ConnectionConfig,
  createDatabase,
  type Database,
  type DatabaseOptions,
} from '../platform/database.ts'
import { announcedUrl, EmbeddedPostgresError } from '../platform/embedded-postgres/index.ts'
import { createLog, type Logger } from '../platform/log.ts'
import type { Terminal } from './terminal.ts'

export interface ReachedDatabase {
  connection: ConnectionConfig
  /** The settings with this very database in them, which is then nobody's to start. */
  config: Config
  log: Logger
  /** Ends the embedded server where it was started for this command. */
  close(): Promise<void>
}

/** A person waits: a database that is not there is said soon. */
const WAIT_SECONDS = 5
const PROBE_SECONDS = 1
/** What a shell shows for a program that Ctrl-C has ended. */
const INTERRUPTED = 130

const external = (config: Config, url: string): Config => {
  const connection = { connectionString: url }
  return { ...config, database: { kind: 'external', connection, place: `embedded, ${new URL(url).host}` } }
}

/** A server that was started for this command would outlive it, until somebody takes it over. */
const closeOnSignals = (close: () => Promise<void>): void => {
  const end = () => void close().finally(() => process.exit(INTERRUPTED))
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
}

/** The embedded server that another process runs; null where none answers at the address that it has announced. */
const join = async (dataDir: string, log: Logger): Promise<string | null> => {
  const url = await announcedUrl(dataDir)
  if (url === null) return null
  // The driver reads PGSSLMODE from the environment; a server on loopback has no certificate.
  url.searchParams.set('sslmode', 'disable')
  try {
    await waitForDatabase({
      connection: { connectionString: url.href },
      place: 'the embedded PostgreSQL',
      mend: `see ${dataDir}`,
      waitSeconds: PROBE_SECONDS,
      log,
      signal: new AbortController().signal,
    })
    return url.href
  } catch {
    return null
  }
}

/**
 * The database of the settings, for the time of a command. An embedded one that runs is joined, never started twice;
 * one that does not is started.
 */
export const reachDatabase = async (
  given: Config,
  { errorStream }: Pick<Terminal, 'errorStream'>,
): Promise<ReachedDatabase> => {
  const config: Config = { ...given, bootWaitSeconds: WAIT_SECONDS }
  const log = createLog({ format: config.log.format, level: 'warn', destination: errorStream })
  const silent = createLog({ format: 'json', level: 'silent' })
  const joined = async (): Promise<ReachedDatabase | null> => {
    if (config.database.kind !== 'embedded') return null
    const url = await join(config.database.dataDir, silent)
    if (url === null) return null
    return {
      connection: { connectionString: url },
      config: external(config, url),
      log,
      close: async () => {},
    }
  }
  const open = async (): Promise<ReachedDatabase> => {
    const { connection, close } = await openDatabase({ config, log, signal: new AbortController().signal })
    const url = connection.connectionString
    const isOurs = config.database.kind === 'embedded' && url !== undefined
    if (isOurs) closeOnSignals(close)
    return { connection, config: isOurs ? external(config, url) : config, log, close }
  }
  const running = await joined()
  if (running !== null) return running
  try {
    return await open()
  } catch (error) {
    // Somebody started it in this very moment.
    const other = error instanceof EmbeddedPostgresError ? await joined() : null
    if (other === null) throw error
    return other
  }
}

/** A pool on it, of the command's own. */
export const openPool = (
  { connection, log }: ReachedDatabase,
  o: Omit<DatabaseOptions, 'connection' | 'onConnectionLost'>,
): Database =>
  createDatabase({
    ...o,
    connection: () => connection,
    onConnectionLost: (err) => log.warn({ err }, 'database: an idle connection was lost'),
  })
