import { type RawBuilder, sql } from 'kysely'
import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import { keyset, type KeysetPage, keysetByTime } from '../platform/keyset.ts'
import type { Tables } from '../platform/tables.ts'
import { plantTimers, removeTimers } from '../timers/index.ts'
import type { Definition } from './definition.ts'
import { runColumns, scheduleColumns } from './repository-due.ts'
import { type EventRow, LANE, type Run, type Schedule, type ScheduleState } from './row.ts'
import { telling } from './repository-write.ts'

/** All that is written of a schedule by those who make or change one. */
export interface Row {
  definition: Definition
  startsAt: Date | null
  endsAt: Date | null
  state: ScheduleState
  nextOccurrence: Date | null
  nextAt: Date | null
  declared: boolean
}

export type ScheduleSort = 'name' | 'createdAt'

/** Instants of runs are read back as JSON has them. */
type Found = Schedule & { lastRun: Run | null }

const asRun = (run: Run | null): Run | null => {
  if (run === null) return null
  const date = (value: Date | null) => (value === null ? null : new Date(value))
  const { occurrenceAt, dueAt, createdAt, nextAt, startedAt, finishedAt } = run
  return {
    ...run,
    ...{ occurrenceAt: new Date(occurrenceAt), dueAt: new Date(dueAt), createdAt: new Date(createdAt) },
    ...{ nextAt: date(nextAt), startedAt: date(startedAt), finishedAt: date(finishedAt) },
  }
}

