import { type RawBuilder, sql } from 'kysely'
import { CUTOFF } from '../events/index.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { DELIVERY_COLUMNS, deliveryOf, timersOf, wants } from './repository-event.ts'

/** What one pass of the dispatcher came to. */
export interface Pass {
  /** Events that were gone through, wanted or not. */
  events: number
  /** There may be more of them. */
  isFull: boolean
  /** Whether any endpoint is active: without one there is nothing to come back for. */
  isNeeded: boolean
  /** When the earliest of the deliveries is due, in milliseconds since 1970; null where there is none. */
  dueMs: number | null
}

/** Events in one statement, fewer where there are many endpoints: 5,000 deliveries took half a second on two busy cores. */
const PASS_EVENTS = { least: 10, most: 500 } as const
const PASS_DELIVERIES = 2_000

const position = (t: Tables, column: string) =>
  sql`(select ${sql.ref(column)} from ${t.feeds} where name = 'webhooks')`

/** Whether an event waits that is not dispatched yet, and any endpoint that could want it. */
export const hasWork = (t: Tables): RawBuilder<unknown> => sql`
  ((select true from ${t.webhooks} where state = 'active' limit 1) is true
    and (select true from ${t.events} e
      where (e.xid, e.id) > (${position(t, 'xid')}, ${position(t, 'id')}) and e.xid < ${CUTOFF}
      order by e.xid, e.id limit 1) is true)`

export const createDispatchRepository = (db: Database, t: Tables) => ({
  /**
   * Takes the next events in turn and makes a delivery, with its timer, for each endpoint that wants one. One statement:
   * the deliveries are there and the position has moved, or neither. The lock on the position makes one dispatcher at a
   * time; whoever does not get it does nothing.
   */
  async pass(): Promise<Pass> {
    const { rows } = await sql<Pass>`
      with feed as materialized (
        select xid, id from ${t.feeds} where name = 'webhooks' for no key update skip locked),
      endpoint as materialized (
        select id, project_id, types, since from ${t.webhooks} where state = 'active'),
      share as materialized (
        select greatest(${sql.lit(PASS_EVENTS.least)}, least(${sql.lit(PASS_EVENTS.most)},
          ${sql.lit(PASS_DELIVERIES)} / greatest(count(*), 1))) as events from endpoint),
      batch as materialized (
        select e.* from ${t.events} e
        where exists (select 1 from endpoint)
          and (e.xid, e.id) > ((select xid from feed), (select id from feed)) and e.xid < ${CUTOFF}
        order by e.xid, e.id limit (select events from share)),
      added as (
        insert into ${t.webhookDeliveries} (${DELIVERY_COLUMNS})
        select ${deliveryOf('w', 'e')} from batch e join endpoint w on w.project_id = e.project_id
        where ${wants('w', 'e')} and not pg_visible_in_snapshot(e.xid, w.since)
        on conflict (webhook_id, event_id) do nothing
        returning id, lane, next_at, generation, priority),
      planted as (${timersOf(t, 'added')}),
      moved as (
        update ${t.feeds} f set xid = last.xid, id = last.id
        from (select xid, id from batch order by xid desc, id desc limit 1) last where f.name = 'webhooks')
      select (select count(*)::int from batch) as events,
        (select count(*) from batch) = (select events from share) as "isFull",
        exists (select 1 from endpoint) as "isNeeded",
        (select (extract(epoch from min(next_at)) * 1000)::float8 from added) as "dueMs"`.execute(db)
    return rows[0] ?? { events: 0, isFull: false, isNeeded: false, dueMs: null }
  },

  /**
   * In a database that was restored into another server its transactions count anew: what was kept of the old numbers
   * lies in the future, and would hold everything up until they are reached.
   */
  async mendPosition(): Promise<void> {
    const future = sql`pg_snapshot_xmax(pg_current_snapshot())`
    await sql`update ${t.feeds} set xid = '1', id = 0 where name = 'webhooks' and xid > ${future}`.execute(db)
    await sql`update ${t.webhooks} set since = '1:1:' where pg_snapshot_xmax(since) > ${future}`.execute(db)
  },

  /** Removes deliveries that were final before `days` ago, oldest first, at most `limit`; returns how many. */
  async prune(days: number, limit: number): Promise<number> {
    const before = sql`clock_timestamp() - make_interval(days => ${days}::int)`
    const result = await sql`
      delete from ${t.webhookDeliveries} where id = any(array(
        select d.id from ${t.projects} p cross join lateral (
          select id from ${t.webhookDeliveries}
          where project_id = p.id and due_at < ${before} and finished_at < ${before}
          order by due_at limit ${limit} for update skip locked) d
        limit ${limit}))`.execute(db)
    return Number(result.numAffectedRows ?? 0)
  },
})
