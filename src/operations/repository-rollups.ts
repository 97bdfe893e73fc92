import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { BOUNDS_MS, BUCKETS } from './histogram.ts'

/** The reader of events that adds them up, as `feeds` knows it. */
const FEED = 'rollups'

/** How attempts end, in the order of `rollups.attempts`. */
export const OUTCOMES = ['delivered', 'failed', 'rejected', 'unknown', 'interrupted'] as const
/** What is counted of each minute beside them. */
export const CHANGES = ['created', 'delivered', 'failed', 'canceled', 'expired'] as const
/** Longer than a send can take: an attempt that ended with an event has begun within this before it. */
const ATTEMPT_SPAN = sql`interval '32 days'`

export interface RollupSources {
  tables: Tables
  /** By the kind of their events, the tables of what is delivered; each has `id` and `lane`. */
  subjects: Readonly<Record<string, RawBuilder<unknown>>>
}

export interface Taken {
  /** Events that were added up. */
  count: number
  /** Another reader is at it. */
  busy: boolean
}

const positions = (t: Tables) => ({
  xid: sql`(select xid from ${t.feeds} where name = ${FEED})`,
  id: sql`(select id from ${t.feeds} where name = ${FEED})`,
})

/** Of rows that are grouped: a column of counts added up, place by place. */
export const countsOf = (column: 'attempts' | 'late', length: number): RawBuilder<unknown> =>
  sql`array[${sql.join(
    Array.from({ length }, (_, i) => sql`sum(${sql.ref(column)}[${sql.lit(i + 1)}])::float8`),
  )}]`

/** Whether there are events that were not added up yet: one look into an index, cheap enough for each tick. */
export const hasNewEvents = (t: Tables): RawBuilder<unknown> => sql`coalesce((select true from ${t.events} e
  where (e.xid, e.id) > (${positions(t).xid}, ${positions(t).id}) and e.xid < pg_snapshot_xmin(pg_current_snapshot())
  order by e.xid, e.id limit 1), false)`

const columns = (names: readonly string[]) => sql.join(names.map((name) => sql.ref(name)))
const BOUNDS = sql.lit(`{${BOUNDS_MS.join(',')}}`)
const bucketOf = (ms: RawBuilder<unknown>) => sql`width_bucket(${ms}, ${BOUNDS}::float8[])`
const countsBy = (column: string, values: readonly (string | number)[]) =>
  sql`array[${sql.join(
    values.map(
      (value) => sql`coalesce(sum(n) filter (where ${sql.ref(column)} = ${sql.lit(value)}), 0)::int`,
    ),
  )}]`
const added = (column: string) => sql`${sql.ref(column)} = array(select coalesce(a, 0) + coalesce(b, 0)
  from unnest(rollups.${sql.ref(column)}, excluded.${sql.ref(column)}) with ordinality u(a, b, i) order by i)`

/**
 * Adds up new events, at most `limit`, in one statement: the row of the feed is locked, what follows its position is read in
 * the order in which it became visible, added to rollups and totals, and the position advanced. So each event is counted
 * exactly once, whatever is killed when, and nothing of it passes through this process.
 *
 * The lane, the lateness and the duration are looked up by id: events do not bear them, as that would cost each outcome more
 * than it costs here. The state before is known from the type, but for what people undo, retry and settle: there the event
 * before tells. By time, as the numbers of events start again after a billion.
 */
