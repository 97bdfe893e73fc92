import { sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'

/** The sealed secrets of one endpoint. */
export interface SecretRow {
  id: string
  secret: string
  previousSecret: string | null
}

export const readSecrets = async (
  db: Database,
  t: Tables,
  after: string | null,
  limit: number,
): Promise<SecretRow[]> => {
  const from = after === null ? sql`` : sql`where id > ${after}::uuid`
  const { rows } = await sql<SecretRow>`
    select id, secret, previous_secret as "previousSecret" from ${t.webhooks} ${from} order by id limit ${limit}`.execute(
    db,
  )
  return rows
}

/** Only where they still are what was read: a rotation meanwhile wins. */
export const writeSecrets = async (
  db: Database,
  t: Tables,
  before: SecretRow,
  after: Omit<SecretRow, 'id'>,
): Promise<boolean> => {
  const { numAffectedRows } = await sql`
    update ${t.webhooks} set secret = ${after.secret}, previous_secret = ${after.previousSecret}
    where id = ${before.id}::uuid and secret = ${before.secret}
      and previous_secret is not distinct from ${before.previousSecret}`.execute(db)
  return numAffectedRows === 1n
}
