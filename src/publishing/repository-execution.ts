import { sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { plantTimers, removeTimers } from '../timers/index.ts'
import type { Content } from './content-row.ts'
import type { Due, Fault } from './decide.ts'
import { contentColumns } from './repository-content.ts'
import { type EventRow, telling } from './repository-settle.ts'
import { errorKeyOf } from './repository-publication-list.ts'
import type { PublicationState } from './repository-publications.ts'

export interface Publication extends Due {
  projectId: number
  type: string
  resourceId: string
  locale: string
  revision: number | null
  nextAt: Date
  generation: number
  isPending: boolean
  state: PublicationState
  /** Of a row in a table that is not ours: there is no item to lock. */
  external: boolean
  releaseId: string | null
  failures: number
  retryLimit: number
  /** What dead letters are grouped by. */
  cause: string
}

export interface RevisionOf {
  key: string
  number: number
  data: Record<string, unknown>
  sha256: string
}

/** What a publication comes to. With an `outcome` it counts as an attempt. */
export interface Ended {
  id: string
  state: PublicationState
  reason: string | null
  error: Fault | null
  /** The revision that went live. */
  revision: number | null
  executedAt: Date | null
  lateMs: number | null
  outcome: 'delivered' | 'rejected' | 'failed' | null
  /** When its job was handed over; null where it had none. */
  handedAt: Date | null
}

const COLUMNS = sql`p.id, p.project_id as "projectId", p.type, p.resource_id as "resourceId", p.locale, p.action, p.revision,
  p.due_at as "dueAt", p.next_at as "nextAt", p.created_at as "createdAt", p.max_late_seconds as "maxLateSeconds",
  p.state, p.external, p.generation, p.finished_at is null as "isPending", p.release_id as "releaseId", p.failures, p.retry_limit as "retryLimit",
  ${errorKeyOf('p')} as cause`

/** The statements of the worker's transaction. Lock order: release, items by key, publications by id. */
export const createExecutionRepository = (t: Tables) => {
  return {
    /** Locks the items of these publications. With `skipLocked` those that somebody else holds are left out. */
    async lockItems(tx: Database, ids: readonly string[], skipLocked: boolean): Promise<Content[]> {
      const { rows } = await sql<Content>`
        select ${contentColumns('c')} from ${t.content} c
        where c.key = any(array(select p.content_key from ${t.publications} p where p.id = any(${ids}::uuid[])))
        order by c.key for no key update ${skipLocked ? sql`skip locked` : sql``}`.execute(tx)
      return rows
    },

    /**
     * Locks what is pending and due of the items at `keys`, and those of `ids` that are of these items; `alone`: all of
     * `ids`. Two batches that locked publications of each other's items were a deadlock.
     */
    async lockDue(
      tx: Database,
      ids: readonly string[],
      keys: readonly string[],
      alone: boolean,
    ): Promise<{ now: Date; publications: Publication[] }> {
      const { rows } = await sql<Publication & { now: Date }>`
        with clock as materialized (select date_trunc('milliseconds', clock_timestamp()) as now)
        select ${COLUMNS}, (select now from clock) as now from ${t.publications} p
        where p.id = any(array(
          select p.id from ${t.publications} p
          where p.content_key = any(${keys}::uuid[]) and p.finished_at is null and p.release_id is null
            and p.due_at + interval '0' <= (select now from clock)
          union select p.id from ${t.publications} p
          where p.id = any(${ids}::uuid[]) and (${alone} or p.content_key = any(${keys}::uuid[]))))
        order by p.id for no key update of p`.execute(tx)
      return { now: rows[0]?.now ?? new Date(0), publications: rows }
    },

    async revisions(tx: Database, wanted: readonly { key: string; number: number }[]): Promise<RevisionOf[]> {
      if (wanted.length === 0) return []
      const keys = wanted.map(({ key }) => key)
      const numbers = wanted.map(({ number }) => number)
      const { rows } = await sql<RevisionOf>`
        select w.key, w.number, r.data, encode(r.sha256, 'hex') as sha256
        from unnest(${keys}::uuid[], ${numbers}::int[]) w(key, number)
        cross join lateral (select data, sha256 from ${t.revisions} r
          where r.content_key = w.key and r.number = w.number) r`.execute(tx)
      return rows
    },

    /**
     * Ends publications, writes their attempts, removes the timers that they still have, and tells `events`: one statement,
     * as each costs an item that is alone a round trip.
     */
    async end(
      tx: Database,
      ended: readonly Ended[],
      now: Date,
      events: readonly EventRow[] = [],
    ): Promise<void> {
      if (ended.length === 0 && events.length === 0) return
      await sql`
        with v as materialized (
          select * from jsonb_to_recordset(${JSON.stringify(ended)}::jsonb) as v(id uuid, state text, reason text,
            error jsonb, revision integer, "executedAt" timestamptz(3), "lateMs" float8, outcome text,
            "handedAt" timestamptz(3))),
        ended as (
          update ${t.publications} p set state = v.state, reason = v.reason, error = v.error,
            revision = coalesce(v.revision, p.revision), executed_at = v."executedAt", late_ms = v."lateMs",
            attempt_no = p.attempt_no + case when v.outcome is null then 0 else 1 end, generation = p.generation + 1,
            finished_at = ${now}, updated_at = ${now}
          from v where p.id = v.id and p.id = any(${ended.map(({ id }) => id)}::uuid[])
          returning p.id, p.attempt_no, p.due_at, v.outcome, v.error, v."handedAt"),
        tried as (
          insert into ${t.attempts} (subject_id, number, outcome, due_at, handed_at, started_at, finished_at, late_ms, error)
          select id, attempt_no, outcome, due_at, "handedAt", ${now}::timestamptz, ${now}::timestamptz,
            extract(epoch from ${now}::timestamptz - due_at) * 1000, error
          from ended where outcome is not null),
        told as (${telling(t, events)})
        ${removeTimers(t, sql`array(select id from ended)`)}`.execute(tx)
    },

    /** Plants the timers of what is pending and has none, as its job came too early. */
    async replant(tx: Database, ids: readonly string[]): Promise<void> {
      if (ids.length === 0) return
      await sql`${plantTimers(
        t,
        sql`select id as subject_id, lane, next_at as due_at, generation, priority from ${t.publications}
            where id = any(${ids}::uuid[]) and finished_at is null`,
      )}`.execute(tx)
    },

    /** One more try later: `counted` or not. Returns when, in milliseconds since 1970. */
    async retry(
      tx: Database,
      id: string,
      o: { startedAt: Date; handedAt: Date; counted: boolean; error: Fault; delaySeconds: number },
    ): Promise<number | null> {
      const { rows } = await sql<{ nextMs: number }>`
        with again as (
          update ${t.publications} p set attempt_no = p.attempt_no + 1,
            failures = p.failures + case when ${o.counted} then 1 else 0 end, generation = p.generation + 1,
            next_at = clock_timestamp() + make_interval(secs => ${o.delaySeconds}::float8),
            error = ${JSON.stringify(o.error)}::jsonb, updated_at = clock_timestamp()
          where p.id = ${id}::uuid returning p.*),
        tried as (
          insert into ${t.attempts} (subject_id, number, outcome, due_at, handed_at, started_at, finished_at, late_ms, error)
          select id, attempt_no, case when ${o.counted} then 'failed' else 'interrupted' end, due_at,
            ${o.handedAt}::timestamptz, ${o.startedAt}::timestamptz, clock_timestamp(),
            extract(epoch from ${o.startedAt}::timestamptz - due_at) * 1000, error from again),
        planted as (${plantTimers(
          t,
          sql`select id as subject_id, lane, next_at as due_at, generation, priority from again`,
        )})
        select (extract(epoch from next_at) * 1000)::float8 as "nextMs" from again`.execute(tx)
      return rows[0]?.nextMs ?? null
    },
  }
}
