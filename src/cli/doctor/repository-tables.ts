import { sql } from 'kysely'
import type { Database } from '../../platform/database.ts'

export interface IndexFact {
  name: string
  isValid: boolean
  bytes: number
  /** Of its table, as last estimated. */
  rows: number
}

/** Every index of these schemas, by name; those of partitions too. */
export const readIndexes = async (db: Database, schemas: readonly string[]): Promise<IndexFact[]> => {
  const { rows } = await sql<IndexFact>`
    select n.nspname || '.' || c.relname as name, i.indisvalid and i.indisready as "isValid",
      pg_relation_size(c.oid)::float8 as bytes, greatest(t.reltuples, 0)::float8 as rows
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
      join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = any(${schemas}::text[]) order by 1 limit 10000`.execute(db)
  return rows
}

export interface TableFact {
  name: string
  isVacuumOff: boolean
  live: number
  dead: number
  vacuumedAt: Date | null
  analyzedAt: Date | null
}

export interface VacuumFacts {
  isOn: boolean
  /** Transactions since the oldest one that is not frozen; at two thousand million the database stops. */
  age: number
  tables: TableFact[]
}

/** Of the tables that every notification goes through, and their partitions. */
export const readVacuum = async (db: Database, schemas: readonly string[]): Promise<VacuumFacts> => {
  const { rows } = await sql<TableFact>`
    select s.schemaname || '.' || s.relname as name,
      coalesce(c.reloptions && array['autovacuum_enabled=false', 'autovacuum_enabled=off'], false) as "isVacuumOff",
      s.n_live_tup::float8 as live, s.n_dead_tup::float8 as dead,
      greatest(s.last_vacuum, s.last_autovacuum) as "vacuumedAt", greatest(s.last_analyze, s.last_autoanalyze) as "analyzedAt"
    from pg_stat_user_tables s join pg_class c on c.oid = s.relid
    where s.schemaname = any(${schemas}::text[]) and s.relname ~ '^(notifications|timers|attempts|events|webhook_deliveries|job)'
    order by s.n_dead_tup desc, 1 limit 1000`.execute(db)
  const settings = await sql<{ isOn: boolean; age: number }>`
    select current_setting('autovacuum')::bool and current_setting('track_counts')::bool as "isOn",
      (select age(datfrozenxid)::float8 from pg_database where datname = current_database()) as age`.execute(
    db,
  )
  return { isOn: settings.rows[0]?.isOn ?? true, age: settings.rows[0]?.age ?? 0, tables: rows }
}

export interface Holder {
  kind: 'transaction' | 'idle' | 'prepared' | 'slot'
  /** The pid, or the name. */
  id: string
  who: string
  seconds: number
}

/** Whoever keeps dead rows from being removed: open transactions, prepared ones, replication slots. */
export const readHolders = async (db: Database): Promise<Holder[]> => {
  const { rows } = await sql<Holder>`
    select case state when 'active' then 'transaction' else 'idle' end as kind, pid::text as id,
      coalesce(nullif(application_name, ''), usename::text, '?') as who,
      extract(epoch from clock_timestamp() - xact_start)::float8 as seconds
    from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend' and xact_start is not null
    union all
    select 'prepared', gid, owner::text, extract(epoch from clock_timestamp() - prepared)::float8
    from pg_prepared_xacts where database = current_database()
    union all
    select 'slot', slot_name::text, coalesce(plugin::text, slot_type), greatest(age(xmin), age(catalog_xmin))::float8
    from pg_replication_slots where greatest(age(xmin), age(catalog_xmin)) > 1000000 and (database is null or database = current_database())
    order by 4 desc limit 20`.execute(db)
  return rows
}

export interface MonthFact {
  name: string
  /** Whether it is a partition of its table. */
  isThere: boolean
}

export interface PartitionFacts {
  months: MonthFact[]
  /** Default partitions with rows in them. */
  filledDefaults: string[]
}

/** This month and the next two of both history tables. */
export const readPartitions = async (db: Database, schema: string): Promise<PartitionFacts> => {
  const { rows } = await sql<MonthFact>`
    with months as (
      select p.name as parent, p.name || '_' || to_char(date_trunc('month', clock_timestamp() at time zone 'UTC')
        + make_interval(months => m), 'YYYY_MM') as name
      from unnest('{attempts,events}'::text[]) p(name), generate_series(0, 2) m)
    select name, exists (
      select 1 from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
        join pg_namespace n on n.oid = p.relnamespace
      where n.nspname = ${schema} and p.relname = months.parent and c.relname = months.name) as "isThere"
    from months order by 1`.execute(db)
  const filled: string[] = []
  for (const name of ['attempts_default', 'events_default']) {
    const found = await sql<{ has: boolean }>`
      select exists (select 1 from ${sql.id(schema, name)}) as has`.execute(db)
    if (found.rows[0]?.has === true) filled.push(name)
  }
  return { months: rows, filledDefaults: filled }
}
