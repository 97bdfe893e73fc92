import { type RawBuilder, sql } from 'kysely'
import { retryColumns, type RetryPolicy } from '../delivery/index.ts'
import type { Actor } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { NOTIFY_HORIZON_SECONDS, plantTimers } from '../timers/index.ts'

/** Names its events: `run.created`. */
export const KIND = 'run'

/** What is written of a new run. Instants are the database's. */
export interface NewRun {
  id: string
  projectId: number
  /** Who scheduled it. */
  actor: Actor
  task: string
  lane: string
  data: Readonly<Record<string, unknown>>
  runAt: unknown
  dueAt: Date
  expiresAt: Date | null
  priority: number
  /** One with this key, task and project is pending at most. */
  dedupeKey: string | null
  groupKey: string | null
  concurrencyKey: string | null
  /** The name of the recurring schedule that it belongs to. */
  scheduleId: string | null
  retry: RetryPolicy
  timeoutSeconds: number
  tags: readonly string[]
  metadata: object
  /** When the request was taken up: a cancellation of its group after that reaches it. */
  requestedAt: Date
  /** One with this key and project exists at most, whatever became of it. */
  idempotencyKey: string | null
  /** Of the request that bore the key, in hexadecimal. */
  requestHash: string | null
}

export interface Inserted {
  createdAt: Date
  /** Lanes that were paused then. */
  pausedLanes: readonly string[]
  /** Rows that are there now; the others have met one with the same key. */
  written: ReadonlySet<string>
  /** Rows whose group was canceled after their request was taken up: they were born canceled. */
  canceled: ReadonlySet<string>
}

/** Up to this `data` comes along with the start of an attempt; beyond, it is read when there is room. */
const SMALL_DATA = 1_000

/** What is kept of how large it is. */
export const dataBytes = (data: Readonly<Record<string, unknown>>): number => {
  const { length } = JSON.stringify(data)
  return length <= SMALL_DATA ? 0 : length
}

const toJson = (row: NewRun) => {
  return {
    ...{ id: row.id, project_id: row.projectId, task: row.task, lane: row.lane, data: row.data },
    data_bytes: dataBytes(row.data),
    ...{ run_at: row.runAt, due_at: row.dueAt, expires_at: row.expiresAt, priority: row.priority },
    ...{ dedupe_key: row.dedupeKey, group_key: row.groupKey, concurrency_key: row.concurrencyKey },
    ...{ schedule_id: row.scheduleId, ...retryColumns(row.retry) },
    ...{ timeout_seconds: row.timeoutSeconds, tags: row.tags, metadata: row.metadata },
    ...{ requested_at: row.requestedAt, idempotency_key: row.idempotencyKey },
    request_hash: row.requestHash === null ? null : `\\x${row.requestHash}`,
    actor: row.actor,
  }
}

interface Answer {
  created_ms: number
  paused_lanes: string[]
  written: string[]
  canceled: string[]
}

/** Of the earliest that is due soon, told by the transaction itself when it commits. */
const announcement = (channel: string): RawBuilder<unknown> => sql`, (
  select pg_notify(${channel}, ((extract(epoch from min(next_at)) * 1000)::bigint)::text)::text from r
  where next_at < clock_timestamp() + make_interval(secs => ${sql.lit(NOTIFY_HORIZON_SECONDS)})
  having count(*) > 0) as announced`

/**
 * Writes rows by one statement, all or nothing, with their timers and events. In the order of their keys, so that two requests
 * with the same keys do not wait for each other. `channel`: where the alarms listen, if the transaction is to tell them itself.
 */
export const insertRuns = async (
  db: Database,
  t: Tables,
  rows: readonly NewRun[],
  channel: string | null = null,
): Promise<Inserted> => {
  const isCanceled = sql`(i.group_key is not null and exists (select 1 from ${t.canceledGroups} g
    where g.project_id = i.project_id and g.group_key = i.group_key and g.canceled_at >= i.requested_at))`
  const json = JSON.stringify(rows.map((row) => toJson(row)))
  const { rows: answers } = await sql<Answer>`
    with clock as materialized (select clock_timestamp()::timestamptz(3) as ts),
    i as materialized (
      select * from json_to_recordset(${json}::json) as i(id uuid, project_id integer, task text, lane text, data jsonb,
        data_bytes integer, run_at jsonb, due_at timestamptz, expires_at timestamptz, priority smallint, dedupe_key text,
        group_key text, concurrency_key text, schedule_id text, retry_limit smallint, retry_delay_seconds float8,
        retry_backoff text, retry_max_delay_seconds float8, timeout_seconds float8, tags text[], metadata jsonb,
        requested_at timestamptz, idempotency_key text, request_hash bytea, actor jsonb)),
    r as (
      insert into ${t.runs} (id, project_id, task, lane, data, data_bytes, run_at, due_at, next_at, expires_at, priority,
        dedupe_key, group_key, concurrency_key, schedule_id, retry_limit, retry_delay_seconds, retry_backoff,
        retry_max_delay_seconds, timeout_seconds, tags, metadata, idempotency_key, request_hash, created_at, updated_at,
        state, reason, cancel_requested, finished_at, pending_key)
      select id, project_id, task, lane, data, data_bytes, nullif(run_at, 'null'), due_at, due_at, expires_at, priority,
        dedupe_key, group_key, concurrency_key, schedule_id, retry_limit, retry_delay_seconds, retry_backoff,
        retry_max_delay_seconds, timeout_seconds, tags, metadata, idempotency_key, request_hash, (select ts from clock),
        (select ts from clock), case when ${isCanceled} then 'canceled' else 'scheduled' end,
        case when ${isCanceled} then 'group' end, ${isCanceled}, case when ${isCanceled} then (select ts from clock) end,
        case when not ${isCanceled} then dedupe_key end
      from i order by idempotency_key, dedupe_key
      on conflict do nothing
      returning id, project_id, lane, next_at, generation, priority, state),
    planted as (${plantTimers(
      t,
      sql`select id as subject_id, lane, next_at as due_at, generation, priority from r where state = 'scheduled'`,
    )}),
    told as (
      insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
      select project_id, ${KIND}, id::text, ${`${KIND}.created`}, (select actor from i where i.id = r.id), null::jsonb from r
      union all
      select project_id, ${KIND}, id::text, ${`${KIND}.canceled`}, null::jsonb, '{"reason":"group"}'::jsonb from r
      where state = 'canceled')
    select (extract(epoch from ts) * 1000)::float8 as created_ms,
      array(select name from ${t.queues} where paused_at is not null) as paused_lanes,
      array(select id::text from r) as written,
      array(select id::text from r where state = 'canceled') as canceled${channel === null ? sql`` : announcement(channel)}
    from clock`.execute(db)
  const [answer] = answers
  if (answer === undefined) throw new Error('the insert of runs was not answered')
  return {
    createdAt: new Date(answer.created_ms),
    pausedLanes: answer.paused_lanes,
    written: new Set(answer.written),
    canceled: new Set(answer.canceled),
  }
}

/** When the first of them is due, in milliseconds since 1970; null where none is so soon that alarms must be told. */
export const soonestOf = (
  rows: readonly NewRun[],
  { createdAt }: Pick<Inserted, 'createdAt'>,
): number | null => {
  const earliestMs = rows.reduce((ms, row) => Math.min(ms, row.dueAt.getTime()), Number.POSITIVE_INFINITY)
  return earliestMs < createdAt.getTime() + NOTIFY_HORIZON_SECONDS * 1000 ? earliestMs : null
}
