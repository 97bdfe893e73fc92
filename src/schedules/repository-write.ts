import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { plantTimers, removeTimers } from '../timers/index.ts'
import { type EventRow, LANE, type NewRun, RUN_LANE, type ScheduleState } from './row.ts'

/** How a schedule stands after its due run, or after somebody has paused or resumed it. */
export interface Moved {
  id: string
  state: ScheduleState
  nextOccurrence: Date | null
  nextAt: Date | null
  /** Of the run that was started; null: as before. */
  lastRunId: string | null
  lastRunAt: Date | null
  /** A change that people see: the version rises, too. */
  isChange: boolean
}

/** What is done to a run that waited. */
export interface Ended {
  id: string
  state: NewRun['state']
  reason: string | null
  error: NewRun['error']
  itemKind: string | null
  itemId: string | null
  /** Of one that is tried again. */
  nextAt: Date | null
  failures: number
  lateMs: number | null
  startedAt: Date | null
  finishedAt: Date | null
}

export interface Written {
  moved?: readonly Moved[]
  runs?: readonly NewRun[]
  ended?: readonly Ended[]
  events?: readonly EventRow[]
}

const json = (rows: readonly unknown[]) => sql`${JSON.stringify(rows)}::jsonb`

/** A part of a statement: appends events, in their order. */
export const telling = (t: Tables, events: readonly EventRow[]): RawBuilder<unknown> => sql`
  insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
  select "projectId", 'schedule', "subjectId", type, actor, data
  from jsonb_to_recordset(${json(events)}) as e("projectId" integer, "subjectId" text, type text, actor jsonb, data jsonb)`

/**
 * Writes all that a transaction has decided, of schedules and runs that it has locked: what they are, the timers of what is to
 * come, and the events. One statement, as each costs a round trip for every batch. Occurrences that have a run already are
 * passed over. Returns how many runs went in.
 */
export const write = async (
  tx: Database,
  t: Tables,
  now: Date,
  { moved = [], runs = [], ended = [], events = [] }: Written,
): Promise<number> => {
  if (moved.length + runs.length + ended.length + events.length === 0) return 0
  const { rows } = await sql<{ n: number }>`
    with v as materialized (
      select * from jsonb_to_recordset(${json(moved)}) as v(id uuid, state text, "nextOccurrence" timestamptz(3),
        "nextAt" timestamptz(3), "lastRunId" uuid, "lastRunAt" timestamptz(3), "isChange" boolean)),
    moved as (
      update ${t.schedules} s set state = v.state, next_occurrence = v."nextOccurrence", next_at = v."nextAt",
        last_run_id = coalesce(v."lastRunId", s.last_run_id), last_run_at = coalesce(v."lastRunAt", s.last_run_at),
        generation = s.generation + 1, version = s.version + case when v."isChange" then 1 else 0 end,
        updated_at = case when v."isChange" then ${now}::timestamptz else s.updated_at end
      from v where s.id = v.id and s.id = any(${moved.map(({ id }) => id)}::uuid[])
      returning s.id, s.next_at, s.generation, s.state),
    planted as (${plantTimers(
      t,
      sql`select id as subject_id, ${LANE}::text as lane, next_at as due_at, generation, 0::smallint as priority
          from moved where state = 'active'`,
    )}),
    removed as (${removeTimers(t, sql`array(select id from moved where state <> 'active')`)}),
    made as (
      insert into ${t.scheduleRuns} (id, project_id, schedule_id, name, lane, occurrence_at, due_at, cause, manual_key, state,
        reason, error, item_kind, item_id, next_at, attempt_no, failures, late_ms, started_at, finished_at, created_at)
      select id, "projectId", "scheduleId", name, case when state = 'pending' then ${RUN_LANE}::text else ${LANE}::text end,
        "occurrenceAt", "dueAt", cause, "manualKey", state, reason, error, "itemKind", "itemId", "nextAt", "attemptNo",
        failures, "lateMs", "startedAt", "finishedAt", ${now}::timestamptz
      from jsonb_to_recordset(${json(runs)}) as r(id uuid, "projectId" integer, "scheduleId" uuid, name text,
        "occurrenceAt" timestamptz(3), "dueAt" timestamptz(3), cause text, "manualKey" text, state text, reason text,
        error jsonb, "itemKind" text, "itemId" text, "nextAt" timestamptz(3), "attemptNo" integer, failures integer,
        "lateMs" float8, "startedAt" timestamptz(3), "finishedAt" timestamptz(3))
      on conflict (schedule_id, occurrence_at, manual_key) do nothing
      returning id, next_at, generation),
    e as materialized (
      select * from jsonb_to_recordset(${json(ended)}) as e(id uuid, state text, reason text, error jsonb, "itemKind" text,
        "itemId" text, "nextAt" timestamptz(3), failures integer, "lateMs" float8, "startedAt" timestamptz(3),
        "finishedAt" timestamptz(3))),
    ended as (
      update ${t.scheduleRuns} r set state = e.state, reason = e.reason, error = e.error, item_kind = e."itemKind",
        item_id = e."itemId", next_at = e."nextAt", failures = e.failures, late_ms = e."lateMs",
        started_at = e."startedAt", finished_at = e."finishedAt", generation = r.generation + 1,
        attempt_no = r.attempt_no + case when e."startedAt" is null then 0 else 1 end
      from e where r.id = e.id and r.id = any(${ended.map(({ id }) => id)}::uuid[])
      returning r.id, r.next_at, r.generation),
    waiting as (${plantTimers(
      t,
      sql`select id as subject_id, ${RUN_LANE}::text as lane, next_at as due_at, generation, 0::smallint as priority
          from (select * from made union all select * from ended) w where next_at is not null`,
    )}),
    told as (${telling(t, events)})
    select count(*)::int as n from made`.execute(tx)
  return rows[0]?.n ?? 0
}
