import { sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Content, Pending, Revision } from './content-row.ts'
import { isItem } from './repository-content.ts'
import { type ListQuery, partsOf, partStatement } from './repository-list.ts'
import { shownColumns, type View, viewed } from './repository-view.ts'
import type { Identity } from './types.ts'

/** An item with the number of the revision that a view shows of it. */
export interface Shown extends Content {
  /** Null where the view shows none. */
  shownRevision: number | null
  /** When that went live, or will. */
  shownSince: Date | null
  pending: Pending[]
  /** Until the first that is pending is due, by the database's clock; null where nothing is. */
  nextInSeconds: number | null
}

export interface RevisionLine extends Omit<Revision, 'data'> {
  actor: Actor | null
}

interface Row extends Omit<Shown, 'pending'> {
  pending: (Omit<Pending, 'dueAt'> & { dueMs: number })[]
}

const toShown = (row: Row): Shown => ({
  ...row,
  pending: row.pending.map(({ dueMs, ...rest }) => ({ ...rest, dueAt: new Date(dueMs) })),
})

export type ContentReads = ReturnType<typeof createContentReads>

export const createContentReads = (t: Tables) => ({
  async find(
    db: Database,
    projectId: number,
    item: Identity,
    view: View,
  ): Promise<{ shown: Shown; revision: Revision | null } | null> {
    const { rows } = await sql<Row & { data: Revision['data'] | null; sha256: string; revisedAt: Date }>`
      select ${shownColumns(t, sql`v.revision`, sql`v.since`)}, r.data, encode(r.sha256, 'hex') as sha256, r.created_at as "revisedAt"
      from (select * from ${t.content} where ${isItem({ projectId }, item)}) c cross join ${viewed(t, view)}
      left join ${t.revisions} r on r.content_key = c.key and r.number = v.revision`.execute(db)
    const [row] = rows
    if (row === undefined) return null
    const { data, sha256, revisedAt, ...rest } = row
    const revision =
      data === null || rest.shownRevision === null
        ? null
        : { number: rest.shownRevision, data, sha256, createdAt: revisedAt }
    return { shown: toShown(rest), revision }
  },

  async list(db: Database, projectId: number, query: ListQuery, limit: number): Promise<Shown[]> {
    const found: Shown[] = []
    for (const part of partsOf(query)) {
      if (found.length === limit) break
      const statement = partStatement(t, projectId, query, part, limit - found.length)
      const { rows } = await sql<Row>`${statement}`.execute(db)
      found.push(...rows.map(toShown))
    }
    return found
  },

  /** The data of revisions, one for each key, by key. */
  async data(
    db: Database,
    wanted: readonly { key: string; number: number }[],
  ): Promise<Map<string, Revision['data']>> {
    const { rows } = await sql<{ key: string; data: Revision['data'] }>`
      select r.content_key as key, r.data from ${t.revisions} r
      where (r.content_key, r.number) in (
        select * from unnest(${wanted.map(({ key }) => key)}::uuid[], ${wanted.map(({ number }) => number)}::int[]))`.execute(
      db,
    )
    return new Map(rows.map(({ key, data }) => [key, data]))
  },

  async revision(db: Database, key: string, number: number): Promise<(Revision & RevisionLine) | null> {
    const { rows } = await sql<Revision & RevisionLine>`
      select number, data, encode(sha256, 'hex') as sha256, actor, created_at as "createdAt" from ${t.revisions}
      where content_key = ${key}::uuid and number = ${number}::int`.execute(db)
    return rows[0] ?? null
  },

  /** Up to `limit`, by number, beyond `after`. */
  async revisions(
    db: Database,
    key: string,
    o: { limit: number; after: number | null; descending: boolean },
  ): Promise<RevisionLine[]> {
    const [beyond, order] = o.descending ? [sql`<`, sql`desc`] : [sql`>`, sql`asc`]
    const { rows } = await sql<RevisionLine>`
      select number, encode(sha256, 'hex') as sha256, actor, created_at as "createdAt" from ${t.revisions}
      where content_key = ${key}::uuid ${o.after === null ? sql`` : sql`and number ${beyond} ${o.after}::int`}
      order by number ${order} limit ${o.limit}`.execute(db)
    return rows
  },

  /** Seconds until the first of a type's items changes what readers see, by the database's clock; null where none will. */
  async nextInSeconds(db: Database, projectId: number, type: string): Promise<number | null> {
    const { rows } = await sql<{ seconds: number }>`
      select extract(epoch from due_at - clock_timestamp())::float8 as seconds from ${t.content}
      where project_id = ${projectId} and type = ${type} and due_at is not null order by due_at limit 1`.execute(
      db,
    )
    return rows[0]?.seconds ?? null
  },
})
