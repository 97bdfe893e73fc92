import { sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import { createTables } from '../platform/tables.ts'

export interface Waiting {
  channel: string
  state: string
  count: number
  earliest: Date
}

export interface Contents {
  /** Of the two schemas, those that are there. */
  schemas: string[]
  waiting: Waiting[]
  /** Notifications that are final, and go too. */
  final: number
  /** What others have built on it, and goes with it: views and foreign keys outside the two schemas. */
  dependents: string[]
}

export interface OtherProcess {
  pid: number
  name: string
  client: string | null
}

/** As long as a statement of this takes: it reads every notification once. */
const STATEMENT_TIMEOUT = '5min'
const LOCK_TIMEOUT = '5s'

/** Views, materialised views and foreign keys elsewhere that name a table of these schemas. */
const dependentsOf = async (db: Database, schemas: readonly string[]): Promise<string[]> => {
  const { rows } = await sql<{ name: string }>`
    with ours as (
      select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = any(${schemas}::text[]))
    select distinct 'view ' || v.oid::regclass::text as name
    from pg_depend d join pg_rewrite r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid
      join pg_class v on v.oid = r.ev_class join pg_namespace n on n.oid = v.relnamespace
    where d.refclassid = 'pg_class'::regclass and d.refobjid in (select oid from ours)
      and not n.nspname = any(${schemas}::text[])
    union
    select 'foreign key ' || k.conname || ' of ' || k.conrelid::regclass::text from pg_constraint k
    where k.contype = 'f' and k.confrelid in (select oid from ours) and not k.conrelid in (select oid from ours)
    order by 1 limit 100`.execute(db)
  return rows.map(({ name }) => name)
}

/** What is in the two schemas. Read in one transaction of its own. */
export const readContents = (db: Database, schema: string, queueSchema: string): Promise<Contents> =>
  db
    .transaction()
    .setAccessMode('read only')
    .execute(async (tx) => {
      await sql`select set_config('statement_timeout', ${STATEMENT_TIMEOUT}, true)`.execute(tx)
      const both = [schema, queueSchema]
      const found = await sql<{ name: string; hasTable: boolean }>`
        select nspname as name, to_regclass(quote_ident(nspname) || '.notifications') is not null as "hasTable"
        from pg_namespace where nspname = any(${both}::text[]) order by nspname`.execute(tx)
      const schemas = found.rows.map(({ name }) => name)
      const hasNotifications = found.rows.some(({ name, hasTable }) => name === schema && hasTable)
      if (!hasNotifications)
        return { schemas, waiting: [], final: 0, dependents: await dependentsOf(tx, schemas) }
      const { notifications } = createTables(schema)
      const { rows } = await sql<Waiting & { isFinal: boolean }>`
        select channel, state::text as state, count(*)::int as count, min(next_at) as earliest,
          finished_at is not null as "isFinal"
        from ${notifications} group by 1, 2, 5 order by 1, 4`.execute(tx)
      return {
        schemas,
        waiting: rows.filter((row) => !row.isFinal),
        final: rows.filter((row) => row.isFinal).reduce((sum, row) => sum + row.count, 0),
        dependents: await dependentsOf(tx, schemas),
      }
    })

/** Other processes of Yeyak that are connected to this database, whatever their schema: that cannot be told from here. */
export const otherProcesses = async (db: Database): Promise<OtherProcess[]> => {
  const { rows } = await sql<OtherProcess>`
    select min(pid) as pid, application_name as name, client_addr::text as client from pg_stat_activity
    where datname = current_database() and application_name like 'yeyak%' and application_name <> 'yeyak-uninstall'
    group by 2, 3 order by 2, 3 limit 50`.execute(db)
  return rows
}

/** Both schemas with all that is in them, in one transaction. Throws where somebody holds a lock on any of it for 5 s. */
export const dropSchemas = (db: Database, schemas: readonly string[]): Promise<void> =>
  db.transaction().execute(async (tx) => {
    await sql`select set_config('statement_timeout', ${STATEMENT_TIMEOUT}, true),
      set_config('lock_timeout', ${LOCK_TIMEOUT}, true)`.execute(tx)
    for (const name of schemas) await sql`drop schema ${sql.id(name)} cascade`.execute(tx)
  })
