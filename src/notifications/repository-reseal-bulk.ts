import { sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'

/** The secret fields of a content that an operation keeps. */
export interface KeptSecrets {
  /** Both ids, for reports and for the next batch. */
  id: string
  operationId: string
  subjectId: string
  channel: string
  fields: Record<string, unknown>
}

export const readKeptSecrets = async (
  db: Database,
  t: Tables,
  o: { fields: readonly string[]; after: string | null; limit: number },
): Promise<KeptSecrets[]> => {
  const [operation, subject] = o.after?.split('/') ?? []
  const from =
    operation === undefined
      ? sql``
      : sql`and (i.operation_id, i.subject_id) > (${operation}::uuid, ${subject}::uuid)`
  const { rows } = await sql<KeptSecrets>`
    select i.operation_id || '/' || i.subject_id as id, i.operation_id as "operationId", i.subject_id as "subjectId", n.channel,
      (select jsonb_object_agg(f, i.before #> array['edited', 'content', f]) from unnest(${o.fields}::text[]) f
       where i.before #> '{edited,content}' ? f) as fields
    from ${t.operationItems} i join ${t.notifications} n on n.id = i.subject_id
    where i.before #> '{edited,content}' ?| ${o.fields}::text[] ${from}
    order by i.operation_id, i.subject_id limit ${o.limit}`.execute(db)
  return rows
}

/** Only where they still are what was read. */
export const writeKeptSecrets = async (
  db: Database,
  t: Tables,
  o: { operationId: string; subjectId: string; before: object; after: object },
): Promise<boolean> => {
  const { numAffectedRows } = await sql`
    update ${t.operationItems} set
      before = jsonb_set(before, '{edited,content}', (before #> '{edited,content}') || ${JSON.stringify(o.after)}::jsonb)
    where operation_id = ${o.operationId}::uuid and subject_id = ${o.subjectId}::uuid
      and before #> '{edited,content}' @> ${JSON.stringify(o.before)}::jsonb`.execute(db)
  return numAffectedRows === 1n
}

/** The edits of the operations that still run. */
export const readPatches = async (
  db: Database,
  t: Tables,
): Promise<{ id: string; patch: Record<string, unknown> }[]> => {
  const { rows } = await sql<{ id: string; patch: Record<string, unknown> }>`
    select id, options -> 'patch' as patch from ${t.operations}
    where finished_at is null and subject = 'notifications' and options ? 'patch'`.execute(db)
  return rows
}

export const writePatch = async (
  db: Database,
  t: Tables,
  id: string,
  before: object,
  after: object,
): Promise<boolean> => {
  const { numAffectedRows } = await sql`
    update ${t.operations} set options = jsonb_set(options, '{patch}', ${JSON.stringify(after)}::jsonb)
    where id = ${id}::uuid and options -> 'patch' = ${JSON.stringify(before)}::jsonb`.execute(db)
  return numAffectedRows === 1n
}
