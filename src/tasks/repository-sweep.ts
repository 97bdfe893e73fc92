import { type RawBuilder, sql } from 'kysely'
import { TROUBLE } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { removeTimers } from '../timers/index.ts'
import { KIND } from './repository-insert.ts'

/** Longer than a hand-over, a claim and a start can take in turn while all is well. */
export const OVERDUE_SECONDS = 60
/** Of the lanes of tasks. */
const LANE_PREFIX = 'tasks.'
const LIMIT = 500

/** What is due for a minute, of tasks that no living worker has; and whether there are limits to look after. */
export const createSweepRepository = (t: Tables, jobsTable: RawBuilder<unknown>) => {
  const overdue = sql`(clock_timestamp() - make_interval(secs => ${sql.lit(OVERDUE_SECONDS)}))`
  /** All lanes with timers or jobs, found by leaping from one to the next, and of those the tasks' that nobody alive has. */
  const unknown = sql`
    leaps(lane) as (
      (select lane from ${t.timers} order by lane limit 1)
      union all
      select (select x.lane from ${t.timers} x where x.lane > leaps.lane order by x.lane limit 1)
      from leaps where leaps.lane is not null),
    names(lane) as (
      (select name from ${jobsTable} order by name limit 1)
      union all
      select (select j.name from ${jobsTable} j where j.name > names.lane order by j.name limit 1)
      from names where names.lane is not null),
    unknown as materialized (
      select lane from (select lane from leaps union select lane from names) l
      where starts_with(lane, ${sql.lit(LANE_PREFIX)})
        and lane not in (select name from ${t.queues} where paused_at is not null)
        and lane not in (
          select l ->> 'queue' from ${t.workers} w cross join lateral jsonb_array_elements(w.lanes) l
          where w.seen_at > clock_timestamp() - make_interval(secs => w.beat_seconds * 2.5 + 2)))`

  return {
    /** A part of the tick's statement: some look-ups. */
    hasWork: sql`(coalesce((select true from ${t.runSlots} limit 1), (select true from ${t.runWaits} limit 1), false)
      or exists (with recursive ${unknown} select 1 from unknown where
        exists (select 1 from ${t.timers} x where x.lane = unknown.lane and x.due_at < ${overdue})
        or exists (select 1 from ${jobsTable} j where j.name = unknown.lane and j.created_on < ${overdue})))`,

    /**
     * What fell due in a paused lane waits, whoever lives. Jobs of such lanes go too: one whose run was begun is then found
     * lost, and planted again.
     */
    async orphans(db: Database): Promise<string[]> {
      const { rows } = await sql<{ ids: string[] }>`
        with recursive ${unknown},
        waiting as materialized (
          select x.id from unknown cross join lateral (
            select subject_id as id from ${t.timers} t where t.lane = unknown.lane and t.due_at < ${overdue}
            order by t.due_at limit ${LIMIT}) x),
        jobs as (
          delete from ${jobsTable} j where j.name = any(array(select lane from unknown)) and j.created_on < ${overdue}
            and coalesce(j.heartbeat_on, j.created_on) < ${overdue}
          returning j.data ->> 's' as id)
        select array(select id::text from waiting union select id from jobs where id is not null) as ids`.execute(
        db,
      )
      return rows[0]?.ids ?? []
    },

    /** Gives them up, where they still wait. Returns their tasks. */
    async giveUp(db: Database, ids: readonly string[]): Promise<string[]> {
      const { rows } = await sql<{ task: string }>`
        with l as materialized (
          select id from ${t.runs} where id = any(${ids}::uuid[]) and state in ('scheduled', 'retrying')
            and next_at < ${overdue} order by id for no key update skip locked),
        failed as (
          update ${t.runs} n set state = 'failed', reason = 'unknown_task', trouble = ${sql.lit(TROUBLE.failed)},
            failed_at = clock_timestamp(), finished_at = clock_timestamp(), pending_key = null,
            generation = generation + 1, updated_at = clock_timestamp()
          where id = any(array(select id from l)) returning id, project_id, task),
        removed as (${removeTimers(t, sql`array(select id from failed)`)}),
        waited as (delete from ${t.runWaits} where run_id = any(array(select id from failed))),
        told as (
          insert into ${t.events} (project_id, kind, subject_id, type, data)
          select project_id, ${KIND}, id::text, ${`${KIND}.failed`},
            jsonb_build_object('reason', 'unknown_task', 'error',
              jsonb_build_object('code', 'unknown-task', 'message', 'Unknown task: ' || task)) from failed)
        select task from failed`.execute(db)
      return rows.map(({ task }) => task)
    },
  }
}
