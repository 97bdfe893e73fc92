import { sql } from 'kysely'
import type { Answer, Reason } from '../channels/index.ts'
import type { Database } from '../platform/database.ts'
import { parallelArrays } from '../platform/sql-arrays.ts'
import type { Tables } from '../platform/tables.ts'
import { plantTimers } from '../timers/index.ts'
import type { Verdict } from './policy.ts'
import { failedAt, LATE_MS, LOST_WORKER, type Subject, tell, wordFor } from './repository.ts'
import { TROUBLE } from './state.ts'

/** One attempt that has ended. */
export interface Ended {
  id: string
  attempt: number
  verdict: Verdict
  /** Null where nothing was sent. */
  provider: string | null
  providerId: string | null
  statusCode: number | null
  error: Reason | null
  answer: Answer | null
  /** JSON that the subject keeps, where it keeps any; null leaves what is there. */
  result: string | null
}

const jsonOf = (value: object | null): string | null => (value === null ? null : JSON.stringify(value))

export interface Recorded {
  id: string
  state: string
  /** When the next attempt is due, in milliseconds since 1970; null where there is none. */
  nextMs: number | null
}

/**
 * Records how attempts ended, and plants the timers of those that are tried again. Fenced by the attempt's number:
 * what does not come back is either held by somebody (try again), or was given to another worker (`amendUnknown`).
 */
export const recordOutcomes = async (
  tx: Database,
  t: Tables,
  subject: Subject,
  ended: readonly Ended[],
): Promise<Recorded[]> => {
  const input = parallelArrays(
    ended.map((e) => e.id),
    {
      numbers: { type: 'integer', values: ended.map((e) => e.attempt) },
      states: { type: 'text', values: ended.map((e) => e.verdict.state) },
      reasons: { type: 'text', values: ended.map((e) => e.verdict.reason) },
      outcomes: { type: 'text', values: ended.map((e) => e.verdict.attempt) },
      delays_ms: { type: 'float8', values: ended.map((e) => e.verdict.delayMs) },
      counted: { type: 'integer', values: ended.map((e) => (e.verdict.counted ? 1 : 0)) },
      providers: { type: 'text', values: ended.map((e) => e.provider) },
      provider_ids: { type: 'text', values: ended.map((e) => e.providerId) },
      status_codes: { type: 'integer', values: ended.map((e) => e.statusCode) },
      errors: { type: 'text', values: ended.map((e) => jsonOf(e.error)) },
      answers: { type: 'text', values: ended.map((e) => jsonOf(e.answer)) },
      ...(subject.keepsResults === true && {
        results: { type: 'text' as const, values: ended.map((e) => e.result) },
      }),
    },
  )
  const wanted = input.at('states')
  const outcome = input.at('outcomes')
  const delayMs = input.at('delays_ms')
  const now = sql`(select ts from clock)`
  const state = sql`case when cancel_requested and ${wanted} <> 'delivered' then 'canceled' else ${wanted} end`
  // Up to the next millisecond: an instant rounded down would start early. What would be due after it expires ends there.
  const nextAt = sql`least(${now} + (ceil(${delayMs}) + 1) * interval '1 millisecond', expires_at)`

  const { rows } = await sql<Recorded>`
    with ${input.cte}, clock as materialized (select clock_timestamp() as ts),
    locked as materialized (
      select id from ${subject.table}
      where id = any(${input.ids}) and state = 'sending' and attempt_no = ${input.at('numbers')}
      order by id for no key update skip locked),
    settled as (
      update ${subject.table} set
        state = ${state},
        reason = case when ${state} = 'canceled' then 'request' else ${input.at('reasons')} end,
        next_at = case when ${state} = 'retrying' then ${nextAt} else next_at end,
        failures = failures + ${input.at('counted')},
        lost_workers = 0,
        trouble = case ${state} when 'retrying' then ${TROUBLE.retrying}::smallint when 'failed' then ${TROUBLE.failed}::smallint end,
        ${failedAt(subject, state, now)}
        ${subject.keepsResults === true ? sql`result = coalesce((${input.at('results')})::jsonb, result),` : sql``}
        pending_key = case ${state} when 'retrying' then pending_key end,
        generation = generation + 1,
        attempt_job = null,
        finished_at = case when ${state} = 'retrying' then null else ${now} end,
        updated_at = ${now}
      where id = any(array(select id from locked))
      returning id, project_id, state, reason, lane, priority, generation, next_at, attempt_no, attempt_started_at,
                attempt_due_at, handed_at),
    recorded as (
      insert into ${t.attempts} (subject_id, number, outcome, due_at, handed_at, started_at, finished_at, late_ms,
                                 provider, provider_id, status_code, error, answer)
      select id, attempt_no, ${outcome}, attempt_due_at, handed_at, attempt_started_at, ${now}, ${LATE_MS},
             ${input.at('providers')}, ${input.at('provider_ids')}, ${input.at('status_codes')}, (${input.at('errors')})::jsonb,
             (${input.at('answers')})::jsonb
      from settled),
    planted as (${plantTimers(
      t,
      sql`select id as subject_id, lane, next_at as due_at, generation, priority from settled where state = 'retrying'`,
    )}),
    told as (${tell(
      t,
      subject,
      (kind) => sql`
      select project_id, ${kind}, id::text,
             ${`${kind}.`} || case state when 'retrying' then 'attempt' else ${wordFor(subject, sql`state`)} end,
             jsonb_strip_nulls(jsonb_build_object('number', attempt_no, 'outcome', ${wordFor(subject, outcome)}, 'reason', reason))
      from settled`,
    )})
    select id, state, case state when 'retrying' then (extract(epoch from next_at) * 1000)::float8 end as "nextMs"
    from settled`.execute(tx)
  return rows
}

/**
 * A worker that was taken for lost and comes back may say what became of its own attempt, where that still reads
 * `unknown`. It changes nothing else: the subject went on without it.
 */
export const amendUnknown = async (db: Database, t: Tables, ended: Ended): Promise<void> => {
  await sql`
    update ${t.attempts} set outcome = ${ended.verdict.attempt}, provider = ${ended.provider},
      provider_id = ${ended.providerId}, status_code = ${ended.statusCode}, finished_at = clock_timestamp(),
      error = ${jsonOf(ended.error)}::jsonb, answer = ${jsonOf(ended.answer)}::jsonb
    where subject_id = ${ended.id} and number = ${ended.attempt} and outcome = 'unknown'
      and error ->> 'code' = ${LOST_WORKER.code}`.execute(db)
}
