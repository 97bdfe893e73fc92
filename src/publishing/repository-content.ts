import { type RawBuilder, sql } from 'kysely'
import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Content } from './content-row.ts'
import { type Identity, subjectOf } from './types.ts'

/** Names its events: `content.published`. */
export const KIND = 'content'

/** The members of `Content`, of the row that `from` names. */
export const contentColumns = (from: string): RawBuilder<unknown> => {
  const column = (name: string, as: string = name) => sql`${sql.ref(`${from}.${name}`)} as ${sql.ref(as)}`
  return sql.join([
    ...['key', 'type', 'id', 'locale', 'slug', 'status', 'version'].map((name) => column(name)),
    column('project_id', 'projectId'),
    column('draft_revision', 'draftRevision'),
    column('live_revision', 'liveRevision'),
    column('published_at', 'publishedAt'),
    column('due_at', 'dueAt'),
    column('created_at', 'createdAt'),
    column('updated_at', 'updatedAt'),
  ])
}

export const isItem = ({ projectId }: Pick<By, 'projectId'>, { type, id, locale }: Identity) =>
  sql`project_id = ${projectId} and type = ${type} and id = ${id} and locale = ${locale}`

/** Data of a new revision, with what is kept beside it. */
export interface Written {
  data: Readonly<Record<string, unknown>>
  /** In hexadecimal. */
  sha256: string
  slug: string | null
}

export interface NewContent extends Identity, Written {
  key: string
  idempotencyKey: string | null
  /** In hexadecimal. */
  requestHash: string | null
}

/** Which of the unique names a refused write would have taken a second time; null where it was refused for another reason. */
export const takenName = (error: unknown): 'id' | 'slug' | 'idempotency' | null => {
  if (!(error instanceof Error) || !('constraint' in error)) return null
  switch (error.constraint) {
    case 'content_project_id_type_id_locale_key':
      return 'id'
    case 'content_slug':
      return 'slug'
    case 'content_idempotency':
      return 'idempotency'
    default:
      return null
  }
}

export type ContentRepository = ReturnType<typeof createContentRepository>

/** Writes of items and drafts. What changes what is live, or what is pending, is written elsewhere. */
export const createContentRepository = (t: Tables) => {
  const clock = sql`clock as materialized (select clock_timestamp()::timestamptz(3) as ts)`
  const told = ({ projectId, actor }: By, item: Identity, type: string, data: object) => sql`
    insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
    values (${projectId}, ${KIND}, ${subjectOf(item)}, ${`${KIND}.${type}`}, ${JSON.stringify(actor)}::jsonb,
      ${JSON.stringify(data)}::jsonb)`
  const revised = ({ actor }: By, written: Written) => sql`
    insert into ${t.revisions} (content_key, number, data, sha256, actor, created_at)
    select key, draft_revision, ${JSON.stringify(written.data)}::jsonb, ${`\\x${written.sha256}`}::bytea,
      ${JSON.stringify(actor)}::jsonb, ts from c, clock`
  const one = async <Row>(db: Database, statement: RawBuilder<Row>): Promise<Row | null> =>
    (await statement.execute(db)).rows[0] ?? null

  return {
    /** The row under its lock, which decides between all who would change it. */
    lock: (tx: Database, by: Pick<By, 'projectId'>, item: Identity): Promise<Content | null> =>
      one(
        tx,
        sql<Content>`select ${contentColumns('c')} from ${t.content} c where ${isItem(by, item)} for no key update`,
      ),

    byIdempotencyKey: (db: Database, projectId: number, key: string) =>
      one(
        db,
        sql<Content & { requestHash: string }>`
          select ${contentColumns('c')}, encode(request_hash, 'hex') as "requestHash" from ${t.content} c
          where project_id = ${projectId} and idempotency_key = ${key}`,
      ),

    /** A draft with revision 1. Throws where one of its names is taken: see `takenName`. */
    async insert(tx: Database, by: By, item: NewContent): Promise<Content> {
      const hash = item.requestHash === null ? null : `\\x${item.requestHash}`
      const row = await one(
        tx,
        sql<Content>`with ${clock},
        c as (
          insert into ${t.content} (key, project_id, type, id, locale, slug, idempotency_key, request_hash, created_at, updated_at)
          select ${item.key}::uuid, ${by.projectId}::int, ${item.type}, ${item.id}, ${item.locale}, ${item.slug}::text,
            ${item.idempotencyKey}::text, ${hash}::bytea, ts, ts from clock
          returning *),
        r as (${revised(by, item)}),
        e as (${told(by, item, 'created', { revision: 1, sha256: item.sha256 })})
        select ${contentColumns('c')} from c`,
      )
      if (row === null) throw new Error('no content was written')
      return row
    },

    /** Makes revision `draftRevision` + 1 of a locked item. */
    async revise(tx: Database, by: By, locked: Content, written: Written): Promise<Content> {
      const [before, revision] = [locked.draftRevision, locked.draftRevision + 1]
      const row = await one(
        tx,
        sql<Content>`with ${clock},
        c as (
          update ${t.content} set draft_revision = ${revision}, slug = ${written.slug}, version = version + 1,
            updated_at = (select ts from clock)
          where key = ${locked.key}::uuid returning *),
        r as (${revised(by, written)}),
        e as (${told(by, locked, 'updated', { revision, sha256: written.sha256, before: { revision: before } })})
        select ${contentColumns('c')} from c`,
      )
      if (row === null) throw new Error('no revision was written')
      return row
    },

    /** A locked item with all its revisions. `hints`: what caches may still hold of it. */
    async remove(tx: Database, by: By, locked: Content, hints: object): Promise<void> {
      const { status, draftRevision, liveRevision } = locked
      const data = { before: { status, draftRevision, liveRevision }, ...hints }
      await sql`with e as (${told(by, locked, 'deleted', data)}),
        r as (delete from ${t.revisions} where content_key = ${locked.key}::uuid)
        delete from ${t.content} where key = ${locked.key}::uuid`.execute(tx)
    },
  }
}
