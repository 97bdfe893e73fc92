import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { BulkMatch, BulkWindow } from './bulk.ts'

/** `alone`: of the item `i.subject_id`, whether it must not share a transaction, as `BulkMatch` says; null where none need be. */
export const matchChanged = async (
  db: Database,
  t: Tables,
  alone: RawBuilder<unknown> | null,
  operationId: string,
  window: { after: string | null; limit: number },
): Promise<{ id: string; alone: boolean }[]> => {
  const { rows } = await sql<{ id: string; alone: boolean }>`
    select i.subject_id as id, coalesce(${alone}::boolean, false) as alone
    from ${t.operationItems} i
    where i.operation_id = ${operationId}::uuid
      ${window.after === null ? sql`` : sql`and i.subject_id > ${window.after}::uuid`}
    order by i.subject_id limit ${window.limit}`.execute(db)
  return rows
}

/** What a filter finds in a table, where `row` is what its conditions call the row, and `alone` whether it must be. */
export const createMatching = <Filters>(o: {
  table: RawBuilder<unknown>
  row: string
  alone: RawBuilder<unknown>
  conditions(projectId: number, filters: Filters): readonly RawBuilder<unknown>[]
}) => {
  const column = (name: string) => sql.ref(`${o.row}.${name}`)
  const from = (projectId: number, filters: Filters) =>
    sql`from ${o.table} ${sql.ref(o.row)} where ${sql.join([...o.conditions(projectId, filters)], sql` and `)}`
  return {
    /** In the order of the ids. */
    async match(
      db: Database,
      projectId: number,
      filters: Filters,
      { until, after, limit }: BulkWindow,
    ): Promise<BulkMatch[]> {
      const { rows } = await sql<BulkMatch>`
        select ${column('id')}, ${o.alone} as alone ${from(projectId, filters)}
          ${until === null ? sql`` : sql`and ${column('created_at')} <= ${until}`}
          ${after === null ? sql`` : sql`and ${column('id')} > ${after}::uuid`}
        order by ${column('id')} limit ${limit}`.execute(db)
      return rows
    },

    async count(db: Database, projectId: number, filters: Filters, limit: number): Promise<number> {
      const { rows } = await sql<{ n: number }>`
        select count(*)::int as n from (
          select 1 ${from(projectId, filters)} limit ${limit}) matched`.execute(db)
      return rows[0]?.n ?? 0
    },
  }
}
