import { type RawBuilder, sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { plantTimers, removeTimers } from '../timers/index.ts'
import type { Content } from './content-row.ts'
import type { EditPolicy } from './types.ts'

export const ACTIONS = ['publish', 'unpublish', 'archive'] as const
export type Action = (typeof ACTIONS)[number]

export const PUBLICATION_STATES = [
  'scheduled',
  'succeeded',
  'superseded',
  'canceled',
  'failed',
  'missed',
] as const
export type PublicationState = (typeof PUBLICATION_STATES)[number]

export interface NewPublication {
  id: string
  projectId: number
  type: string
  resourceId: string
  locale: string
  contentKey: string
  lane: string
  action: Action
  revision: number | null
  onEdit: EditPolicy
  given: unknown
  dueAt: Date
  maxLateSeconds: number | null
  releaseId: string | null
  actor: Actor
}

/** One that has just been ended, as events tell of it. */
export interface Closed {
  id: string
  action: Action
  revision: number | null
  dueAt: Date
}

/** Which of an item's pending publications: its own, also those of releases, or its own that an edit cancels. */
export type Which = 'own' | 'all' | 'edited'

const WHICH: Readonly<Record<Which, RawBuilder<unknown>>> = {
  own: sql`release_id is null`,
  all: sql`true`,
  edited: sql`release_id is null and on_edit = 'cancel' and action = 'publish'`,
}

/** More than this are never pending for one item: 20 a schedule, and one a release. */
export const PENDING_LIMIT = 1_000

/** Statements on the publications of items that the caller has locked. */
export const createPublications = (t: Tables) => ({
  /** The database's clock, which alone decides what is in the future. Whole milliseconds, rounded down. */
  async now(tx: Database): Promise<Date> {
    const { rows } = await sql<{ now: Date }>`
      select date_trunc('milliseconds', clock_timestamp()) as now`.execute(tx)
    if (rows[0] === undefined) throw new Error('the database gave no time')
    return rows[0].now
  },

  /** Those of a release have no timer of their own. */
  async insert(tx: Database, rows: readonly NewPublication[]): Promise<void> {
    if (rows.length === 0) return
    await sql`
      with made as (
        insert into ${t.publications} (id, project_id, type, resource_id, locale, content_key, lane, action, revision, on_edit, given,
          due_at, next_at, max_late_seconds, release_id, actor)
        select id, "projectId", type, "resourceId", locale, "contentKey", lane, action, revision, "onEdit", given,
          "dueAt", "dueAt", "maxLateSeconds", "releaseId", actor
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, "projectId" integer, type text,
          "resourceId" text, locale text, "contentKey" uuid, lane text, action text, revision integer, "onEdit" text, given jsonb,
          "dueAt" timestamptz(3), "maxLateSeconds" float8, "releaseId" uuid, actor jsonb)
        returning id, lane, next_at, generation, priority, release_id)
      ${plantTimers(
        t,
        sql`select id as subject_id, lane, next_at as due_at, generation, priority from made where release_id is null`,
      )}`.execute(tx)
  },

  /** Ends what is pending for an item. Its jobs, where there are any, find it ended and do nothing. */
  async close(
    tx: Database,
    item: Content,
    which: Which,
    as: { state: 'canceled' | 'superseded'; reason: string },
  ): Promise<Closed[]> {
    const { rows } = await sql<Closed>`
      with closed as (
        update ${t.publications} set state = ${as.state}, reason = ${as.reason}, generation = generation + 1,
          finished_at = clock_timestamp(), updated_at = clock_timestamp()
        where content_key = ${item.key}::uuid and finished_at is null and ${WHICH[which]}
        returning id, action, revision, due_at),
      removed as (${removeTimers(t, sql`array(select id from closed)`)})
      select id, action, revision, due_at as "dueAt" from closed order by due_at, id limit ${PENDING_LIMIT}`.execute(
      tx,
    )
    return rows
  },

  /** What has ended waits again, as if it had just been scheduled. */
  async revive(
    tx: Database,
    rows: readonly { id: string; dueAt: Date; revision: number | null }[],
    given: unknown,
  ): Promise<void> {
    if (rows.length === 0) return
    const ids = rows.map(({ id }) => id)
    const dues = rows.map(({ dueAt }) => dueAt)
    const revisions = rows.map(({ revision }) => revision)
    await sql`
      with again as (
        update ${t.publications} p set state = 'scheduled', reason = null, error = null, failures = 0, late_ms = null,
          executed_at = null, finished_at = null, due_at = r.due_at, next_at = r.due_at, given = ${JSON.stringify(given)}::jsonb,
          revision = r.revision, generation = generation + 1, updated_at = clock_timestamp()
        from unnest(${ids}::uuid[], ${dues}::timestamptz[], ${revisions}::integer[]) r(id, due_at, revision)
        where p.id = any(${ids}::uuid[]) and p.id = r.id returning p.*)
      ${plantTimers(
        t,
        sql`select id as subject_id, lane, next_at as due_at, generation, priority from again`,
      )}`.execute(tx)
  },

  /** The data of revisions, by number. */
  async revisions(
    tx: Database,
    key: string,
    numbers: readonly number[],
  ): Promise<Map<number, { data: Record<string, unknown>; sha256: string }>> {
    const { rows } = await sql<{ number: number; data: Record<string, unknown>; sha256: string }>`
      select number, data, encode(sha256, 'hex') as sha256 from ${t.revisions}
      where content_key = ${key}::uuid and number = any(${numbers}::int[])`.execute(tx)
    return new Map(rows.map((row) => [row.number, row]))
  },
})

export type Publications = ReturnType<typeof createPublications>
