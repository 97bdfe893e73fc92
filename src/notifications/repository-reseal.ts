import { sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'

/** The secret fields of one notification, as they are stored. */
export interface SecretRow {
  id: string
  channel: string
  /** Null where it has none of them. */
  fields: Record<string, unknown> | null
}

/** All notifications, in the order of their ids: which of them have secrets is in no index. */
export const readSecretRows = async (
  db: Database,
  t: Tables,
  o: { fields: readonly string[]; after: string | null; limit: number },
): Promise<SecretRow[]> => {
  const from = o.after === null ? sql`` : sql`where n.id > ${o.after}::uuid`
  const { rows } = await sql<SecretRow>`
    select n.id, n.channel, case when n.content ?| ${o.fields}::text[] then
      (select jsonb_object_agg(f, n.content -> f) from unnest(${o.fields}::text[]) f where n.content ? f) end as fields
    from ${t.notifications} n ${from} order by n.id limit ${o.limit}`.execute(db)
  return rows
}

/** Only where they still are what was read: somebody else's change wins. No version rises, as nothing that is shown changes. */
export const writeSecretRow = async (
  db: Database,
  t: Tables,
  row: { id: string; before: object; after: object },
): Promise<boolean> => {
  const before = JSON.stringify(row.before)
  const { numAffectedRows } = await sql`
    update ${t.notifications} n set content = n.content || ${JSON.stringify(row.after)}::jsonb
    where n.id = ${row.id}::uuid and n.content @> ${before}::jsonb`.execute(db)
  return numAffectedRows === 1n
}
