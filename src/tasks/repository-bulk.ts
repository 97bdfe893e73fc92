import { sql } from 'kysely'
import type { BulkMatch, BulkWindow } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { byFilters, type Filters } from './repository-list.ts'

/** What bulk calls are about. The changes themselves are those of single calls. */
export const createBulkRepository = (t: Tables) => {
  const matching = (projectId: number, filters: Filters, until: Date | null) =>
    sql.join(
      [
        sql`n.project_id = ${projectId}`,
        ...byFilters(t, filters),
        ...(until === null ? [] : [sql`n.created_at <= ${until}`]),
      ],
      sql` and `,
    )

  return {
    /** What matches, in the order of the ids. One with a key is alone: it may have to wait for another one's key. */
    async match(db: Database, projectId: number, filters: Filters, window: BulkWindow): Promise<BulkMatch[]> {
      const { rows } = await sql<BulkMatch>`
        select n.id, n.dedupe_key is not null as alone from ${t.runs} n
        where ${matching(projectId, filters, window.until)}
          ${window.after === null ? sql`` : sql`and n.id > ${window.after}::uuid`}
        order by n.id limit ${window.limit}`.execute(db)
      return rows
    },

    async count(db: Database, projectId: number, filters: Filters, limit: number): Promise<number> {
      const { rows } = await sql<{ n: number }>`
        select count(*)::int as n from (
          select 1 from ${t.runs} n where ${matching(projectId, filters, null)} limit ${limit}) matched`.execute(
        db,
      )
      return rows[0]?.n ?? 0
    },

    /** Of what an operation changed, `i`: whether it must be alone. */
    hasKey: sql`(select n.dedupe_key is not null from ${t.runs} n where n.id = i.subject_id)`,
  }
}
