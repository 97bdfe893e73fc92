import { type RawBuilder, sql } from 'kysely'
import type { Reason } from '../channels/index.ts'
import type { Database } from '../platform/database.ts'
import { parallelArrays } from '../platform/sql-arrays.ts'
import type { Tables } from '../platform/tables.ts'
import type { Job } from '../queue/index.ts'
import { plantTimers } from '../timers/index.ts'
import type { Budget } from './policy.ts'
import { MAX_LOST_WORKERS, TROUBLE } from './state.ts'

/**
 * The table of a feature whose rows are delivered. It has the columns of the state machine (`state`, `generation`,
 * `next_at`, `attempt_*`, …) beside its own content.
 */
export interface Subject {
  table: RawBuilder<unknown>
  /** Names its events: `notification.delivered`. Null: none are written. */
  kind: string | null
  /** The retry policy of a row, as an expression that gives a `RetryPolicy`. */
  retry: RawBuilder<unknown>
  /** What `send` needs of the row, as a select list on the table itself. */
  content: RawBuilder<unknown>
  /** How many bytes of JSON that is about, as a column or an expression of the table. */
  contentBytes: RawBuilder<unknown>
  /** The table has `failed_at`, which its list of dead letters is ordered by. */
  marksFailures?: boolean
  /** What its events call a delivery: `succeeded`; `delivered` where left out. */
  deliveredAs?: string
  /** The table has `result`, which keeps what an outcome brings along. */
  keepsResults?: boolean
  /** Of a row `n`: whether it waits for something else than a timer or a job, and is not lost without them. */
  isAside?: RawBuilder<unknown>
  /** What is decided again at the moment of sending: those of the `locked` rows that it holds for are canceled instead. */
  veto: {
    /** Columns of `locked` beside those of the state machine. */
    columns: RawBuilder<unknown>
    where: RawBuilder<unknown>
    reason: string
  }
}

/** A subject whose attempt has begun, or was refused its beginning (`state` is final then). */
export interface Started extends Budget {
  id: string
  state: 'sending' | 'failed' | 'canceled' | 'expired'
  attempt: number
  dueAt: Date
  timeoutSeconds: number
  /** Null where it is large: then it is read when there is room for it. */
  content: Record<string, unknown> | null
  contentBytes: number
}

/** Up to this the content comes along with the start: a thousand of them at once are 8 MB. */
const SMALL_BYTES = 8 * 1024

const started = (subject: Subject) => sql`
  id, state, attempt_no as attempt, attempt_due_at as "dueAt", timeout_seconds as "timeoutSeconds", ${subject.retry} as retry,
  on_unknown as "onUnknown", failures, ${subject.contentBytes} as "contentBytes",
  case when ${subject.contentBytes} <= ${SMALL_BYTES} then (select to_jsonb(c) from (select ${subject.content}) c) end as content`

/** The retry policy of a row, as `RetryPolicy` has it. Columns take a quarter of the room of a jsonb, and more rows a page stay HOT. */
export const RETRY = sql`jsonb_build_object('limit', retry_limit, 'delaySeconds', retry_delay_seconds,
  'backoff', retry_backoff, 'maxDelaySeconds', retry_max_delay_seconds)`

/** What tells of `rows`, a query with the columns of `events` from `project_id` on: a part of a statement. */
export const tell = (t: Tables, subject: Subject, rows: (kind: string) => RawBuilder<unknown>) =>
  subject.kind === null
    ? sql`select`
    : sql`insert into ${t.events} (project_id, kind, subject_id, type, data) ${rows(subject.kind)}`

/** A part of a `set` list: when it failed for good, or null, as in a normal life, where an index on it costs nothing. */
export const failedAt = (subject: Subject, state: RawBuilder<unknown>, now: RawBuilder<unknown>) =>
  subject.marksFailures === true ? sql`failed_at = case ${state} when 'failed' then ${now} end,` : sql``

