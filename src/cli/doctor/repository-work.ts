import { sql } from 'kysely'
import type { Database } from '../../platform/database.ts'
import { hasTable, TABLE_NAMES, type Tables } from '../../platform/tables.ts'

export interface WorkFacts {
  /** Null where the database has no table of workers. */
  workers: { alive: number; newest: string | null } | null
  /** Connections of processes that deliver. */
  connections: number
  /** Due for more than a minute on a queue that is not paused, counted up to a limit. */
  overdue: number
  paused: string[]
}

export const OVERDUE_LIMIT = 10_000
const GRACE_SECONDS = 60

export const readWork = async (db: Database, t: Tables): Promise<WorkFacts> => {
  const listed = await hasTable(db, t.schema, 'workers')
  const workers = listed
    ? await sql<{ alive: number; newest: string | null }>`
        select (count(*) filter (where seen_at > clock_timestamp() - interval '2 min'))::int as alive,
          max(seen_at)::text as newest from (
            select seen_at from ${t.workers} where 'worker' = any(roles) limit 10000) w`.execute(db)
    : null
  const { rows } = await sql<Omit<WorkFacts, 'workers'>>`
    select
      (select count(*)::int from pg_stat_activity where datname = current_database()
        and application_name in ('yeyak', 'yeyak-worker')) as connections,
      (select count(*)::int from (
        select 1 from ${t.timers} x where x.due_at < clock_timestamp() - make_interval(secs => ${GRACE_SECONDS})
          and not x.lane = any(array(select name from ${t.queues} where paused_at is not null))
        limit ${OVERDUE_LIMIT}) o) as overdue,
      array(select name from ${t.queues} where paused_at is not null order by 1 limit 1000) as paused`.execute(
    db,
  )
  const [row] = rows
  if (row === undefined) throw new Error('the database did not answer')
  return { workers: workers?.rows[0] ?? null, ...row }
}

export interface FeedFact {
  name: string
  /** Since the first event that it has not had, in seconds; 0 where it has had all. */
  behindSeconds: number
}

export const readFeeds = async (db: Database, t: Tables): Promise<FeedFact[]> => {
  const { rows } = await sql<FeedFact>`
    select f.name, greatest(0, coalesce((
      select extract(epoch from clock_timestamp() - e.at) from ${t.events} e
      where (e.xid, e.id) > (f.xid, f.id) order by e.xid, e.id limit 1), 0))::float8 as "behindSeconds"
    from ${t.feeds} f order by 1 limit 100`.execute(db)
  return rows
}

/** Whether anybody could sign in or call with a key of the database. */
export const hasCredentials = async (db: Database, t: Tables): Promise<boolean> => {
  const { rows } = await sql<{ has: boolean }>`
    select exists (select 1 from ${t.apiKeys} where revoked_at is null
        and (expires_at is null or expires_at > clock_timestamp()))
      or exists (select 1 from ${t.users} where disabled_at is null) as has`.execute(db)
  return rows[0]?.has === true
}

/** Of the zone data by which everything pending was last resolved; null where nobody has yet. */
export const readZoneVersion = async (db: Database, schema: string): Promise<string | null> => {
  if (!(await hasTable(db, schema, TABLE_NAMES.zoneData))) return null
  const { rows } = await sql<{ version: string }>`
    select version from ${sql.id(schema, TABLE_NAMES.zoneData)} limit 1`.execute(db)
  return rows[0]?.version ?? null
}