export const takeEvents = async (db: Database, o: RollupSources, limit: number): Promise<Taken> => {
  const { tables: t } = o
  const kinds = Object.keys(o.subjects)
  const laneOf = sql`case e.kind ${sql.join(
    Object.entries(o.subjects).map(
      ([kind, table]) =>
        sql`when ${sql.lit(kind)} then (select s.lane from ${table} s where s.id = e.subject_id::uuid)`,
    ),
    sql` `,
  )} end`
  /** A task succeeds, and what else there is is delivered: the sums have one word for both. */
  const word = (text: RawBuilder<unknown>) =>
    sql`case ${text} when 'succeeded' then 'delivered' else ${text} end`
  const changeOf = (type: RawBuilder<unknown>) => word(sql`split_part(${type}, '.', 2)`)
  const finals = sql`('delivered', 'failed', 'canceled', 'expired')`
  const stateOf = (state: RawBuilder<unknown>) =>
    sql`case when ${state} in ${finals} then ${state} else 'open' end`
  const isOdd = sql`change in ('updated', 'delivered', 'failed')
    and (data ? 'retried' or data ? 'undone' or data ->> 'reason' = 'operator')`
  const stateAfter = (change: RawBuilder<unknown>, data: RawBuilder<unknown>) => sql`case
    when ${change} = 'reconciled' or (${change} = 'updated' and ${data} ? 'undone') then ${stateOf(sql`${data} ->> 'state'`)}
    when ${change} = 'created' or (${change} = 'updated' and ${data} ? 'retried') then 'open'
    when ${change} in ${finals} then ${change} end`
  const before = sql`(
    select ${stateAfter(changeOf(sql`p.type`), sql`coalesce(p.data, '{}')`)} from ${t.events} p
    where p.subject_id = c.subject_id and p.kind = c.kind and (p.at, p.id) < (c.at, c.id)
      and (p.type in (${sql.join(kinds.flatMap((kind) => [...CHANGES, 'succeeded'].map((change) => sql.lit(`${kind}.${change}`))))})
        or p.data ? 'retried' or p.data ? 'undone' or p.type = c.kind || '.reconciled')
    order by p.at desc, p.id desc limit 1)`

  const { rows } = await sql<Taken>`
    with feed as materialized (select xid, id from ${t.feeds} where name = ${FEED} for update skip locked),
    taken as materialized (
      select e.xid, e.id, e.at, e.project_id, e.kind, e.subject_id, e.type, e.data from ${t.events} e
      where (e.xid, e.id) > ((select xid from feed), (select id from feed))
        and e.xid < pg_snapshot_xmin(pg_current_snapshot())
      order by e.xid, e.id limit ${limit}),
    known as materialized (
      select e.id, e.at, e.project_id, e.kind, e.subject_id, ${changeOf(sql`e.type`)} as change,
        coalesce(e.data, '{}') as data, ${word(sql`e.data ->> 'outcome'`)} as outcome, coalesce(${laneOf}, '') as lane,
        case when e.data ? 'outcome' then (
          select array[a.late_ms, extract(epoch from a.finished_at - a.started_at) * 1000] from ${t.attempts} a
          where a.subject_id = e.subject_id::uuid and a.number = (e.data ->> 'number')::int
            and a.started_at <= e.at and a.started_at > e.at - ${ATTEMPT_SPAN}
          order by a.started_at desc limit 1) end as times
      from taken e where e.kind in (${sql.join(kinds.map((kind) => sql.lit(kind)))})),
    grouped as materialized (
      select project_id, date_trunc('minute', at) as minute, lane, change, outcome,
        ${bucketOf(sql`times[1]`)} as late, ${bucketOf(sql`times[2]`)} as took, count(*) as n
      from known where outcome is not null or change in (${sql.join(CHANGES.map((change) => sql.lit(change)))})
      group by 1, 2, 3, 4, 5, 6, 7),
    summed as (
      insert into ${t.rollups} (project_id, minutes, at, lane, ${columns(CHANGES)}, attempts, late, took)
      select project_id, minutes, date_trunc(unit, minute), lane, ${sql.join(
        CHANGES.map((change) => sql`coalesce(sum(n) filter (where change = ${sql.lit(change)}), 0)::int`),
      )}, ${countsBy('outcome', OUTCOMES)}, ${countsBy('late', [...Array(BUCKETS).keys()])},
        ${countsBy('took', [...Array(BUCKETS).keys()])}
      from grouped cross join (values (1, 'minute'), (60, 'hour')) spans(minutes, unit)
      group by 1, 2, 3, 4
      on conflict (project_id, minutes, at, lane) do update set
        ${sql.join(CHANGES.map((change) => sql`${sql.ref(change)} = rollups.${sql.ref(change)} + excluded.${sql.ref(change)}`))},
        ${added('attempts')}, ${added('late')}, ${added('took')}),
    moved as materialized (
      select c.project_id, c.kind, ${stateAfter(sql`c.change`, sql`c.data`)} as after,
        case when c.change = 'created' then null when ${isOdd} then coalesce(${before}, 'open') else 'open' end as before
      from known c),
    totaled as (
      insert into ${t.totals} (project_id, kind, state, n)
      select project_id, kind, state, sum(d) from moved cross join lateral (values (before, -1), (after, 1)) m(state, d)
      where after is not null and state is not null group by 1, 2, 3 having sum(d) <> 0
      on conflict (project_id, kind, state) do update set n = totals.n + excluded.n),
    advanced as (
      update ${t.feeds} set (xid, id) = (select xid, id from taken order by xid desc, id desc limit 1)
      where name = ${FEED} and exists (select 1 from taken))
    select (select count(*)::int from taken) as count, not exists (select 1 from feed) as busy`.execute(db)
  return rows[0] ?? { count: 0, busy: true }
}

/** Of each feed, the seconds since the oldest event that it has not taken; 0 where it has taken all. */
export const feedLags = async (db: Database, t: Tables): Promise<Map<string, number>> => {
  const { rows } = await sql<{ name: string; seconds: number }>`
    select f.name, coalesce((select extract(epoch from clock_timestamp() - e.at) from ${t.events} e
      where (e.xid, e.id) > (f.xid, f.id) order by e.xid, e.id limit 1), 0)::float8 as seconds
    from ${t.feeds} f order by 1 limit 20`.execute(db)
  return new Map(rows.map(({ name, seconds }) => [name, Math.max(0, seconds)]))
}

/** Removes rollups from before `days` days, at most `limit`; returns how many. */
export const pruneRollups = async (db: Database, t: Tables, days: number, limit: number): Promise<number> => {
  const result = await sql`
    delete from ${t.rollups} where ctid = any(array(
      select ctid from ${t.rollups} where at < statement_timestamp() - make_interval(days => ${days}) limit ${limit}))`.execute(
    db,
  )
  return Number(result.numAffectedRows ?? 0)
}
