import { sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'

/** History tables, each cut into months by the column that its rows are dated by. */
export const PARTITIONED = ['attempts', 'events'] as const
export type Partitioned = (typeof PARTITIONED)[number]

/** A month of one table: rows from the first day, up to the first day of the next month. */
export interface Month {
  table: Partitioned
  /** `attempts_2026_11`. */
  name: string
  from: Date
  to: Date
}

export const existingPartitions = async (db: Database, t: Tables): Promise<string[]> => {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_inherits i
    join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
    join pg_namespace n on n.oid = p.relnamespace
    where n.nspname = ${t.schema} and p.relname = any(${[...PARTITIONED]}) order by 1 limit 10000`.execute(db)
  return rows.map((row) => row.name)
}

/**
 * Attached instead of created in place: that would lock out every writer of the table. A writer that holds the default
 * partition for long makes this give up, and the next pass tries again; rows then go to the default partition.
 */
export const createPartition = (db: Database, t: Tables, month: Month): Promise<void> =>
  db.transaction().execute(async (tx) => {
    const parent = sql.id(t.schema, month.table)
    const child = sql.id(t.schema, month.name)
    await sql`set local lock_timeout = '2s'`.execute(tx)
    await sql`create table if not exists ${child} (like ${parent} including all)`.execute(tx)
    await sql`alter table ${parent} attach partition ${child}
      for values from (${sql.lit(month.from.toISOString())}) to (${sql.lit(month.to.toISOString())})`.execute(
      tx,
    )
  })

/** How far events were dropped is noted: whoever wants to go on before that is told that some are gone. */
export const dropPartition = (db: Database, t: Tables, name: string): Promise<void> =>
  db.transaction().execute(async (tx) => {
    await sql`set local lock_timeout = '2s'`.execute(tx)
    if (name.startsWith('events_')) {
      await sql`
        insert into ${t.feeds} (name, xid, id)
        (select 'dropped', xid, id from ${sql.id(t.schema, name)} order by xid desc, id desc limit 1)
        on conflict (name) do update set xid = excluded.xid, id = excluded.id
          where (feeds.xid, feeds.id) < (excluded.xid, excluded.id)`.execute(tx)
    }
    await sql`drop table if exists ${sql.id(t.schema, name)}`.execute(tx)
  })

/**
 * Deletes what was final before `before`, oldest due first, at most `limit`; returns how many. The totals follow in the same
 * statement, under the lock of the one that adds to them: two writers of several of their rows could dead-lock.
 */
export const deleteFinal = async (
  db: Database,
  t: Tables,
  kind: 'notification' | 'run',
  before: Date,
  limit: number,
): Promise<number> => {
  const table = kind === 'run' ? t.runs : t.notifications
  const { rows } = await sql<{ n: number }>`
    with feed as materialized (select 1 from ${t.feeds} where name = 'rollups' for update),
    deleted as (
      delete from ${table} where id = any(array(
        select n.id from ${t.projects} p cross join lateral (
          select id from ${table}
          where project_id = p.id and due_at < ${before} and finished_at < ${before}
          order by due_at limit ${limit} for update skip locked) n
        limit ${limit}))
      returning project_id, state),
    totaled as (
      update ${t.totals} o set n = o.n - d.n
      from (select project_id, state, count(*) as n from deleted where exists (select 1 from feed) group by 1, 2) d
      where o.project_id = d.project_id and o.kind = ${kind} and o.state = d.state::text)
    select count(*)::int as n from deleted`.execute(db)
  return rows[0]?.n ?? 0
}
