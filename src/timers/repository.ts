import { type RawBuilder, sql } from 'kysely'
import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Queue } from '../queue/index.ts'

/** What a hand-over did on one lane. */
export interface HandedOver {
  lane: string
  count: number
  lastDueAt: Date
}

export interface NextDue {
  /** Milliseconds until it is due, by the database's clock; zero or less: it is due. */
  inMs: number
  /** The due instant, in milliseconds since 1970. */
  dueMs: number
}

/** Rows a hand-over takes at once: more do not make it faster, and hold up what falls due meanwhile. */
export const CLAIM_LIMIT = 1000

/**
 * A part of a statement: plants the timers of `source`, a query with the columns `subject_id, lane, due_at, generation,
 * priority`. A subject has one timer at most; planting again moves it, unless what stands there is of a later generation.
 */
export const plantTimers = (t: Tables, source: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  insert into ${t.timers} (subject_id, lane, due_at, generation, priority)
  select subject_id, lane, due_at, generation, priority from (${source}) planted
  on conflict (subject_id) do update
    set lane = excluded.lane, due_at = excluded.due_at, generation = excluded.generation, priority = excluded.priority
    where timers.generation <= excluded.generation`

/**
 * A part of a statement: removes the timers of `ids`, an array expression. It waits for no lock: if the alarm holds the
 * row, the job that arrives finds an older generation and is a no-op. Waiting dead-locked with the alarm.
 */
export const removeTimers = (t: Tables, ids: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  delete from ${t.timers} where ctid = any(array(
    select ctid from ${t.timers} where subject_id = any(${ids}) for update skip locked))`

const floorOf = (floor: Date | null) => sql`coalesce(${floor}::timestamptz, '-infinity')`

/** One branch a lane: filtering out a paused lane with 200,000 due rows cost 19 ms a claim, branches cost 2 ms. */
const nextDueQuery = (t: Tables, lanes: readonly string[], floor: Date | null) => sql`
  select min(x.due_at) as due_at from unnest(${lanes}::text[]) lane cross join lateral (
    select due_at from ${t.timers} t where t.lane = lane.lane and t.due_at >= ${floorOf(floor)}
    order by t.due_at limit 1) x`

interface NextDueRow {
  in_ms: number | null
  due_ms: number | null
}

const toNextDue = (row: NextDueRow | undefined): NextDue | null =>
  row === undefined || row.in_ms === null || row.due_ms === null
    ? null
    : { inMs: row.in_ms, dueMs: row.due_ms }

export const selectNextDue = async (
  db: Database,
  t: Tables,
  lanes: readonly string[],
  floor: Date | null,
): Promise<NextDue | null> => {
  const { rows } = await sql<NextDueRow>`
    select (extract(epoch from due_at - clock_timestamp()) * 1000)::float8 as in_ms,
           (extract(epoch from due_at) * 1000)::float8 as due_ms
    from (${nextDueQuery(t, lanes, floor)}) next`.execute(db)
  return toNextDue(rows[0])
}

export interface HandOver {
  /** Those that are handed over. */
  lanes: readonly string[]
  /** Those that are only looked at. Each lane handed over is a part of the statement: with all seven p50 was 4.0 ms, with one 2.7. */
  others: readonly string[]
  /** Nothing due earlier is looked for, as dead rows before it would be walked again and again. */
  floor: Date | null
  /** pg-boss's part of the statement. */
  insertion: Queue['insertion']
}

/**
 * Takes due timers off the table, earliest first, and puts their jobs into the queue: one statement, all or nothing.
 * The array of `ctid`s keeps the plan whatever the statistics say: `id IN (SELECT … LIMIT)` took 46 s on an emptied and
 * analysed table, and deleted more than its limit. As pg-boss passes over jobs silently, a division by zero undoes
 * everything where not all went in. `othersDue`: something of the other lanes is due.
 */
export const handOverDueTimers = async (
  db: Database,
  t: Tables,
  { lanes, others, floor, insertion }: HandOver,
): Promise<{ groups: HandedOver[]; othersDue: boolean }> => {
  const jobsOf = (lane: string) => sql`(
    select coalesce(json_agg(json_build_object('data', json_build_object('s', subject_id, 'g', generation, 'h', at_ms),
      'priority', priority) order by due_at, subject_id), '[]')
    from due, (select extract(epoch from statement_timestamp()) * 1000 as at_ms) clock where lane = ${lane})`
  const parts = lanes.map((lane, i) => {
    const name = sql.ref(`jobs_${i}`)
    return {
      cte: sql`${name} as (${insertion(lane, jobsOf(lane))})`,
      count: sql`(select count(*) from ${name})`,
    }
  })
  const dueOf = (some: readonly string[], what: RawBuilder<unknown>, end: RawBuilder<unknown>) => sql`
    select x.* from unnest(${some}::text[]) lane cross join lateral (
      select ${what} from ${t.timers} t
      where t.lane = lane.lane and t.due_at >= ${floorOf(floor)} and t.due_at <= statement_timestamp()
      order by t.due_at ${end}) x`
  const { rows } = await sql<HandedOver & { lane: string | null }>`
    with due as (
      delete from ${t.timers} where ctid = any(array(
        ${dueOf(lanes, sql`ctid`, sql`limit ${CLAIM_LIMIT} for update skip locked`)}))
      returning subject_id, lane, due_at, generation, priority),
    ${sql.join(parts.map((part) => part.cte))}
    select lane, count(*)::int as count, max(due_at) as "lastDueAt",
      1 / (case when (select count(*) from due) = ${sql.join(
        parts.map((part) => part.count),
        sql` + `,
      )} then 1 else 0 end)
    from due group by lane
    ${others.length === 0 ? sql`` : sql`union all select null, 0, null, 1 where (${dueOf(others, sql`true`, sql`limit 1`)} limit 1)`}`.execute(
    db,
  )
  const groups = rows.filter(({ lane }) => lane !== null)
  return { groups, othersDue: groups.length < rows.length }
}

export interface Tick {
  next: NextDue | null
  pausedLanes: string[]
  /** Queues with jobs that nobody has claimed. */
  readyQueues: string[]
  /** Queues with claims that were not renewed in time. */
  staleQueues: string[]
  /** Milliseconds until the first of the claims lapses that are alive; null where there is none. */
  nextLapseMs: number | null
  /** Age of the oldest open snapshot in this database: dead rows newer than that cannot be removed. */
  oldestSnapshotSeconds: number
  /** Those of the errands that there is reason for. */
  errands: string[]
}

/** What else is to be looked for, by name: whether there is reason for it, as one boolean expression. It must be cheap. */
export type Errands = Readonly<Record<string, RawBuilder<unknown>>>

/** All that an idle worker asks, in one statement: was a wake-up lost, did a worker die, what is paused? */
export const compileTick = (
  db: Database,
  t: Tables,
  o: {
    lanes: readonly string[]
    queues: readonly string[]
    jobsTable: RawBuilder<unknown>
    heartbeatSeconds: number
    errands: Errands
    /** Written along with it: that this worker lives. */
    beat: RawBuilder<unknown> | null
  },
) => {
  // A scalar subquery with a limit: `exists` would be flattened into a join over the whole table, 294 ms at 500,000 jobs.
  const queuesWhere = (condition: RawBuilder<unknown>) => sql`
    array(select q.name from unnest(${o.queues}::text[]) q(name)
          where (select true from ${o.jobsTable} j where j.name = q.name and ${condition} limit 1))`
  const ready = sql`j.state < 'active' and not j.blocked and j.start_after <= now()
    order by j.priority desc, j.created_on`
  // No index has the claims alone: with an old snapshot this walks all dead rows too, hence once for both questions.
  const claims = sql`claims as materialized (
    select name, ((extract(epoch from min(heartbeat_on) - now()) + ${o.heartbeatSeconds}) * 1000)::float8 as lapse_ms
    from ${o.jobsTable} where name = any(${o.queues}::text[]) and state = 'active' group by name)`
  const errands = Object.entries(o.errands).map(
    ([name, condition]) => sql`case when ${condition} then ${sql.lit(name)} end`,
  )
  return sql<TickRow>`
    with ${claims}${o.beat === null ? sql`` : sql`, beat as (${o.beat})`}
    select (extract(epoch from next.due_at - clock_timestamp()) * 1000)::float8 as in_ms,
           (extract(epoch from next.due_at) * 1000)::float8 as due_ms,
           array(select name from ${t.queues} where paused_at is not null) as paused_lanes,
           ${queuesWhere(ready)} as ready_queues,
           array(select name from claims where lapse_ms < 0) as stale_queues,
           (select min(lapse_ms) from claims where lapse_ms >= 0) as next_lapse_ms,
           coalesce((select extract(epoch from clock_timestamp() - min(xact_start)) from pg_stat_activity
             where backend_xmin is not null and datname = current_database()), 0)::float8 as oldest_snapshot_seconds,
           array_remove(array[${sql.join([...errands, sql`null`])}]::text[], null) as errands
    from (${nextDueQuery(t, o.lanes, null)}) next`.compile(db)
}

export interface TickRow extends NextDueRow {
  paused_lanes: string[]
  ready_queues: string[]
  stale_queues: string[]
  next_lapse_ms: number | null
  oldest_snapshot_seconds: number
  errands: string[]
}

export const toTick = (row: TickRow): Tick => ({
  next: toNextDue(row),
  pausedLanes: row.paused_lanes,
  readyQueues: row.ready_queues,
  staleQueues: row.stale_queues,
  nextLapseMs: row.next_lapse_ms,
  oldestSnapshotSeconds: row.oldest_snapshot_seconds,
  errands: row.errands,
})

/** How many timers are due already, counted up to `limit`. */
export const countOverdue = async (db: Database, t: Tables, limit: number): Promise<number> => {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (select 1 from ${t.timers} where due_at <= clock_timestamp() limit ${limit}) due`.execute(
    db,
  )
  return rows[0]?.n ?? 0
}

/** Who pauses or resumes, and the name that the queue is shown by. */
export interface PauseBy extends By {
  name: string
}

/** Nothing is written, and nothing told, where it is so already. */
export const setPaused = async (
  db: Database,
  t: Tables,
  lane: string,
  paused: boolean,
  by: PauseBy | null,
): Promise<void> => {
  const changed = paused
    ? sql`insert into ${t.queues} (name, paused_at) values (${lane}, clock_timestamp())
        on conflict (name) do update set paused_at = clock_timestamp() where queues.paused_at is null returning name`
    : sql`update ${t.queues} set paused_at = null where name = ${lane} and paused_at is not null returning name`
  const told =
    by &&
    sql`, told as (
    insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
    select ${by.projectId}, 'queue', ${by.name}, ${paused ? 'queue.paused' : 'queue.resumed'},
      ${JSON.stringify(by.actor)}::jsonb, ${stateChange(paused ? ['active', 'paused'] : ['paused', 'active'])}::jsonb from changed)`
  await sql`with changed as (${changed})${told ?? sql``} select count(*) from changed`.execute(db)
}

const stateChange = ([before, after]: readonly [string, string]): string =>
  JSON.stringify({ before: { state: before }, after: { state: after } })

/** Cast to text: some clients cannot read a `void` column. */
export const notifyAll = async (
  db: Database,
  messages: readonly (readonly [string, string])[],
): Promise<void> => {
  const channels = messages.map(([channel]) => channel)
  const payloads = messages.map(([, payload]) => payload)
  await sql`select pg_notify(c, p)::text from unnest(${channels}::text[], ${payloads}::text[]) m(c, p)`.execute(
    db,
  )
}