/** Statements on the schedules of people. */
export const createRepository = (t: Tables) => {
  // Runs that waited for their turn are not named by the schedule, whose row they leave alone. Of those that were skipped there
  // may be any number: behind the latest hundred nobody looks for others.
  const withLastRun = sql`${scheduleColumns}, coalesce(
    (select row_to_json(l) from (
      select ${runColumns} from (
        select * from ${t.scheduleRuns} where schedule_id = s.id order by occurrence_at desc limit 100) r
      where r.state in ('started', 'failed') order by r.occurrence_at desc limit 1) l),
    (select row_to_json(l) from (
      select ${runColumns} from ${t.scheduleRuns} r where r.id = s.last_run_id) l)) as "lastRun"`
  const planted = (source: string) =>
    plantTimers(
      t,
      sql`select id as subject_id, ${LANE}::text as lane, next_at as due_at, generation, 0::smallint as priority
        from ${sql.raw(source)} where state = 'active'`,
    )
  const read = async (db: Database, rest: RawBuilder<unknown>): Promise<Found[]> => {
    const { rows } = await sql<Found>`select ${withLastRun} from ${t.schedules} s ${rest}`.execute(db)
    return rows.map((row) => ({ ...row, lastRun: asRun(row.lastRun) }))
  }

  return {
    async find(db: Database, projectId: number, name: string): Promise<Found | null> {
      const [found] = await read(db, sql`where s.project_id = ${projectId} and s.name = ${name}`)
      return found ?? null
    },

    async byId(db: Database, id: string): Promise<Found | null> {
      const [found] = await read(db, sql`where s.id = ${id}::uuid`)
      return found ?? null
    },

    list(
      db: Database,
      projectId: number,
      states: readonly ScheduleState[] | undefined,
      page: KeysetPage & { by: ScheduleSort },
    ): Promise<Found[]> {
      const { after, descending } = page
      const { beyond, order } =
        page.by === 'name'
          ? keyset([sql`s.name`], descending, after === null ? null : [sql`${after.key}::text`])
          : keysetByTime(sql`s.created_at`, sql`s.id`, page)
      return read(
        db,
        sql`where s.project_id = ${projectId}
          ${states === undefined ? sql`` : sql`and s.state = any(${states}::text[])`}
          ${beyond('and')} order by ${order} limit ${page.limit}`,
      )
    },

    /** The row under its lock, with the database's clock. */
    async lock(tx: Database, projectId: number, name: string): Promise<(Schedule & { now: Date }) | null> {
      const { rows } = await sql<Schedule & { now: Date }>`
        select ${scheduleColumns} from ${t.schedules} s where s.project_id = ${projectId} and s.name = ${name}
        for no key update of s`.execute(tx)
      const [row] = rows
      if (row === undefined) return null
      // After the lock, which may have been waited for.
      const clock = await sql<{
        now: Date
      }>`select date_trunc('milliseconds', clock_timestamp()) as now`.execute(tx)
      return { ...row, now: clock.rows[0]?.now ?? new Date(0) }
    },

    async insert(
      tx: Database,
      by: By,
      { id, name, anchorAt, ...row }: Row & { id: string; name: string; anchorAt: Date },
      event: EventRow,
    ): Promise<void> {
      await sql`
        with made as (
          insert into ${t.schedules} (id, project_id, name, definition, anchor_at, starts_at, ends_at, state, next_occurrence,
            next_at, declared, actor)
          values (${id}::uuid, ${by.projectId}, ${name}, ${JSON.stringify(row.definition)}::jsonb, ${anchorAt}, ${row.startsAt},
            ${row.endsAt}, ${row.state}, ${row.nextOccurrence}, ${row.nextAt}, ${row.declared}, ${JSON.stringify(by.actor)}::jsonb)
          returning id, state, next_at, generation),
        planted as (${planted('made')})
        ${telling(t, [event])}`.execute(tx)
    },

    /** Writes the locked row anew, with its timer and what is told of it. */
    async update(tx: Database, by: By, id: string, row: Row, events: readonly EventRow[]): Promise<void> {
      await sql`
        with written as (
          update ${t.schedules} set definition = ${JSON.stringify(row.definition)}::jsonb, starts_at = ${row.startsAt},
            ends_at = ${row.endsAt}, state = ${row.state}, next_occurrence = ${row.nextOccurrence}, next_at = ${row.nextAt},
            declared = ${row.declared}, actor = ${JSON.stringify(by.actor)}::jsonb, version = version + 1,
            generation = generation + 1, updated_at = clock_timestamp()
          where id = ${id}::uuid returning id, state, next_at, generation),
        planted as (${planted('written')}),
        removed as (${removeTimers(t, sql`array(select id from written where state <> 'active')`)})
        ${telling(t, events)}`.execute(tx)
    },

    /** With what has not begun of it. Its record stays until the retention removes it. */
    async remove(tx: Database, id: string, event: EventRow): Promise<void> {
      await sql`
        with gone as (delete from ${t.schedules} where id = ${id}::uuid returning id),
        canceled as (
          update ${t.scheduleRuns} set state = 'canceled', reason = 'deleted', next_at = null, generation = generation + 1,
            finished_at = clock_timestamp()
          where id = any(array(select r.id from ${t.scheduleRuns} r
            where r.schedule_id = ${id}::uuid and r.next_at is not null order by r.id for no key update))
          returning id),
        removed as (${removeTimers(t, sql`array(select id from gone union all select id from canceled)`)})
        ${telling(t, [event])}`.execute(tx)
    },

    async runs(
      db: Database,
      scheduleId: string,
      states: readonly string[] | undefined,
      page: KeysetPage,
    ): Promise<Run[]> {
      const { beyond, order } = keysetByTime(sql`r.occurrence_at`, sql`r.id`, page)
      const { rows } = await sql<Run>`
        select ${runColumns} from ${t.scheduleRuns} r where r.schedule_id = ${scheduleId}::uuid
          ${states === undefined ? sql`` : sql`and r.state = any(${states}::text[])`}
          ${beyond('and')} order by ${order} limit ${page.limit}`.execute(db)
      return rows
    },

    async run(db: Database, id: string): Promise<Run | null> {
      const { rows } =
        await sql<Run>`select ${runColumns} from ${t.scheduleRuns} r where r.id = ${id}::uuid`.execute(db)
      return rows[0] ?? null
    },

    /** What was left while the schedule was paused waits for its turn again. */
    async releaseRuns(tx: Database, scheduleId: string): Promise<void> {
      await sql`${plantTimers(
        t,
        sql`select id as subject_id, lane, next_at as due_at, generation, 0::smallint as priority from ${t.scheduleRuns}
            where schedule_id = ${scheduleId}::uuid and next_at is not null`,
      )}`.execute(tx)
    },
  }
}

export type Repository = ReturnType<typeof createRepository>
