import { sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'

/** What waits, and what was due lately, is counted up to this. */
const LIMIT = 10_000
/** Of what has failed, which lies all over the history, each may be a page to read. */
const FAILED_LIMIT = 1_000

interface Figures {
  scheduled: number
  /** Failed or missed. */
  failed: number
  overdue: number
  minute: number
  hour: number
  day: number
  /** Of those that were due within it. */
  lastHour: { succeeded: number; superseded: number; canceled: number; failed: number; missed: number }
  lateness: { p50: number | null; p95: number | null; p99: number | null }
}

/** Publications as the overview shows them. Each count is a walk along an index that ends at a limit: no history is counted. */
export const createPublicationFigures =
  (t: Tables) =>
  async (db: Database, projectId: number): Promise<Figures> => {
    const limit = sql.lit(LIMIT)
    const states = ['succeeded', 'superseded', 'canceled', 'failed', 'missed']
    const shares = { p50: 0.5, p95: 0.95, p99: 0.99 }
    const late = Object.entries(shares).map(
      ([name, share]) =>
        sql`${sql.lit(name)}, percentile_disc(${sql.lit(share)}) within group (order by late_ms)`,
    )
    const within = (interval: string) =>
      sql`count(*) filter (where due_at > ts and due_at <= ts + ${sql.lit(interval)}::interval)::int`
    const { rows } = await sql<Figures>`
      with clock as materialized (select clock_timestamp() as ts),
      waiting as (
        select due_at from ${t.publications} where project_id = ${projectId} and finished_at is null
        order by due_at limit ${limit}),
      failed as (
        select 1 from ${t.publications} where project_id = ${projectId} and state in ('failed', 'missed')
        limit ${sql.lit(FAILED_LIMIT)}),
      hour as (
        select state, late_ms from ${t.publications} where project_id = ${projectId}
          and due_at <= (select ts from clock) and due_at > (select ts from clock) - interval '1 hour'
        order by due_at desc limit ${limit})
      select w.*, (select count(*)::int from failed) as failed, h.* from (
        select count(due_at)::int as scheduled, count(*) filter (where due_at <= ts)::int as overdue,
          ${within('1 minute')} as minute, ${within('1 hour')} as hour, ${within('1 day')} as day
        from clock left join waiting on true) w,
      (select json_build_object(${sql.join(
        states.map((state) => sql`${sql.lit(state)}, count(*) filter (where state = ${sql.lit(state)})`),
      )}) as "lastHour", json_build_object(${sql.join(late)}) as lateness from hour) h`.execute(db)
    const [row] = rows
    if (row === undefined) throw new Error('the figures of publications were not answered')
    return row
  }
