import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { plantTimers } from '../timers/index.ts'
import { LANE, RUN_LANE } from './row.ts'

/** Longer than a hand-over, a claim and a transaction can take in turn while all is well. */
const OVERDUE_SECONDS = 60
const LIMIT = 1_000
/** Of the idempotency keys of runs that people have started. */
export const RUN_ROUTE = 'schedule-runs'

/** The net: what is to come and has nobody who would start it. */
export const createSweepRepository = (t: Tables, jobsTable: RawBuilder<unknown>) => {
  const noTimer = (id: RawBuilder<unknown>) =>
    sql`not exists (select 1 from ${t.timers} x where x.subject_id = ${id})`
  const noJob = (id: RawBuilder<unknown>) => sql`${id}::text not in (
    select j.data ->> 's' from ${jobsTable} j where j.state <= 'active' and j.data ->> 's' is not null)`
  const lost = (id: RawBuilder<unknown>, nextAt: RawBuilder<unknown>) => sql`
    ${nextAt} < clock_timestamp() - make_interval(secs => ${OVERDUE_SECONDS}) and ${noTimer(id)} and ${noJob(id)}`

  return {
    /** Returns how many were planted. */
    async replant(db: Database): Promise<number> {
      const { rows } = await sql<{ n: number }>`
        with planted as (${plantTimers(
          t,
          sql`select * from (
            (select s.id as subject_id, ${LANE}::text as lane, s.next_at as due_at, s.generation, 0::smallint as priority
              from ${t.schedules} s where s.state = 'active' and ${lost(sql`s.id`, sql`s.next_at`)} limit ${LIMIT})
            union all
            (select r.id, ${RUN_LANE}::text, r.next_at, r.generation, 0::smallint from ${t.scheduleRuns} r
              where r.next_at is not null and ${lost(sql`r.id`, sql`r.next_at`)} and not exists (
                select 1 from ${t.schedules} s where s.id = r.schedule_id and s.state = 'paused') limit ${LIMIT})) lost`,
        )} returning 1)
        select count(*)::int as n from planted`.execute(db)
      return rows[0]?.n ?? 0
    },

    async removeRuns(db: Database, before: Date, limit: number): Promise<number> {
      const { rows } = await sql<{ n: number }>`
        with gone as (delete from ${t.scheduleRuns} where id = any(array(
          select r.id from ${t.projects} p cross join lateral (
            select id from ${t.scheduleRuns} where project_id = p.id and due_at < ${before} and finished_at < ${before}
            order by due_at limit ${limit} for update skip locked) r
          limit ${limit})) returning id, manual_key),
        keys as (delete from ${t.idempotencyKeys} where route = ${RUN_ROUTE}
          and resource_id = any(array(select id::text from gone where manual_key <> '')))
        select count(*)::int as n from gone`.execute(db)
      return rows[0]?.n ?? 0
    },
  }
}
