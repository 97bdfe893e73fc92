import { sql } from 'kysely'
import type { Actor, By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { plantTimers, removeTimers } from '../timers/index.ts'
import type { Content } from './content-row.ts'
import type { Fault } from './decide.ts'
import { contentColumns } from './repository-content.ts'
import type { Action } from './repository-publications.ts'

export const RELEASE_STATES = ['draft', 'scheduled', 'succeeded', 'failed', 'canceled', 'missed'] as const
export type ReleaseState = (typeof RELEASE_STATES)[number]

export interface ReleaseItem {
  type: string
  id: string
  locale: string
  action: Action
  /** The draft's, as it is when the release is scheduled or published, where null. */
  revision: number | null
}

export interface Release {
  id: string
  projectId: number
  title: string
  items: ReleaseItem[]
  state: ReleaseState
  reason: string | null
  error: Fault | null
  publishAt: unknown
  dueAt: Date | null
  nextAt: Date | null
  maxLateSeconds: number | null
  /** Shown as its version: rises with every change. */
  generation: number
  attemptNo: number
  failures: number
  lateMs: number | null
  actor: Actor | null
  executedAt: Date | null
  createdAt: Date
  updatedAt: Date
  finishedAt: Date | null
}

export type ReleaseSummary = Omit<Release, 'items'> & { itemCount: number }

/** What a change of a release writes; what is left out stays as it is. */
export interface ReleaseChange {
  title?: string
  items?: readonly ReleaseItem[]
  state: ReleaseState
  reason?: string | null
  error?: Fault | null
  publishAt?: unknown
  dueAt?: Date | null
  nextAt?: Date | null
  maxLateSeconds?: number | null
  attempts?: number
  failures?: number
  lateMs?: number | null
  executedAt?: Date | null
  /** Of one that is put back; of others it is now. */
  finishedAt?: Date | null
}

export const RELEASE_LANE = 'publishing.release'

export const RELEASE_SUMMARY = sql`r.id, r.project_id as "projectId", r.title, r.state, r.reason, r.error, r.publish_at as "publishAt",
  r.due_at as "dueAt", r.next_at as "nextAt", r.max_late_seconds as "maxLateSeconds", r.generation,
  r.attempt_no as "attemptNo", r.failures, r.late_ms as "lateMs", r.actor, r.executed_at as "executedAt",
  r.created_at as "createdAt", r.updated_at as "updatedAt", r.finished_at as "finishedAt"`
const COLUMNS = sql`${RELEASE_SUMMARY}, r.items`

/** All statements on releases, and the locks that they need: release, items by key, publications by id. */
export const createReleaseRepository = (t: Tables) => ({
  async insert(
    db: Database,
    by: By,
    row: { id: string; title: string; items: readonly ReleaseItem[] },
    idempotency: { key: string; hash: string } | null,
  ): Promise<Release> {
    const { rows } = await sql<Release>`
      insert into ${t.releases} as r (id, project_id, title, items, actor, idempotency_key, request_hash)
      values (${row.id}::uuid, ${by.projectId}, ${row.title}, ${JSON.stringify(row.items)}::jsonb,
        ${JSON.stringify(by.actor)}::jsonb, ${idempotency?.key ?? null}, decode(${idempotency?.hash ?? null}, 'hex'))
      returning ${COLUMNS}`.execute(db)
    if (rows[0] === undefined) throw new Error('a release was not written')
    return rows[0]
  },

  async byIdempotencyKey(
    db: Database,
    projectId: number,
    key: string,
  ): Promise<(Release & { requestHash: string }) | null> {
    const { rows } = await sql<Release & { requestHash: string }>`
      select ${COLUMNS}, encode(r.request_hash, 'hex') as "requestHash" from ${t.releases} r
      where r.project_id = ${projectId} and r.idempotency_key = ${key}`.execute(db)
    return rows[0] ?? null
  },

  async find(db: Database, projectId: number, id: string): Promise<Release | null> {
    const { rows } = await sql<Release>`
      select ${COLUMNS} from ${t.releases} r where r.id = ${id}::uuid and r.project_id = ${projectId}`.execute(
      db,
    )
    return rows[0] ?? null
  },

  /** The row under its lock, with the database's clock. */
  async lock(tx: Database, id: string): Promise<(Release & { now: Date }) | null> {
    const { rows } = await sql<Release & { now: Date }>`
      select ${COLUMNS}, date_trunc('milliseconds', clock_timestamp()) as now from ${t.releases} r
      where r.id = ${id}::uuid for no key update`.execute(tx)
    return rows[0] ?? null
  },

  async remove(tx: Database, id: string): Promise<void> {
    await sql`delete from ${t.releases} where id = ${id}::uuid`.execute(tx)
  },

  /** Writes the locked row anew, and its timer: planted while it is scheduled, else removed. */
  async write(tx: Database, before: Release, change: ReleaseChange): Promise<void> {
    const to = { ...before, ...change }
    const isFinal = !['draft', 'scheduled'].includes(to.state)
    await sql`
      with written as (
        update ${t.releases} set title = ${to.title}, items = ${JSON.stringify(to.items)}::jsonb, state = ${to.state},
          reason = ${to.reason}, error = ${to.error === null ? null : JSON.stringify(to.error)}::jsonb,
          publish_at = ${JSON.stringify(to.publishAt)}::jsonb, due_at = ${to.dueAt}, next_at = ${to.nextAt},
          max_late_seconds = ${to.maxLateSeconds}, attempt_no = attempt_no + ${change.attempts ?? 0},
          failures = ${to.failures}, late_ms = ${to.lateMs}, executed_at = ${to.executedAt},
          generation = generation + 1, updated_at = clock_timestamp(),
          finished_at = case when ${isFinal} then coalesce(${change.finishedAt ?? null}::timestamptz, clock_timestamp()) end
        where id = ${before.id}::uuid returning id, state, next_at, generation),
      planted as (${plantTimers(
        t,
        sql`select id as subject_id, ${RELEASE_LANE} as lane, next_at as due_at, generation, 0::smallint as priority
            from written where state = 'scheduled'`,
      )})
      ${removeTimers(t, sql`array(select id from written where state <> 'scheduled')`)}`.execute(tx)
  },

  /** Locks the items that a release names. */
  async lockItems(tx: Database, projectId: number, items: readonly ReleaseItem[]): Promise<Content[]> {
    const { rows } = await sql<Content>`
      select ${contentColumns('c')} from ${t.content} c
      where c.key = any(array(
        select f.key
        from unnest(${items.map((i) => i.type)}::text[], ${items.map((i) => i.id)}::text[],
          ${items.map((i) => i.locale)}::text[]) w(type, id, locale)
        cross join lateral (select c.key from ${t.content} c
          where c.project_id = ${projectId} and c.type = w.type and c.id = w.id and c.locale = w.locale) f))
      order by c.key for no key update`.execute(tx)
    return rows
  },

  /** Locks the publications of a release that are still pending. */
  async lockPublications(
    tx: Database,
    id: string,
  ): Promise<{ id: string; type: string; resourceId: string; locale: string; dueAt: Date }[]> {
    const { rows } = await sql<{ id: string; type: string; resourceId: string; locale: string; dueAt: Date }>`
      select id, type, resource_id as "resourceId", locale, due_at as "dueAt" from ${t.publications}
      where release_id = ${id}::uuid and finished_at is null order by id for no key update`.execute(tx)
    return rows
  },

  /** Of these items, their own publications that were due before the release: it makes them void. */
  async closeEarlier(tx: Database, id: string, keys: readonly string[], dueAt: Date): Promise<string[]> {
    const { rows } = await sql<{ id: string }>`
      with closed as (
        update ${t.publications} set state = 'superseded', reason = ${`by release ${id}`}, generation = generation + 1,
          finished_at = clock_timestamp(), updated_at = clock_timestamp()
        where id = any(array(
          select p.id from ${t.publications} p
          where p.content_key = any(${keys}::uuid[]) and p.finished_at is null and p.release_id is null
            and p.due_at + interval '0' <= ${dueAt}::timestamptz
          order by p.id))
        returning id),
      removed as (${removeTimers(t, sql`array(select id from closed)`)})
      select id from closed`.execute(tx)
    return rows.map(({ id: closed }) => closed)
  },
})

export type ReleaseRepository = ReturnType<typeof createReleaseRepository>
