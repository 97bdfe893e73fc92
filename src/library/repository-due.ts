import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'

const LIMIT = 1_000

/** For tests: what is due later, made due now. */
export const createDueRepository = (t: Tables, jobsTable: RawBuilder<unknown>) => ({
  /**
   * Makes due now what falls due at the earliest instant of all, up to `until`. Returns whose timers these are; none where
   * nothing is left. Paused lanes are left alone.
   */
  async bringForward(db: Database, lanes: readonly string[], until: Date): Promise<string[]> {
    const { rows } = await sql<{ ids: string[] }>`
      with active as materialized (
        select lane from unnest(${lanes}::text[]) lane
        where lane not in (select name from ${t.queues} where paused_at is not null)),
      first as materialized (
        select min(x.due_at) as due_at from active cross join lateral (
          select due_at from ${t.timers} t where t.lane = active.lane and t.due_at <= ${until} order by due_at limit 1) x),
      clock as materialized (select date_trunc('milliseconds', clock_timestamp())::timestamptz(3) as now),
      chosen as materialized (
        select subject_id, due_at from ${t.timers} t
        where t.due_at = (select due_at from first) and t.lane = any(array(select lane from active))
        order by subject_id limit ${LIMIT} for update),
      later as materialized (select subject_id from chosen where due_at > (select now from clock)),
      moved as (
        update ${t.timers} set due_at = (select now from clock) where subject_id = any(array(select subject_id from later))),
      n as (
        update ${t.notifications} set next_at = (select now from clock), due_at = least(due_at, (select now from clock))
        where id = any(array(select subject_id from later))),
      runs as (
        update ${t.runs} set next_at = (select now from clock), due_at = least(due_at, (select now from clock))
        where id = any(array(select subject_id from later))),
      p as (
        update ${t.publications} set next_at = (select now from clock), due_at = least(due_at, (select now from clock))
        where id = any(array(select subject_id from later))),
      r as (
        update ${t.releases} set next_at = (select now from clock), due_at = least(due_at, (select now from clock))
        where id = any(array(select subject_id from later)))
      select array(select subject_id::text from chosen) as ids`.execute(db)
    return rows[0]?.ids ?? []
  },

  /** Whether anything of these is still on its way: a timer that is due, or a job. With no ids, any job of these lanes. */
  async isOpen(db: Database, lanes: readonly string[], ids: readonly string[]): Promise<boolean> {
    const all = ids.length === 0
    const { rows } = await sql<{ open: boolean }>`
      select exists (select 1 from ${t.timers} where subject_id = any(${ids}::uuid[]) and due_at <= clock_timestamp())
        or exists (select 1 from ${jobsTable} j where j.name = any(${lanes}::text[]) and j.state <= 'active'
          and (${all} or j.data ->> 's' = any(${ids}::text[]))) as open`.execute(db)
    return rows[0]?.open === true
  },
})
