import type { Database } from '../platform/database.ts'
import type { Logger } from '../platform/log.ts'
import type { Tables } from '../platform/tables.ts'
import { isRestored, renumberRestored } from './repository-restored.ts'

/**
 * After a dump was restored into another server: events are read by the transactions that wrote them, whose numbers are those
 * of the old server. Before anything is served, and by one process at a time.
 */
export const adoptRestoredEvents = async (o: {
  db: Database
  tables: Tables
  log: Logger
  signal: AbortSignal
}): Promise<void> => {
  if (!(await isRestored(o.db, o.tables))) return
  o.log.warn('events: the database comes from another server, and its history is taken over')
  while (await renumberRestored(o.db, o.tables)) o.signal.throwIfAborted()
}
