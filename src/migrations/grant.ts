import { type Kysely, sql } from 'kysely'

/** Rights on a table, by its name: all that scheduling and cancelling need, and nothing that a worker needs. */
const RIGHTS: Readonly<Record<string, string>> = {
  projects: 'select',
  queues: 'select',
  canceled_groups: 'select',
  notifications: 'select, insert, update',
  runs: 'select, insert, update',
  run_waits: 'select, delete',
  publications: 'select, insert, update',
  timers: 'select, insert, update, delete',
  events: 'insert',
}

/** There is no such role. Nothing was granted. */
export class UnknownRoleError extends Error {
  override readonly name = 'UnknownRoleError'
}

/** Lets a role schedule and cancel within transactions of its own. Safe to repeat. */
export const grant = async (db: Kysely<unknown>, schema: string, role: string): Promise<void> => {
  const { rows } = await sql`select 1 from pg_roles where rolname = ${role}`.execute(db)
  if (rows.length === 0) throw new UnknownRoleError(`there is no role "${role}" in this database server`)
  const to = sql.id(role)
  await db.transaction().execute(async (tx) => {
    await sql`grant usage on schema ${sql.id(schema)} to ${to}`.execute(tx)
    for (const [table, rights] of Object.entries(RIGHTS))
      await sql`grant ${sql.raw(rights)} on ${sql.id(schema, table)} to ${to}`.execute(tx)
    await sql`grant usage on sequence ${sql.id(schema, 'events_id')} to ${to}`.execute(tx)
    await sql`grant execute on function ${sql.id(schema, 'in_turn')} (text, text, jsonb) to ${to}`.execute(tx)
  })
}
