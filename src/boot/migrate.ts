import { assertNotNewer, grant, migrate, oneAtATime } from '../migrations/index.ts'
import type { Config } from '../config.ts'
import { createDatabase, type Database } from '../platform/database.ts'
import { createClock } from '../platform/clock.ts'
import type { Logger } from '../platform/log.ts'
import { createTables } from '../platform/tables.ts'
import { createQueue, type Queue } from '../queue/index.ts'
import { adoptRestoredEvents, makeMonths } from '../upkeep/index.ts'
import { openDatabase } from './database.ts'

/** Brings both schemas, ours and the queue's, to this program's versions. A later database is refused before anything is written. */
export const migrateAll = async (o: {
  db: Database
  queue: Queue
  schema: string
  log: Logger
  /** Ends the wait for another process that migrates. */
  signal: AbortSignal
}): Promise<void> => {
  const applied = await oneAtATime(o.db, o.schema, o.signal, async () => {
    await assertNotNewer(o.db, o.schema)
    await o.queue.assertNotNewer()
    const names = await migrate(o.db, o.schema)
    await o.queue.migrate()
    const tables = createTables(o.schema)
    await adoptRestoredEvents({ db: o.db, tables, log: o.log, signal: o.signal })
    const now = await createClock(o.db).now()
    await makeMonths(o.db, tables, now).catch((err: unknown) =>
      // Somebody reads history for long, a dump for instance. The months are made ahead, and upkeep tries again.
      o.log.warn({ err }, 'upkeep: the months of history to come could not be made yet'),
    )
    return names
  })
  if (applied.length > 0) o.log.info(`database: migrated, ${applied.join(', ')}`)
}

/** `yeyak migrate`: opens the database, migrates it, and closes it again. */
export const migrateDatabase = async ({
  config,
  log,
  grantTo = [],
}: {
  config: Config
  log: Logger
  /** Roles that may schedule then. */
  grantTo?: readonly string[]
}): Promise<void> => {
  const { signal } = new AbortController()
  const opened = await openDatabase({ config, log, signal })
  const db = createDatabase({
    connection: () => opened.connection,
    applicationName: 'yeyak-migrate',
    maxConnections: 2,
    onConnectionLost: (err) => log.warn({ err }, 'database: an idle connection was lost'),
  })
  try {
    await migrateAll({
      db,
      queue: createQueue({ db, schema: config.queueSchema, log }),
      schema: config.schema,
      log,
      signal,
    })
    log.info('database: up to date')
    for (const role of grantTo) {
      await grant(db, config.schema, role)
      log.info(`database: role "${role}" may schedule`)
    }
  } finally {
    await db.destroy()
    await opened.close()
  }
}
