import { sql } from 'kysely'
import { type ConnectionConfig, createDatabase, type Database } from '../../platform/database.ts'

/** None of these takes a second on a sound database. */
const QUERY_TIMEOUT_MS = 8_000

export const openPatient = (connection: ConnectionConfig): Database =>
  createDatabase({
    connection: () => connection,
    applicationName: 'yeyak-doctor',
    maxConnections: 2,
    queryTimeoutMs: QUERY_TIMEOUT_MS,
    onConnectionLost: () => {},
  })

export interface ServerFacts {
  version: string
  major: number
  isStandby: boolean
  /** Settings as a session of this role begins with them. Null where this version has no such one. */
  settings: Readonly<Record<string, string | null>>
  maxConnections: number
  reservedConnections: number
  connections: number
  /** Processes of Yeyak, as far as their connections tell. */
  ours: number
}

const SETTINGS = [
  ...['fsync', 'full_page_writes', 'synchronous_commit', 'jit', 'default_transaction_isolation'],
  ...['default_transaction_read_only', 'lock_timeout', 'idle_session_timeout', 'transaction_timeout'],
] as const

export const readServer = async (db: Database): Promise<ServerFacts> => {
  const { rows } = await sql<ServerFacts>`
    select current_setting('server_version') as version, (current_setting('server_version_num')::int / 10000) as major,
      pg_is_in_recovery() as "isStandby",
      (select jsonb_object_agg(name, (select setting || coalesce(unit, '') from pg_settings s where s.name = w.name))
        from unnest(${[...SETTINGS]}::text[]) w(name)) as settings,
      current_setting('max_connections')::int as "maxConnections",
      current_setting('superuser_reserved_connections')::int
        + coalesce(current_setting('reserved_connections', true), '0')::int as "reservedConnections",
      (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as connections,
      (select count(*)::int from pg_stat_activity where datname = current_database()
        and application_name in ('yeyak', 'yeyak-api', 'yeyak-worker')) as ours`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('the database did not answer')
  return row
}

export interface ClockSample {
  databaseMs: number
  sentMs: number
  receivedMs: number
}

/** The database's clock between two readings of this machine's. */
export const readClock = async (db: Database): Promise<ClockSample> => {
  const sentMs = Date.now()
  const { rows } = await sql<{ ms: number }>`
    select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('the database gave no time')
  return { databaseMs: row.ms, sentMs, receivedMs: Date.now() }
}

/** What the clocks of a zone show at an instant, by the database's zone data; null where it knows no such zone. */
export const readWallClock = async (db: Database, zone: string, instant: string): Promise<string | null> => {
  const { rows } = await sql<{ local: string }>`
    select to_char(${instant}::timestamptz at time zone name, 'YYYY-MM-DD HH24:MI') as local
    from pg_timezone_names where name = ${zone}`.execute(db)
  return rows[0]?.local ?? null
}

export interface Relation {
  name: string
  bytes: number
  indexBytes: number
}

/** The largest tables of both schemas, partitions summed up. */
export const readSizes = async (db: Database, schemas: readonly string[]): Promise<Relation[]> => {
  const { rows } = await sql<Relation>`
    select n.nspname || '.' || coalesce(p.relname, c.relname) as name, sum(pg_table_size(c.oid))::float8 as bytes,
      sum(pg_indexes_size(c.oid))::float8 as "indexBytes"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
      left join pg_inherits i on i.inhrelid = c.oid left join pg_class p on p.oid = i.inhparent
    where n.nspname = any(${schemas}::text[]) and c.relkind = 'r'
    group by 1 order by sum(pg_total_relation_size(c.oid)) desc limit 5`.execute(db)
  return rows
}