/** What events call a state, or an outcome, of this subject. */
export const wordFor = (subject: Subject, word: RawBuilder<unknown>): RawBuilder<unknown> =>
  subject.deliveredAs === undefined
    ? word
    : sql`case ${word} when 'delivered' then ${sql.lit(subject.deliveredAs)} else ${word} end`

/** Of the open attempt. */
export const LATE_MS = sql`extract(epoch from attempt_started_at - attempt_due_at) * 1000`

export const LOST_WORKER: Reason = {
  code: 'worker-lost',
  message: 'the worker was lost while sending; whether it was sent is not known',
}

/**
 * Begins the attempts of fetched jobs, one statement for all: nothing is sent before it has committed. Each row is
 * locked, decided from what stands in it, and written. Rows that somebody else holds are passed over, so that no batch
 * waits for anyone's open transaction. Keys go by `= ANY` and parallel arrays by `array_position`: no join, hence no
 * plan to lose (with one, statistics of an emptied table made a batch take 428 ms).
 *
 * A subject begins if it waits in the job's own generation, or if it is `sending` under an earlier claim of the same
 * job: then the worker of that claim was lost, and its attempt is closed as `unknown` here. `token` is the claimant's
 * own: a claim that a crash of the server has forgotten is given out again under the same number.
 */
export const startAttempts = async (
  db: Database,
  t: Tables,
  subject: Subject,
  jobs: readonly Job[],
  token: string,
): Promise<Started[]> => {
  const input = parallelArrays(
    jobs.map((job) => job.data.s),
    {
      generations: { type: 'integer', values: jobs.map((job) => job.data.g) },
      job_ids: { type: 'uuid', values: jobs.map((job) => job.id) },
      claims: { type: 'integer', values: jobs.map((job) => job.retryCount) },
      handed: { type: 'timestamptz', values: jobs.map((job) => new Date(job.data.h)) },
    },
  )
  const generation = input.at('generations')
  const jobId = input.at('job_ids')
  const claim = input.at('claims')
  const handedAt = input.at('handed')
  const now = sql`(select ts from clock)`
  const isVetoed = sql`id = any((select ids from vetoed)::uuid[])`
  const next = sql`case
    when (state = 'sending' and cancel_requested) or ${isVetoed} then 'canceled'
    when state = 'sending' and on_unknown = 'stop' then 'failed'
    when state = 'sending' and lost_workers + 1 >= ${MAX_LOST_WORKERS}::int then 'failed'
    when expires_at <= ${now} then 'expired'
    else 'sending' end`

  const { rows } = await sql<Started>`
    with ${input.cte}, clock as materialized (select clock_timestamp() as ts),
    locked as materialized (
      select id, project_id, state, generation, attempt_no, attempt_job, attempt_try, attempt_started_at,
             attempt_due_at, handed_at, ${subject.veto.columns}
      from ${subject.table} where id = any(${input.ids}) order by id for no key update skip locked),
    mine as materialized (
      select id from locked
      where (state in ('scheduled', 'retrying') and generation = ${generation})
         or (state = 'sending' and attempt_job = ${jobId} and attempt_try < ${claim})),
    vetoed as materialized (select array(select id from locked where ${subject.veto.where}) as ids),
    begun as (
      update ${subject.table} set
        state = ${next},
        reason = case ${next} when 'canceled' then case when ${isVetoed} then ${subject.veto.reason} else 'request' end
          when 'failed' then case when on_unknown = 'stop' then 'outcome_unknown' else 'worker_lost' end end,
        attempt_no = attempt_no + case ${next} when 'sending' then 1 else 0 end,
        attempt_job = case ${next} when 'sending' then ${jobId} end,
        attempt_try = ${claim},
        attempt_token = ${token}::uuid,
        lost_workers = lost_workers + case state when 'sending' then 1 else 0 end,
        attempt_started_at = ${now},
        attempt_due_at = next_at,
        handed_at = ${handedAt},
        late_ms = case ${next} when 'sending' then coalesce(late_ms, extract(epoch from ${now}::timestamptz(3) - next_at) * 1000) else late_ms end,
        trouble = case ${next} when 'sending' then trouble when 'failed' then ${TROUBLE.failed}::smallint end,
        ${failedAt(subject, next, now)}
        pending_key = case ${next} when 'sending' then pending_key end,
        generation = generation + 1,
        finished_at = case ${next} when 'sending' then null else ${now} end,
        updated_at = ${now}
      where id = any(array(select id from mine))
      returning *),
    lost as (
      insert into ${t.attempts}
        (subject_id, number, outcome, due_at, handed_at, started_at, finished_at, late_ms, error)
      select id, attempt_no, 'unknown', attempt_due_at, handed_at, attempt_started_at, ${now}, ${LATE_MS},
             ${JSON.stringify(LOST_WORKER)}::jsonb
      from locked where state = 'sending' and id = any(array(select id from mine))),
    told_lost as (${tell(
      t,
      subject,
      (kind) => sql`
      select project_id, ${kind}, id::text, ${`${kind}.attempt`},
             jsonb_build_object('number', attempt_no, 'outcome', 'unknown', 'error', 'worker-lost')
      from locked where state = 'sending' and id = any(array(select id from mine))`,
    )}),
    told as (${tell(
      t,
      subject,
      (kind) => sql`
      select project_id, ${kind}, id::text, ${`${kind}.`} || state,
             jsonb_strip_nulls(jsonb_build_object('reason', reason))
      from begun where state <> 'sending'`,
    )})
    select ${started(subject)} from begun`.execute(db)
  return rows
}

