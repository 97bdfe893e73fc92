import { type RawBuilder, sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'

/** What becomes of an item whose pending publications have changed; without an action, what is live stays as it is. */
export interface Change {
  key: string
  action?: 'publish' | 'unpublish' | 'archive' | 'restore'
  /** Of a publish. */
  revision?: number
  /** When it went live; of a publish. */
  at?: Date
}

export interface EventRow {
  projectId: number
  kind: 'content' | 'release'
  subjectId: string
  type: string
  actor: Actor | null
  data: Readonly<Record<string, unknown>>
}

/**
 * Writes what is live, and computes `status` and `due_at` from what is pending, of items that the caller has locked, after
 * he has changed their publications: the one place that does, so that the three cannot disagree.
 */
export const settle = async (tx: Database, t: Tables, changes: readonly Change[]): Promise<void> => {
  if (changes.length === 0) return
  await sql`
    with v as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(changes)}::jsonb)
        as v(key uuid, action text, revision integer, at timestamptz(3))),
    n as materialized (
      select c.key,
        case v.action when 'publish' then v.revision when 'unpublish' then null when 'archive' then null
          else c.live_revision end as live,
        case v.action when 'publish' then v.at when 'unpublish' then null when 'archive' then null
          else c.published_at end as published_at,
        coalesce(v.action = 'archive' or (c.status = 'archived' and v.action is distinct from 'restore'), false) as archived,
        p.due_at, p.last_due_at, p.ends_live, p.publishes
      from ${t.content} c join v on v.key = c.key
      cross join lateral (
        select min(p.due_at) as due_at, max(p.due_at) as last_due_at,
          (array_agg(p.action order by p.due_at desc, p.created_at desc, p.id desc))[1] = 'publish' as ends_live,
          coalesce(bool_or(p.action = 'publish'), false) as publishes
        from ${t.publications} p
        where p.content_key = c.key and p.finished_at is null) p
      where c.key = any(${changes.map(({ key }) => key)}::uuid[]))
    update ${t.content} c set live_revision = n.live, published_at = n.published_at, due_at = n.due_at,
      last_due_at = n.last_due_at, ends_live = n.ends_live,
      status = case when n.live is not null then 'published' when n.publishes then 'scheduled'
        when n.archived then 'archived' else 'draft' end,
      version = c.version + 1, updated_at = clock_timestamp()
    from n where c.key = n.key`.execute(tx)
}

/** A part of a statement: appends events, in their order. */
export const telling = (t: Tables, events: readonly EventRow[]): RawBuilder<unknown> => sql`
  insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
  select "projectId", kind, "subjectId", type, actor, data
  from jsonb_to_recordset(${JSON.stringify(events)}::jsonb)
    as e("projectId" integer, kind text, "subjectId" text, type text, actor jsonb, data jsonb)`

export const tell = async (tx: Database, t: Tables, events: readonly EventRow[]): Promise<void> => {
  if (events.length > 0) await sql`${telling(t, events)}`.execute(tx)
}
