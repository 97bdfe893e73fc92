import { type Config, describeDatabase } from '../config.ts'
import { waitForDatabase } from '../platform/connect.ts'
import type { ConnectionConfig } from '../platform/database.ts'
import { startEmbeddedPostgres } from '../platform/embedded-postgres/index.ts'
import type { Logger } from '../platform/log.ts'

export interface OpenDatabase {
  connection: ConnectionConfig
  /** False behind a pooler that passes over the settings of a session: then no plan may be kept either. */
  keepsSettings: boolean
  /** Ends the embedded server; nothing where the database is somebody else's. */
  close(): Promise<void>
}

/** Starts the embedded server or waits for the configured one, until it answers. */
export const openDatabase = async (o: {
  config: Config
  log: Logger
  signal: AbortSignal
}): Promise<OpenDatabase> => {
  const { database, bootWaitSeconds: waitSeconds } = o.config
  const place = describeDatabase(o.config)
  const opened =
    database.kind === 'embedded'
      ? await startEmbedded(database.dataDir, o.log)
      : { connection: { ...database.connection }, close: async () => {} }
  try {
    const { version, keepsSettings } = await waitForDatabase({
      connection: opened.connection,
      place,
      mend:
        database.kind === 'embedded' ? `see ${database.dataDir}` : 'see DATABASE_URL, or DB_HOST to DB_NAME',
      waitSeconds,
      log: o.log,
      signal: o.signal,
    })
    o.log.info(`database: ${place}, version ${version}`)
    if (!keepsSettings)
      o.log.warn(
        'database: the settings of a session are lost on the way (a pooler?): slower, and slow after a quiet night',
      )
    return { ...opened, keepsSettings }
  } catch (error) {
    await opened.close()
    throw error
  }
}

const startEmbedded = async (dataDir: string, log: Logger) => {
  const server = await startEmbeddedPostgres({ dataDir, log: (message) => log.info(message) })
  if (server.tookOver) log.info('database: took over the server and the data of a process that was killed')
  // The driver reads PGSSLMODE from the environment; a server on loopback has no certificate.
  return { connection: { connectionString: server.url, ssl: false }, close: () => server.stop() }
}
