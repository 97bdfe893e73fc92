import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'

/** `alone`: of the item `i.subject_id`, whether it must not share a transaction; as `BulkMatch` says. */
export const matchChanged = async (
  db: Database,
  t: Tables,
  alone: RawBuilder<unknown>,
  operationId: string,
  window: { after: string | null; limit: number },
): Promise<{ id: string; alone: boolean }[]> => {
  const { rows } = await sql<{ id: string; alone: boolean }>`
    select i.subject_id as id, coalesce(${alone}, false) as alone
    from ${t.operationItems} i
    where i.operation_id = ${operationId}::uuid
      ${window.after === null ? sql`` : sql`and i.subject_id > ${window.after}::uuid`}
    order by i.subject_id limit ${window.limit}`.execute(db)
  return rows
}
