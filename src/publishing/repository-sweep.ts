import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { plantTimers } from '../timers/index.ts'
import { RELEASE_LANE } from './repository-releases.ts'

/** Longer than a hand-over, a claim and a transaction can take in turn while all is well. */
export const OVERDUE_SECONDS = 60
const LIMIT = 500

export interface Found {
  orphans: string[]
  lost: string[]
  lostReleases: string[]
}

/** What should not be: due for a minute, and nobody does it. */
export const createSweepRepository = (t: Tables, jobsTable: RawBuilder<unknown>) => {
  const overdue = sql`(select p.* from ${t.projects} r cross join lateral (
      select p.* from ${t.publications} p
      where p.project_id = r.id and p.finished_at is null and p.release_id is null
        and p.due_at < clock_timestamp() - make_interval(secs => ${OVERDUE_SECONDS})
        and p.next_at < clock_timestamp() - make_interval(secs => ${OVERDUE_SECONDS})
      order by p.due_at limit ${LIMIT}) p)`
  /** As workers tell of themselves; see the operations API. */
  const alive = sql`alive as materialized (
    select coalesce(array_agg(distinct l ->> 'queue'), '{}') as lanes
    from ${t.workers} w cross join lateral jsonb_array_elements(w.lanes) l
    where w.seen_at > clock_timestamp() - make_interval(secs => w.beat_seconds * 2.5 + 2))`
  const noTimer = (id: RawBuilder<unknown>) =>
    sql`not exists (select 1 from ${t.timers} x where x.subject_id = ${id})`
  const noJob = (id: RawBuilder<unknown>) => sql`${id}::text not in (
    select j.data ->> 's' from ${jobsTable} j where j.state <= 'active' and j.data ->> 's' is not null)`
  const planted = (source: RawBuilder<unknown>) =>
    plantTimers(t, sql`select id as subject_id, lane, next_at as due_at, generation, priority from ${source}`)

  return {
    /**
     * `orphans`: publications whose type no living worker has. `lost`, `lostReleases`: what has neither a timer nor a job.
     * One statement, as every idle worker asks it.
     */
    async find(db: Database): Promise<Found> {
      const { rows } = await sql<Found>`
        with ${alive}, due as materialized (select p.id, p.lane from ${overdue} p)
        select
          array(select id from due where lane <> all((select lanes from alive)::text[]) order by id) as orphans,
          array(select id from due where ${noTimer(sql`due.id`)} and ${noJob(sql`due.id`)} order by id) as lost,
          array(select r.id from ${t.releases} r
            where r.next_at < clock_timestamp() - make_interval(secs => ${OVERDUE_SECONDS}) and r.state = 'scheduled'
              and ${noTimer(sql`r.id`)} and ${noJob(sql`r.id`)} limit ${LIMIT}) as "lostReleases"`.execute(db)
      return rows[0] ?? { orphans: [], lost: [], lostReleases: [] }
    },

    /** Plants anew what is still pending of these. */
    async replant(db: Database, { lost, lostReleases }: Found): Promise<void> {
      if (lost.length > 0)
        await sql`${planted(sql`${t.publications} p where p.id = any(${lost}::uuid[]) and p.finished_at is null`)}`.execute(
          db,
        )
      if (lostReleases.length > 0)
        await sql`${planted(sql`(select id, ${RELEASE_LANE} as lane, next_at, generation, 0::smallint as priority
          from ${t.releases} where id = any(${lostReleases}::uuid[]) and state = 'scheduled') r`)}`.execute(
          db,
        )
    },
  }
}
