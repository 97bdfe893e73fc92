import { sql } from 'kysely'
import type { Database } from '../../platform/database.ts'
import type { Tables } from '../../platform/tables.ts'

export interface LastPass {
  /** Such as `2026b`. */
  version: string
  ageSeconds: number
}

/** Of the last pass that looked at everything; null where there was none. */
export const readLastPass = async (db: Database, t: Tables): Promise<LastPass | null> => {
  const { rows } = await sql<LastPass>`
    select version, extract(epoch from clock_timestamp() - passed_at)::float8 as "ageSeconds"
    from ${t.zoneData} limit 1`.execute(db)
  return rows[0] ?? null
}

/** A later version is never taken back by a process with an older one. */
export const writeLastPass = async (db: Database, t: Tables, version: string): Promise<void> => {
  await sql`insert into ${t.zoneData} as z (version) values (${version})
    on conflict (id) do update set version = excluded.version, passed_at = clock_timestamp()
      where z.version <= excluded.version`.execute(db)
}
