import { sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'

/** What runs are at, as it is shown; those that are gone are not among them. */
export const statesOf = async (
  db: Database,
  t: Tables,
  ids: readonly string[],
): Promise<Map<string, { state: string; isFinal: boolean }>> => {
  const { rows } = await sql<{ id: string; state: string; isFinal: boolean }>`
    select id::text as id, finished_at is not null as "isFinal",
      case state when 'sending' then 'running' when 'delivered' then 'succeeded' else state end as state
    from ${t.runs} where id = any(${ids}::uuid[])`.execute(db)
  return new Map(rows.map(({ id, state, isFinal }) => [id, { state, isFinal }]))
}
