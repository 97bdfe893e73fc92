import { type RawBuilder, sql } from 'kysely'
import { type CalendarTable, type DeadLetterTable, lastAttemptOf } from '../delivery/index.ts'
import type { Tables } from '../platform/tables.ts'

/** What is shown of a failed run: without its data, which may be large. */
export interface DeadRun {
  task: string
  tags: string[]
  groupKey: string | null
}

/** One that nobody knew has made no attempt: its reason is its error. */
const ERROR = sql`coalesce(a.error, case d.reason when 'unknown_task'
  then jsonb_build_object('code', 'unknown-task', 'message', 'Unknown task: ' || d.task) end)`

export const deadRuns = (t: Tables): DeadLetterTable => ({
  failed: (projectId, { lanes }) => sql`
    ${t.runs} d where d.project_id = ${projectId} and d.failed_at is not null
    ${lanes === undefined ? sql`` : sql`and d.lane = any(${lanes}::text[])`}`,
  columns: sql`d.id, d.task, d.reason, d.tags, d.group_key, d.attempt_no, d.attempt_started_at, d.due_at, d.failed_at,
    d.generation`,
  counted: sql`d.task, d.reason, d.attempt_no, d.attempt_started_at, d.failed_at`,
  lastAttempt: sql`left join lateral ${lastAttemptOf(t, 'd', sql`a.error`)} a on true`,
  finishedAt: sql`d.failed_at`,
  error: ERROR,
  provider: sql`d.task`,
  shown: sql`d.task, d.tags, d.group_key as "groupKey"`,
})

/** Canceled ones are left out. */
export const runCalendar = (t: Tables): CalendarTable => ({
  table: sql`${t.runs}`,
  columns: sql`state, task`,
  where: sql`state <> 'canceled'`,
  title: sql`task`,
})

/** Those that wait for a slot. */
export const runLine = (t: Tables, lanes: readonly string[]): RawBuilder<unknown> =>
  sql`select run_id as id from ${t.runWaits} where lane = any(${lanes}::text[])`
