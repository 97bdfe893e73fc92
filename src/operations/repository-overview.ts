import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { BUCKETS } from './histogram.ts'
import { CHANGES, countsOf, OUTCOMES } from './repository-rollups.ts'

/** What waits or runs is counted up to this: each is a look-up. */
export const OPEN_LIMIT = 10_000

/** Of what is delivered, as the overview counts it: a table with the columns of the state machine. */
export interface OverviewSources {
  tables: Tables
  /** The kind of its events. */
  kind: string
  table: RawBuilder<unknown>
  /** The lanes that it is delivered on. */
  lanes: readonly string[]
  jobsTable: RawBuilder<unknown>
  /** Its value of `trouble` for what is tried again. */
  retrying: number
  /** What is due and has neither timer nor job, as it waits in a line of its own: a query of `id`, of its lanes. */
  line?: RawBuilder<unknown>
}

export interface Waiting {
  queued: number
  sending: number
  retrying: number
  overdue: number
  minute: number
  hour: number
  day: number
}

/** Sums of a lane and a span of time. */
export interface Sums {
  lane: string
  /** The beginning of the span. */
  at: Date
  created: number
  delivered: number
  failed: number
  canceled: number
  expired: number
  /** In the order of `OUTCOMES`. */
  attempts: number[]
  late: number[]
}

const UUID = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'

export const createOverviewRepository = ({ tables: t, kind, table, ...o }: OverviewSources) => {
  const limit = sql.lit(OPEN_LIMIT)
  const now = sql`(select ts from clock)`
  const each = sql`unnest(${o.lanes}::text[]) l(lane)`

  return {
    /** How many there are of each final state, and of what is `open`. Exact up to the last event that was added up. */
    async totals(db: Database, projectId: number): Promise<Map<string, number>> {
      const { rows } = await sql<{ state: string; n: number }>`
        select state, n::float8 as n from ${t.totals} where project_id = ${projectId} and kind = ${kind} limit 10`.execute(
        db,
      )
      return new Map(rows.map(({ state, n }) => [state, Math.max(0, n)]))
    },

    /**
     * What waits and runs, each found by an index and looked up for its project and state: the first of each lane that are due,
     * the jobs, those that are tried again, and the next that are due. No count goes beyond `OPEN_LIMIT`.
     */
    async waiting(db: Database, projectId: number): Promise<Waiting> {
      const { rows } = await sql<Waiting>`
        with clock as materialized (select clock_timestamp() as ts),
        paused as materialized (select array(select name from ${t.queues} where paused_at is not null) as lanes),
        ids as materialized (
          select x.id from ${each} cross join lateral (
            select t.subject_id as id from ${t.timers} t where t.lane = l.lane and t.due_at <= ${now}
            order by t.due_at limit ${limit}) x
          union
          select x.id from ${each} cross join lateral (
            select case when j.data ->> 's' ~ ${UUID} then (j.data ->> 's')::uuid end as id from ${o.jobsTable} j
            where j.name = l.lane and j.state <= 'active' limit ${limit}) x
          ${o.line === undefined ? sql`` : sql`union select x.id from (${o.line} limit ${limit}) x`}),
        handed as materialized (
          select n.state, n.next_at <= ${now} as due, n.lane = any((select lanes from paused)::text[]) as paused
          from ${table} n where n.id = any(array(select id from ids limit ${limit})) and n.project_id = ${projectId}),
        again as materialized (
          select next_at from ${table}
          where project_id = ${projectId} and trouble = ${sql.lit(o.retrying)} and state = 'retrying' limit ${limit}),
        next as materialized (
          select due_at from (
            select due_at, state from ${table} where project_id = ${projectId} and due_at > ${now}
              and due_at <= ${now} + interval '1 day' order by due_at limit ${limit}) f where state = 'scheduled'
          union all select next_at from again where next_at > ${now} and next_at <= ${now} + interval '1 day')
        select
          (select count(*)::int from handed where state = 'scheduled' and due and not paused) as queued,
          (select count(*)::int from handed where state = 'sending') as sending,
          (select count(*)::int from again) as retrying,
          (select count(*)::int from handed where state in ('scheduled', 'retrying') and due) as overdue,
          (select count(*)::int from next where due_at <= ${now} + interval '1 minute') as minute,
          (select count(*)::int from next where due_at <= ${now} + interval '1 hour') as hour,
          (select count(*)::int from next) as day`.execute(db)
      return rows[0] ?? { queued: 0, sending: 0, retrying: 0, overdue: 0, minute: 0, hour: 0, day: 0 }
    },

    /** The minutes of the last hour, the one that is running included, lane by lane; and the time of the database. */
    async lastHour(db: Database, projectId: number): Promise<{ now: Date; minutes: Sums[] }> {
      const { rows } = await sql<{ now: Date; minutes: (Omit<Sums, 'at'> & { at: string })[] }>`
        select clock_timestamp() as now, (select coalesce(json_agg(r), '[]') from (
          select lane, at, ${sql.join(CHANGES.map((change) => sql.ref(change)))}, attempts, late from ${t.rollups}
          where project_id = ${projectId} and minutes = 1 and at > statement_timestamp() - interval '1 hour'
          order by at limit 10000) r) as minutes`.execute(db)
      const [row] = rows
      return row === undefined
        ? { now: new Date(), minutes: [] }
        : { now: row.now, minutes: row.minutes.map((sums) => ({ ...sums, at: new Date(sums.at) })) }
    },

    /** Sums of all lanes by steps of `stepSeconds` from `from` on; steps in which nothing happened are left out. */
    async series(
      db: Database,
      projectId: number,
      range: { from: Date; to: Date; stepSeconds: number; minutes: 1 | 60; points: number },
    ): Promise<Omit<Sums, 'lane'>[]> {
      const { rows } = await sql<Omit<Sums, 'lane'>>`
        select ${range.from}::timestamptz + make_interval(secs => step * ${range.stepSeconds}::float8) as at,
          ${sql.join(CHANGES.map((change) => sql`sum(${sql.ref(change)})::float8 as ${sql.ref(change)}`))},
          ${countsOf('attempts', OUTCOMES.length)} as attempts, ${countsOf('late', BUCKETS)} as late
        from ${t.rollups}, lateral (
          select floor(extract(epoch from at - ${range.from}::timestamptz) / ${range.stepSeconds}::float8) as step) s
        where project_id = ${projectId} and minutes = ${range.minutes} and at >= ${range.from} and at < ${range.to}
        group by step order by step limit ${range.points}`.execute(db)
      return rows
    },
  }
}
