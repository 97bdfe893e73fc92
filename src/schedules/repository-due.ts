import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Run, Schedule } from './row.ts'

export const scheduleColumns = sql`s.id, s.project_id as "projectId", s.name, s.definition, s.anchor_at as "anchorAt",
  s.starts_at as "startsAt", s.ends_at as "endsAt", s.state, s.next_occurrence as "nextOccurrence", s.next_at as "nextAt",
  s.last_run_id as "lastRunId", s.last_run_at as "lastRunAt", s.declared, s.version, s.generation, s.actor,
  s.created_at as "createdAt", s.updated_at as "updatedAt"`

export const runColumns = sql`r.id, r.project_id as "projectId", r.schedule_id as "scheduleId", r.name,
  r.occurrence_at as "occurrenceAt", r.due_at as "dueAt", r.cause, r.state, r.reason, r.error, r.item_kind as "itemKind",
  r.item_id as "itemId", r.next_at as "nextAt", r.generation, r.attempt_no as "attemptNo", r.failures, r.late_ms as "lateMs",
  r.started_at as "startedAt", r.finished_at as "finishedAt", r.created_at as "createdAt"`

/** The database's clock in whole milliseconds, rounded down: what is due by it is due. */
const NOW = sql`(select date_trunc('milliseconds', clock_timestamp()) as now)`

const skip = (isWanted: boolean): RawBuilder<unknown> => (isWanted ? sql`skip locked` : sql``)

/** What the worker reads, and the locks that it needs: schedules by id, then runs by id. */
export const createDueRepository = (t: Tables) => ({
  async now(tx: Database): Promise<Date> {
    const { rows } = await sql<{ now: Date }>`select now from ${NOW} clock`.execute(tx)
    if (rows[0] === undefined) throw new Error('the database gave no time')
    return rows[0].now
  },

  async lockSchedules(tx: Database, ids: readonly string[], skipLocked: boolean): Promise<Schedule[]> {
    const { rows } = await sql<Schedule>`
      select ${scheduleColumns} from ${t.schedules} s where s.id = any(${ids}::uuid[])
      order by s.id for no key update of s ${skip(skipLocked)}`.execute(tx)
    return rows
  },

  /** Of these runs, the schedules that take one run at a time: who starts one holds its schedule. */
  async lockSerial(tx: Database, runIds: readonly string[], skipLocked: boolean): Promise<string[]> {
    const { rows } = await sql<{ id: string }>`
      select s.id from ${t.schedules} s
      where s.id = any(array(select r.schedule_id from ${t.scheduleRuns} r where r.id = any(${runIds}::uuid[])))
        and s.definition ->> 'concurrent' = 'skip'
      order by s.id for no key update of s ${skip(skipLocked)}`.execute(tx)
    return rows.map(({ id }) => id)
  },

  async lockRuns(tx: Database, ids: readonly string[], skipLocked: boolean): Promise<Run[]> {
    const { rows } = await sql<Run>`
      select ${runColumns} from ${t.scheduleRuns} r where r.id = any(${ids}::uuid[])
      order by r.id for no key update of r ${skip(skipLocked)}`.execute(tx)
    return rows
  },

  async schedules(tx: Database, ids: readonly string[]): Promise<Schedule[]> {
    const { rows } = await sql<Schedule>`
      select ${scheduleColumns} from ${t.schedules} s where s.id = any(${ids}::uuid[])`.execute(tx)
    return rows
  },

  async runs(tx: Database, ids: readonly string[]): Promise<Run[]> {
    if (ids.length === 0) return []
    const { rows } = await sql<Run>`
      select ${runColumns} from ${t.scheduleRuns} r where r.id = any(${ids}::uuid[])`.execute(tx)
    return rows
  },

  /** The last occurrence of each of these schedules that has a run, by hand left out. */
  async lastOccurrences(tx: Database, ids: readonly string[]): Promise<Map<string, Date>> {
    const { rows } = await sql<{ id: string; at: Date }>`
      select w.id, l.at from unnest(${ids}::uuid[]) w(id) cross join lateral (
        select r.occurrence_at as at from ${t.scheduleRuns} r where r.schedule_id = w.id and r.manual_key = ''
        order by r.occurrence_at desc limit 1) l`.execute(tx)
    return new Map(rows.map(({ id, at }) => [id, at]))
  },

  /** Of a schedule that takes one run at a time. */
  async setLastRun(tx: Database, id: string, runId: string, now: Date): Promise<void> {
    await sql`update ${t.schedules} set last_run_id = ${runId}::uuid, last_run_at = ${now} where id = ${id}::uuid`.execute(
      tx,
    )
  },

  /** Of these instants, those that the schedule has a run for already. */
  async taken(tx: Database, scheduleId: string, from: Date, to: Date): Promise<Set<number>> {
    const { rows } = await sql<{ ms: number }>`
      select (extract(epoch from occurrence_at) * 1000)::float8 as ms from ${t.scheduleRuns}
      where schedule_id = ${scheduleId}::uuid and occurrence_at >= ${from} and occurrence_at <= ${to} and manual_key = ''
      limit 20000`.execute(tx)
    return new Set(rows.map(({ ms }) => Math.round(ms)))
  },
})

export type DueRepository = ReturnType<typeof createDueRepository>
