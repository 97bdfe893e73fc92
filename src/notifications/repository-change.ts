import { type RawBuilder, sql } from 'kysely'
import { type State, TROUBLE } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { NOTIFY_HORIZON_SECONDS, plantTimers, removeTimers } from '../timers/index.ts'
import { contentBytes, KIND, type NewNotification } from './repository-insert.ts'

/** What a change was decided from: the row under its lock. `changed` is false where its state or version forbade it. */
export interface Decision {
  state: State
  reason: string | null
  generation: number
  changed: boolean
  soonMs: number | null
}

/** What a patch may change, all of it as it shall stand afterwards. */
export interface Rewrite extends Pick<
  NewNotification,
  | 'channel'
  | 'lane'
  | 'recipient'
  | 'content'
  | 'sendAt'
  | 'expiresAt'
  | 'priority'
  | 'groupKey'
  | 'retry'
  | 'onUnknown'
  | 'timeoutSeconds'
  | 'tags'
  | 'metadata'
> {
  /** Of what is retrying only the next attempt moves: its `due_at` stays. */
  nextAt: Date
}

const WAITING = sql`('scheduled', 'retrying')`

/** Each is one statement on the row: lock it, decide from what stands in it, write, and answer from it. */
export const createChanges = (t: Tables) => {
  const eventsOf = (source: string, type: RawBuilder<unknown>, data: RawBuilder<unknown>) => sql`
    insert into ${t.events} (project_id, kind, subject_id, type, data)
    select project_id, ${KIND}, id::text, ${type}, ${data} from ${sql.ref(source)}`
  const timersOf = (source: string) =>
    plantTimers(
      t,
      sql`select id as subject_id, lane, next_at as due_at, generation, priority from ${sql.ref(source)}`,
    )
  const soonMs = sql`(select (extract(epoch from next_at) * 1000)::float8 from changed
    where next_at < clock_timestamp() + make_interval(secs => ${NOTIFY_HORIZON_SECONDS}))`
  const decided = sql`select l.state, l.reason, l.generation, exists (select 1 from changed) as changed, ${soonMs} as "soonMs" from l`
  /**
   * The row under its lock: every change is decided from it, and answered from it. What the CHECK constraints read is
   * written from it too: they are checked on the row of the snapshot, before PostgreSQL sees that it was changed since.
   */
  const locked = (projectId: number, id: string) => sql`l as materialized (
    select * from ${t.notifications} where id = ${id}::uuid and project_id = ${projectId} for no key update)`

  const decide = async (db: Database, statement: RawBuilder<unknown>): Promise<Decision | null> => {
    const { rows } = await sql<Decision>`${statement}`.execute(db)
    return rows[0] ?? null
  }

  return {
    /** Waiting: it is canceled. Sending: no further attempt begins. Final: nothing. */
    cancel: (db: Database, projectId: number, id: string, generation: number | null) =>
      decide(
        db,
        sql`with ${locked(projectId, id)},
        changed as (
          update ${t.notifications} n set
            state = case l.state when 'sending' then l.state else 'canceled' end, attempt_job = l.attempt_job,
            reason = case l.state when 'sending' then n.reason else 'request' end,
            cancel_requested = true,
            trouble = case l.state when 'sending' then n.trouble end,
            pending_key = case l.state when 'sending' then n.pending_key end,
            finished_at = case l.state when 'sending' then null else clock_timestamp() end,
            generation = n.generation + 1, updated_at = clock_timestamp()
          from l where n.id = l.id and l.state in ('scheduled', 'retrying', 'sending')
            and l.generation = coalesce(${generation}::int, l.generation) returning n.*),
        removed as (${removeTimers(t, sql`array(select id from changed where state = 'canceled')`)}),
        told as (${eventsOf(
          'changed',
          sql`case state when 'canceled' then ${`${KIND}.canceled`} else ${`${KIND}.updated`} end`,
          sql`case state when 'canceled' then '{"reason":"request"}'::jsonb else '{"cancelRequested":true}'::jsonb end`,
        )})
        ${decided}`,
      ),

    /** Rewrites what still waits, if it is still of version `generation`. */
    rewrite: (db: Database, projectId: number, id: string, generation: number, to: Rewrite) =>
      decide(
        db,
        sql`with ${locked(projectId, id)},
        changed as (
          update ${t.notifications} n set
            channel = ${to.channel}, lane = ${to.lane}, recipient = ${JSON.stringify(to.recipient)}::jsonb,
            content = ${JSON.stringify(to.content)}::jsonb, content_bytes = ${contentBytes(to.content)}, send_at = ${JSON.stringify(to.sendAt)}::jsonb,
            due_at = case l.state when 'scheduled' then ${to.nextAt} else n.due_at end, next_at = ${to.nextAt},
            expires_at = ${to.expiresAt}, priority = ${to.priority}, group_key = ${to.groupKey},
            retry_limit = ${to.retry.limit}, retry_delay_seconds = ${to.retry.delaySeconds},
            retry_backoff = ${to.retry.backoff}, retry_max_delay_seconds = ${to.retry.maxDelaySeconds},
            on_unknown = ${to.onUnknown},
            timeout_seconds = ${to.timeoutSeconds}, tags = ${to.tags}, metadata = ${JSON.stringify(to.metadata)}::jsonb,
            generation = n.generation + 1, updated_at = clock_timestamp()
          from l where n.id = l.id and l.state in ${WAITING} and l.generation = ${generation} returning n.*),
        planted as (${timersOf('changed')}),
        told as (${eventsOf('changed', sql`${`${KIND}.updated`}`, sql`jsonb_build_object('nextAttemptAt', next_at)`)})
        ${decided}`,
      ),

    /** Due at once. What is due already is left as it is. */
    sendNow: (db: Database, projectId: number, id: string, generation: number | null) =>
      decide(
        db,
        sql`with ${locked(projectId, id)},
        changed as (
          update ${t.notifications} n set
            due_at = case l.state when 'scheduled' then clock_timestamp() else n.due_at end, next_at = clock_timestamp(),
            generation = n.generation + 1, updated_at = clock_timestamp()
          from l where n.id = l.id and l.state in ${WAITING} and l.next_at > clock_timestamp()
            and l.generation = coalesce(${generation}::int, l.generation) returning n.*),
        planted as (${timersOf('changed')}),
        told as (${eventsOf('changed', sql`${`${KIND}.updated`}`, sql`jsonb_build_object('nextAttemptAt', next_at)`)})
        ${decided}`,
      ),

    /** From failed, canceled or expired: waits again, with a fresh budget of tries. */
    retry: (
      db: Database,
      projectId: number,
      id: string,
      generation: number | null,
      to: { sendAt: unknown; dueAt: Date; expiresAt: Date | null },
    ) =>
      decide(
        db,
        sql`with ${locked(projectId, id)},
        changed as (
          update ${t.notifications} n set
            state = 'scheduled', attempt_job = null, reason = null, trouble = null, finished_at = null, cancel_requested = false,
            pending_key = n.dedupe_key,
            failures = 0, lost_workers = 0, late_ms = null, send_at = ${JSON.stringify(to.sendAt)}::jsonb,
            due_at = ${to.dueAt}, next_at = ${to.dueAt}, expires_at = ${to.expiresAt},
            generation = n.generation + 1, updated_at = clock_timestamp()
          from l where n.id = l.id and l.state in ('failed', 'canceled', 'expired')
            and l.generation = coalesce(${generation}::int, l.generation) returning n.*),
        planted as (${timersOf('changed')}),
        told as (${eventsOf('changed', sql`${`${KIND}.updated`}`, sql`jsonb_build_object('retried', true, 'nextAttemptAt', next_at)`)})
        ${decided}`,
      ),

    /** An operator's word on what is waiting, or has failed with its outcome unknown. */
    resolve: (
      db: Database,
      projectId: number,
      id: string,
      generation: number | null,
      to: { outcome: 'delivered' | 'failed'; note: string | null },
    ) =>
      decide(
        db,
        sql`with ${locked(projectId, id)},
        changed as (
          update ${t.notifications} n set
            state = ${to.outcome}, attempt_job = null, reason = case ${to.outcome} when 'failed' then 'operator' end,
            trouble = case ${to.outcome} when 'failed' then ${TROUBLE.failed}::smallint end,
            pending_key = null,
            finished_at = clock_timestamp(), generation = n.generation + 1, updated_at = clock_timestamp()
          from l where n.id = l.id and (l.state in ${WAITING}
              or (l.state = 'failed' and l.reason in ('outcome_unknown', 'worker_lost')))
            and l.generation = coalesce(${generation}::int, l.generation) returning n.*),
        removed as (${removeTimers(t, sql`array(select id from changed)`)}),
        told as (${eventsOf(
          'changed',
          sql`${`${KIND}.`} || state`,
          sql`jsonb_strip_nulls(jsonb_build_object('reason', 'operator', 'note', ${to.note}::text))`,
        )})
        ${decided}`,
      ),
  }
}
