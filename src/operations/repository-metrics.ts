import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { BUCKETS } from './histogram.ts'
import { countsOf } from './repository-rollups.ts'

const OVERDUE_LIMIT = 100_000

export const createMetricsRepository = ({
  tables: t,
  jobsTable,
}: {
  tables: Tables
  jobsTable: RawBuilder<unknown>
}) => ({
  /** Due and not begun in these lanes, of all projects, up to `OVERDUE_LIMIT`: those with a timer, and those with a job. */
  async overdue(db: Database, lanes: readonly string[]): Promise<number> {
    const { rows } = await sql<{ n: number }>`
      select (
        (select count(*) from (select 1 from unnest(${lanes}::text[]) l(lane) cross join lateral (
          select 1 from ${t.timers} t where t.lane = l.lane and t.due_at <= statement_timestamp() limit ${OVERDUE_LIMIT}) x
          limit ${OVERDUE_LIMIT}) timers)
        + (select count(*) from (select 1 from ${jobsTable} j
            where j.name = any(${lanes}::text[]) and j.state < 'active' limit ${OVERDUE_LIMIT}) jobs))::int as n`.execute(
      db,
    )
    return Math.min(rows[0]?.n ?? 0, OVERDUE_LIMIT)
  },

  /** The lateness of the last hour by lane, of all projects. */
  async lateness(db: Database): Promise<{ lane: string; late: number[] }[]> {
    const { rows } = await sql<{ lane: string; late: number[] }>`
      select lane, ${countsOf('late', BUCKETS)} as late
      from ${t.rollups} where minutes = 1 and at > statement_timestamp() - interval '1 hour' and lane <> ''
      group by lane limit 1000`.execute(db)
    return rows
  },
})
