import { type RawBuilder, sql } from 'kysely'
import { RETRYABLE, retryColumns, TROUBLE } from '../delivery/index.ts'
import { instantText } from '../platform/sql-instant.ts'
import { NOTIFY_HORIZON_SECONDS } from '../timers/index.ts'
import { contentBytes, KIND, type NewNotification } from './repository-insert.ts'

/** States of what has not begun, or waits for its next attempt. */
export const WAITING = sql`('scheduled', 'retrying')`
/** Of the row `l`: whether it can be tried again. Of what was forgotten there is nothing left to send. */
export const isRevivable = sql`(l.state in (${sql.join(RETRYABLE.map((state) => sql.lit(state)))}) and l.reason is distinct from 'forgotten')`

type Sql = RawBuilder<unknown>

export interface Resolution {
  outcome: 'delivered' | 'failed'
  note: string | null
}

/** What a merge patch may change beside the times, all of it as it shall stand afterwards. */
export type Edit = Pick<
  NewNotification,
  'content' | 'priority' | 'groupKey' | 'retry' | 'onUnknown' | 'timeoutSeconds' | 'tags' | 'metadata'
>

/** What a change writes into a row, and what is told of it; the same for one row and for a thousand. */
export interface Change {
  set: Sql
  /** Of the row as it was: what it becomes follows from that. */
  type: Sql
  data: Sql
}

/** When it is due and expires, as given and as resolved. */
export interface Times {
  sendAt: unknown
  expiresAt: Date | null
  expiresGiven: unknown
}

export const jsonOrNull = (value: unknown): Sql =>
  sql`${value === null ? null : JSON.stringify(value)}::jsonb`

/** Milliseconds of an instant that is so near that the alarm is told of it; null of a later one. */
export const soonMsOf = (at: Sql): Sql => sql`
  case when ${at} < clock_timestamp() + make_interval(secs => ${NOTIFY_HORIZON_SECONDS})
    then (extract(epoch from ${at}) * 1000)::float8 end`

const json = (value: object): Sql => sql`${JSON.stringify(value)}::jsonb`

/** `row` is the one that is decided from: the locked one, or the target itself where it was locked before. */
export const canceling = (row: 'l' | 'n', reason: 'request' | 'group', now: Sql): Change => {
  const unlessSending = (column: string, otherwise: Sql) =>
    sql`case ${sql.ref(`${row}.state`)} when 'sending' then ${sql.ref(column)} ${otherwise} end`
  return {
    set: sql`
      state = ${unlessSending(`${row}.state`, sql`else 'canceled'`)}, attempt_job = ${sql.ref(`${row}.attempt_job`)},
      reason = ${unlessSending('n.reason', sql`else ${sql.lit(reason)}`)}, cancel_requested = true,
      trouble = ${unlessSending('n.trouble', sql``)}, pending_key = ${unlessSending('n.pending_key', sql``)},
      finished_at = case ${sql.ref(`${row}.state`)} when 'sending' then null else ${now} end`,
    type: sql`case state when 'sending' then ${`${KIND}.updated`} else ${`${KIND}.canceled`} end`,
    data: sql`case state
      when 'sending' then ${json({ cancelRequested: true, before: { state: 'sending' }, after: { state: 'sending' } })}
      when 'retrying' then ${json({ reason, before: { state: 'retrying' }, after: { state: 'canceled' } })}
      else ${json({ reason, before: { state: 'scheduled' }, after: { state: 'canceled' } })} end`,
  }
}

/** Of the row as it was: what an undo of `retrying` puts back. */
export const beforeRetry = sql`jsonb_build_object('state', state, 'reason', reason, 'trouble', trouble, 'finishedAt', finished_at,
  'cancelRequested', cancel_requested, 'failures', failures, 'lostWorkers', lost_workers, 'lateMs', late_ms,
  'sendAt', send_at, 'dueAt', due_at, 'nextAt', next_at, 'expiresAt', expires_at, 'expiresGiven', expires_given)`

/** What an edit writes, by the columns' own names. */
export const editedColumns = ({ retry, ...to }: Edit) => ({
  content: to.content,
  content_bytes: contentBytes(to.content),
  priority: to.priority,
  group_key: to.groupKey,
  ...retryColumns(retry),
  on_unknown: to.onUnknown,
  timeout_seconds: to.timeoutSeconds,
  tags: to.tags,
  metadata: to.metadata,
})

export const EDITED_COLUMNS: readonly (keyof ReturnType<typeof editedColumns>)[] = [
  ...(['content', 'content_bytes', 'priority', 'group_key', 'retry_limit', 'retry_delay_seconds'] as const),
  ...(['retry_backoff', 'retry_max_delay_seconds', 'on_unknown', 'timeout_seconds', 'tags'] as const),
  'metadata',
]

/** Waits again, with a fresh budget of tries. */
export const retrying = (to: Times & { dueAt: Sql }): Change => ({
  set: sql`
    state = 'scheduled', attempt_job = null, reason = null, trouble = null, failed_at = null, finished_at = null,
    cancel_requested = false, failures = 0, lost_workers = 0, late_ms = null, pending_key = n.dedupe_key,
    send_at = ${JSON.stringify(to.sendAt)}::jsonb, due_at = ${to.dueAt}, next_at = ${to.dueAt},
    expires_at = ${to.expiresAt}::timestamptz, expires_given = ${jsonOrNull(to.expiresGiven)}`,
  type: sql`${`${KIND}.updated`}`,
  data: sql`jsonb_build_object('retried', true, 'nextAttemptAt', ${instantText(sql`(${to.dueAt})::timestamptz(3)`)},
    'before', jsonb_strip_nulls(jsonb_build_object('state', state, 'reason', reason)), 'after', ${json({ state: 'scheduled' })})`,
})

/** An operator's word on what is waiting, or has failed with its outcome unknown. */
export const resolving = ({ outcome, note }: Resolution, now: Sql): Change => ({
  set: sql`
    state = ${outcome}, attempt_job = null, reason = ${outcome === 'failed' ? 'operator' : null},
    trouble = ${outcome === 'failed' ? TROUBLE.failed : null}::smallint, failed_at = ${outcome === 'failed' ? now : sql`null`},
    pending_key = null, finished_at = ${now}`,
  type: sql`${`${KIND}.${outcome}`}`,
  data: sql`jsonb_strip_nulls(jsonb_build_object('reason', 'operator', 'note', ${note}::text,
    'before', jsonb_build_object('state', state, 'reason', reason), 'after', ${json({ state: outcome })}))`,
})

/** Of the row `l`: whether an operator's word settles it. */
export const isResolvable = sql`(l.state in ${WAITING}
  or (l.state = 'failed' and l.reason in ('outcome_unknown', 'worker_lost')))`
