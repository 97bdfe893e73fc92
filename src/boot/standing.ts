import { appliedMigrations, knownMigrations } from '../migrations/index.ts'
import type { Database } from '../platform/database.ts'
import type { Logger } from '../platform/log.ts'
import { createQueue } from '../queue/index.ts'

/** Which versions the tables are of, and which this program makes. */
export interface Standing {
  /** Names of migrations, in order; none where there are no tables. */
  applied: readonly string[]
  known: readonly string[]
  queue: { found: number | null; known: number }
}

/** Changes nothing. */
export const readStanding = async (o: {
  db: Database
  schema: string
  queueSchema: string
  log: Logger
}): Promise<Standing> => ({
  applied: await appliedMigrations(o.db, o.schema),
  known: knownMigrations(o.schema),
  queue: await createQueue({ db: o.db, schema: o.queueSchema, log: o.log }).versions(),
})
