import { sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'

/** The id of a project; null where there is none of that name. */
export const findProject = async (db: Database, t: Tables, name: string): Promise<number | null> => {
  const { rows } = await sql<{ id: number }>`
    select id from ${t.projects} where name = ${name} and deleted_at is null`.execute(db)
  return rows[0]?.id ?? null
}

/**
 * Names one database of one running server: two connections that agree on it see the same rows. As a number: the text of an
 * instant depends on the zone and the style of each session.
 */
export const fingerprint = async (db: Database): Promise<string> => {
  const { rows } = await sql<{ fingerprint: string }>`
    select current_database() || ' since ' || extract(epoch from pg_postmaster_start_time())::text as fingerprint`.execute(
    db,
  )
  return rows[0]?.fingerprint ?? ''
}
