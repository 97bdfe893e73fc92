import { sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import { createTables, TABLE_NAMES } from '../platform/tables.ts'

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
  /** Tables and views in the two schemas that are not Yeyak's: somebody else uses one of them, too. */
  strangers: string[]
}

export interface OtherProcess {
  pid: number
  name: string
  client: string | null
}

/** As long as a statement of this takes: it reads every notification once. */
const STATEMENT_TIMEOUT = '5min'
const LOCK_TIMEOUT = '5s'

/** Tables and views of Yeyak and of pg-boss. Partitions are not looked at: they belong to their table. */
const OURS = {
  main: [...Object.values(TABLE_NAMES), ...['migrations', 'migrations_lock', 'upcoming']],
  queue: [
    ...['bam', 'job', 'job_dependency', 'queue', 'queue_stats', 'schedule', 'subscription', 'version'],
    'warning',
  ],
} as const

/** The schemas that exist and hold anything of Yeyak, and what else they hold: a mistyped setting must remove nothing. */
const lookInto = async (db: Database, schema: string, queueSchema: string) => {
  const { rows } = await sql<{ schema: string; name: string }>`
    select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = any(${[schema, queueSchema]}::text[]) and c.relkind in ('r', 'p', 'v', 'm', 'f')
      and not c.relispartition order by 1, 2 limit 10000`.execute(db)
  const isOurs = (row: { schema: string; name: string }): boolean =>
    (row.schema === schema ? OURS.main : OURS.queue).some((name) => name === row.name)
  const owned = rows.filter((row) => row.name === (row.schema === schema ? 'migrations' : 'version'))
  const schemas = owned.map((row) => row.schema)
  const strangers = rows.filter((row) => schemas.includes(row.schema) && !isOurs(row))
  return { schemas, strangers: strangers.map((row) => `${row.schema}.${row.name}`).slice(0, 100) }
}

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
      const { schemas, strangers } = await lookInto(tx, schema, queueSchema)
      const dependents = await dependentsOf(tx, schemas)
      if (!schemas.includes(schema)) return { schemas, waiting: [], final: 0, dependents, strangers }
      const { notifications, runs } = createTables(schema)
      const { rows } = await sql<Waiting & { isFinal: boolean }>`
        select channel, state::text as state, count(*)::int as count, min(next_at) as earliest,
          finished_at is not null as "isFinal"
        from ${notifications} group by 1, 2, 5
        union all
        select 'task ' || task, state::text, count(*)::int, min(next_at), finished_at is not null
        from ${runs} group by 1, 2, 5 order by 1, 4`.execute(tx)
      return {
        schemas,
        waiting: rows.filter((row) => !row.isFinal),
        final: rows.filter((row) => row.isFinal).reduce((sum, row) => sum + row.count, 0),
        dependents,
        strangers,
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