/** What a subject looks like to a job that could not begin it, read without a lock. */
export interface Standing {
  id: string
  state: string
  generation: number
  attemptJob: string | null
  attemptTry: number | null
  attemptToken: string | null
  attempt: number
}

export const readStanding = async (
  db: Database,
  subject: Subject,
  ids: readonly string[],
): Promise<Standing[]> => {
  const { rows } = await sql<Standing>`
    select id, state, generation, attempt_job as "attemptJob", attempt_try as "attemptTry", attempt_token as "attemptToken",
      attempt_no as attempt
    from ${subject.table} where id = any(${ids}::uuid[])`.execute(db)
  return rows
}

/** Attempts that these very claims have begun already: the commit went through, its answer was lost. */
export const readStarted = async (
  db: Database,
  subject: Subject,
  ids: readonly string[],
  token: string,
): Promise<Started[]> => {
  const { rows } = await sql<Started>`
    select ${started(subject)} from ${subject.table}
    where id = any(${ids}::uuid[]) and state = 'sending' and attempt_token = ${token}::uuid`.execute(db)
  return rows
}

/** The content of one subject, whatever its size; null where it is gone. */
export const readContent = async (
  db: Database,
  subject: Subject,
  id: string,
): Promise<Record<string, unknown> | null> => {
  const { rows } = await sql<{ content: Record<string, unknown> }>`
    select (select to_jsonb(c) from (select ${subject.content}) c) as content
    from ${subject.table} where id = ${id}::uuid`.execute(db)
  return rows[0]?.content ?? null
}

/**
 * Plants the timers of jobs that were claimed and not begun: a shutdown puts them back, and counts nothing. Returns the
 * subjects that have their timer again.
 */
export const replant = async (
  tx: Database,
  t: Tables,
  subject: Subject,
  jobs: readonly Job[],
): Promise<string[]> => {
  const input = parallelArrays(
    jobs.map((job) => job.data.s),
    { generations: { type: 'integer', values: jobs.map((job) => job.data.g) } },
  )
  const { rows } = await sql<{ id: string }>`
    with ${input.cte} ${plantTimers(
      t,
      sql`select id as subject_id, lane, next_at as due_at, generation, priority from ${subject.table}
          where id = any(${input.ids}) and state in ('scheduled', 'retrying') and generation = ${input.at('generations')}`,
    )} returning subject_id as id`.execute(tx)
  return rows.map((row) => row.id)
}
