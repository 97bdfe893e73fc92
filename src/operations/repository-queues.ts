import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'

/** Counts end here: an index is walked for each. */
export const COUNT_LIMIT = 100_000
/** How much of the newest history is looked at. */
const EVENTS_LIMIT = 20_000
const WINDOW_SECONDS = 60

export interface QueueSources {
  tables: Tables
  /** The queue's jobs. */
  jobsTable: RawBuilder<unknown>
  /** By the kind of their events, the tables of what is delivered; each has `id` and `lane`. */
  subjects: Readonly<Record<string, RawBuilder<unknown>>>
}

export interface QueueCounts {
  lane: string
  paused: boolean
  scheduled: number
  queued: number
  running: number
}

export const createQueueRepository = ({ tables: t, jobsTable, subjects }: QueueSources) => ({
  async counts(db: Database, lanes: readonly string[]): Promise<QueueCounts[]> {
    const upTo = (rows: RawBuilder<unknown>) =>
      sql`(select count(*)::int from (${rows} limit ${COUNT_LIMIT}) c)`
    const { rows } = await sql<QueueCounts>`
      select l.lane,
        exists (select 1 from ${t.queues} q where q.name = l.lane and q.paused_at is not null) as paused,
        ${upTo(sql`select 1 from ${t.timers} t where t.lane = l.lane`)} as scheduled,
        ${upTo(sql`select 1 from ${jobsTable} j where j.name = l.lane and j.state < 'active'`)} as queued,
        ${upTo(sql`select 1 from ${jobsTable} j where j.name = l.lane and j.state = 'active'`)} as running
      from unnest(${lanes}::text[]) l(lane)`.execute(db)
    return rows
  },

  /**
   * Attempts that ended, a second, over the last minute. Events have no index by time, but their ids rise with it: the
   * newest are read backwards, and where so many are not a minute's, the rate is that of the time they are from.
   */
  async perSecond(db: Database): Promise<Map<string, number>> {
    const lanes = Object.entries(subjects).map(
      ([kind, table]) => sql`
        select (select s.lane from ${table} s where s.id = e.subject_id::uuid) as lane
        from newest e where e.kind = ${kind} and e.ended and e.at > since`,
    )
    if (lanes.length === 0) return new Map()
    const { rows } = await sql<{ lane: string; perSecond: number }>`
      with newest as materialized (
        select kind, subject_id, at, data -> 'outcome' is not null as ended
        from ${t.events} order by xid desc, id desc limit ${EVENTS_LIMIT}),
      span as materialized (
        select greatest(clock_timestamp() - make_interval(secs => ${WINDOW_SECONDS}),
          case when count(*) = ${EVENTS_LIMIT} then min(at) end) as since from newest)
      select lane, (count(*) / greatest(1, max(extract(epoch from clock_timestamp() - since))))::float8 as "perSecond"
      from span cross join lateral (${sql.join(lanes, sql` union all `)}) ended
      where lane is not null group by lane`.execute(db)
    return new Map(rows.map(({ lane, perSecond }) => [lane, perSecond]))
  },
})
