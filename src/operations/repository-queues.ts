import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Minute } from './rate.ts'

/** Counts end here: an index is walked for each. */
export const COUNT_LIMIT = 100_000
const WINDOW_SECONDS = 60
/** Of a project and table, and of all projects. */
const RECENT_LIMIT = 5_000
const MOST_RECENT = 20_000
const MINUTES_LIMIT = 1_000

export interface QueueSources {
  tables: Tables
  /** The queue's jobs. */
  jobsTable: RawBuilder<unknown>
  /**
   * Tables of what is done at its time and whose events are not added up, each with `project_id`, `lane`, `due_at`, `state`
   * and an index by project and time.
   */
  others: readonly RawBuilder<unknown>[]
}

export interface QueueCounts {
  lane: string
  paused: boolean
  scheduled: number
  queued: number
  running: number
}

export const createQueueRepository = ({ tables: t, jobsTable, others }: QueueSources) => ({
  async counts(db: Database, lanes: readonly string[]): Promise<QueueCounts[]> {
    const upTo = (rows: RawBuilder<unknown>) =>
      sql`(select count(*)::int from (${rows} limit ${COUNT_LIMIT}) c)`
    // In the order of the index: else one lane that has all the rows makes the table be read for each of the others.
    const { rows } = await sql<QueueCounts>`
      select l.lane,
        exists (select 1 from ${t.queues} q where q.name = l.lane and q.paused_at is not null) as paused,
        ${upTo(sql`select 1 from ${t.timers} t where t.lane = l.lane order by t.due_at`)} as scheduled,
        ${upTo(sql`select 1 from ${jobsTable} j where j.name = l.lane and j.state < 'active'`)} as queued,
        ${upTo(sql`select 1 from ${jobsTable} j where j.name = l.lane and j.state = 'active'`)} as running
      from unnest(${lanes}::text[]) l(lane)`.execute(db)
    return rows
  },

  /** What was added up of the last minutes, of all projects, and the time of the database. */
  async lastMinutes(db: Database): Promise<{ now: Date; minutes: (Minute & { lane: string })[] }> {
    const { rows } = await sql<{ now: Date; lane: string | null; at: Date; attempts: number }>`
      select clock_timestamp() as now, r.* from (values (1)) one(n) left join (
        select lane, at, sum((select sum(a) from unnest(attempts) a))::float8 as attempts
        from ${t.rollups} where minutes = 1 and at > statement_timestamp() - interval '2 minutes' and lane <> ''
        group by lane, at order by at desc limit ${MINUTES_LIMIT}) r on true`.execute(db)
    const minutes = rows.flatMap(({ lane, at, attempts }) => (lane === null ? [] : [{ lane, at, attempts }]))
    return { now: rows[0]?.now ?? new Date(), minutes }
  },

  /**
   * Of what is not added up, a second: what fell due within the last minute and has ended. It is found by when it was due, as
   * an index by when it ended would end HOT for every outcome; where the newest that are looked at are not a minute's, the
   * rate is that of the time they are from.
   */
  async othersPerSecond(db: Database): Promise<Map<string, number>> {
    if (others.length === 0) return new Map()
    const newest = (table: RawBuilder<unknown>, i: number) => sql`
      select x.lane, x.ended, x.due_at, ${sql.lit(i)} as source from ${t.projects} p cross join lateral (
        select o.lane, o.due_at, coalesce(o.state::text in ('delivered', 'succeeded', 'failed'), false) as ended
        from ${table} o where o.project_id = p.id and o.due_at > (select since from span) and o.due_at <= (select now from span)
        order by o.due_at desc limit ${RECENT_LIMIT}) x`
    const { rows } = await sql<{ lane: string; perSecond: number }>`
      with span as materialized (
        select clock_timestamp() as now, clock_timestamp() - make_interval(secs => ${WINDOW_SECONDS}) as since),
      newest as materialized (${sql.join(
        others.map((table, i) => sql`(${newest(table, i)} limit ${MOST_RECENT})`),
        sql` union all `,
      )}),
      spans as (
        select source, case when count(*) >= ${RECENT_LIMIT} then least(${WINDOW_SECONDS}::float8,
          greatest(1, extract(epoch from (select now from span) - min(due_at)))) else ${WINDOW_SECONDS}::float8 end as seconds
        from newest group by source)
      select n.lane, (count(*) / max(s.seconds))::float8 as "perSecond"
      from newest n join spans s on s.source = n.source where n.ended group by n.lane limit ${MINUTES_LIMIT}`.execute(
      db,
    )
    return new Map(rows.map(({ lane, perSecond }) => [lane, perSecond]))
  },
})
