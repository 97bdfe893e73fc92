import { sql } from 'kysely'
import type { ItemState } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'

export const readStates = async (
  db: Database,
  t: Tables,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ItemState>> => {
  const { rows } = await sql<ItemState & { id: string }>`
    select id, state, finished_at is not null as "isFinal" from ${t.notifications}
    where id = any(${ids}::uuid[])`.execute(db)
  return new Map(rows.map(({ id, ...state }) => [id, state]))
}
