import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../../platform/database.ts'
import { hasTable, type Tables } from '../../platform/tables.ts'
import { openPool, type ReachedDatabase } from '../database.ts'

export type { RawBuilder }

const STATEMENT_TIMEOUT_MS = 60_000

/**
 * One connection that cannot write. No sequential scans: the statistics may be those of an empty table, and a page would
 * then read a whole month of attempts. The memory is that of one page, which would go through a file otherwise.
 */
export const openReader = (reached: ReachedDatabase): Database =>
  openPool(reached, {
    applicationName: 'yeyak-verify',
    maxConnections: 1,
    queryTimeoutMs: STATEMENT_TIMEOUT_MS,
    settings: { default_transaction_read_only: 'on', enable_seqscan: 'off', jit: 'off', work_mem: '64MB' },
  })

/** The queries of one page, on one snapshot: what changes hands between two tables is seen in exactly one of them. */
export const readOnly = <Result>(db: Database, work: (tx: Database) => Promise<Result>): Promise<Result> =>
  db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(work)

export interface Project {
  id: number
  name: string
}

/** Null where the schema is not there, or was never migrated. */
export const readProjects = async (db: Database, t: Tables): Promise<Project[] | null> => {
  if (!(await hasTable(db, t.schema, 'projects'))) return null
  const { rows } = await sql<Project>`select id, name from ${t.projects} order by id limit 10000`.execute(db)
  return rows
}

/** Of the unique indexes of these names, those that do not hold: missing, not valid, or not unique. */
export const brokenUniqueIndexes = async (
  db: Database,
  schema: string,
  names: readonly string[],
): Promise<{ name: string; state: 'missing' | 'invalid' }[]> => {
  const { rows } = await sql<{ name: string; state: 'missing' | 'invalid' }>`
    select w.name, case when i.indexrelid is null then 'missing' else 'invalid' end as state
    from unnest(${names}::text[]) w(name)
    left join (pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = ${schema}
      join pg_index i on i.indexrelid = c.oid) on c.relname = w.name
    where i.indexrelid is null or not (i.indisvalid and i.indisready and i.indisunique) order by 1 limit 100`.execute(
    db,
  )
  return rows
}
