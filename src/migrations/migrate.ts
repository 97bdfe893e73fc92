import { type Kysely, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { migrations } from './migrations.ts'

const TABLE = 'migrations'
const LOCK_RETRY_MS = 50

/** The database was migrated by a later version of this program. Nothing was written. */
export class NewerDatabaseError extends Error {
  override readonly name = 'NewerDatabaseError'
}

/** Names of the migrations that this program knows, in order. */
export const knownMigrations = (schema: string): string[] => Object.keys(migrations(schema))

/** Names of the migrations that the database has had; none where it was never migrated. */
export const appliedMigrations = async (db: Kysely<unknown>, schema: string): Promise<string[]> => {
  const found = await sql<{
    found: boolean
  }>`select to_regclass(${`"${schema}".${TABLE}`}) is not null as found`.execute(db)
  if (found.rows[0]?.found !== true) return []
  const { rows } = await sql<{
    name: string
  }>`select name from ${sql.id(schema, TABLE)} order by name limit 10000`.execute(db)
  return rows.map((row) => row.name)
}

/**
 * Runs what migrates while no other process does: of several that start at the same time one goes first. Kysely's own
 * lock covers its migrations only, and is taken after its tables were made. A lock of a transaction, as behind a pooler
 * sessions change hands; tried again and again, as a wait in the server would end at the statement's time-out.
 */
export const oneAtATime = <Result>(
  db: Kysely<unknown>,
  schema: string,
  signal: AbortSignal,
  run: () => Promise<Result>,
): Promise<Result> =>
  db.transaction().execute(async (tx) => {
    // It stands idle while the migrations run on connections of their own.
    await sql`set local idle_in_transaction_session_timeout = 0`.execute(tx)
    const attempt = sql<{ mine: boolean }>`
      select pg_try_advisory_xact_lock(hashtext('yeyak migrations'), hashtext(${schema})) as mine`
    while ((await attempt.execute(tx)).rows[0]?.mine !== true) {
      signal.throwIfAborted()
      await new Promise((resolve) => setTimeout(resolve, LOCK_RETRY_MS))
    }
    return run()
  })

const numberOf = (name: string | undefined): string => name?.slice(0, 4) ?? 'none'

/** Throws NewerDatabaseError where the database knows a migration that this program does not. */
export const assertNotNewer = async (db: Kysely<unknown>, schema: string): Promise<void> => {
  const known = knownMigrations(schema)
  const applied = await appliedMigrations(db, schema)
  if (applied.every((name) => known.includes(name))) return
  throw new NewerDatabaseError(
    `the database's schema "${schema}" is at version ${numberOf(applied.at(-1))}, this program knows versions up to ` +
      `${numberOf(known.at(-1))}: run the later version of Yeyak that migrated it, or another database`,
  )
}

/**
 * Brings the schema to this program's version, all or nothing, under Kysely's advisory lock: processes that start
 * at the same time wait for each other. Returns the names of what was applied now.
 */
export const migrate = async (db: Kysely<unknown>, schema: string): Promise<string[]> => {
  await assertNotNewer(db, schema)
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations(schema) },
    migrationTableName: TABLE,
    migrationLockTableName: `${TABLE}_lock`,
    migrationTableSchema: schema,
  })
  const { error, results } = await migrator.migrateToLatest()
  // Kysely returns the failure instead of throwing it, which is easily overlooked.
  if (error !== undefined)
    throw error instanceof Error ? error : new Error('the migration failed', { cause: error })
  return (results ?? []).filter((r) => r.status === 'Success').map((r) => r.migrationName)
}
