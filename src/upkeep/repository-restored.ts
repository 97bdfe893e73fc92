import { sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'

/** Rows in one statement. */
const BATCH = 10_000
/** No transaction of a program has so small a number: those below are ours to give. */
const FIRST_XID = '200'

/**
 * Whether there are events of transactions that this server has not come to yet, or readers that have: a dump of another one
 * was restored, perhaps without any event. Readers would wait for those transactions, for ever in practice.
 */
export const isRestored = async (db: Database, t: Tables): Promise<boolean> => {
  const { rows } = await sql<{ restored: boolean }>`
    select coalesce((select xid from ${t.events} order by xid desc, id desc limit 1)
      >= pg_snapshot_xmax(pg_current_snapshot()), false)
      or exists (select 1 from ${t.feeds} where xid >= pg_snapshot_xmax(pg_current_snapshot())) as restored`.execute(
    db,
  )
  return rows[0]?.restored === true
}

/**
 * Gives the next of the restored events numbers of old transactions, in their order: between two positions of readers all
 * bear one, so that each reader goes on exactly where it was. Returns whether there were more. The positions themselves are
 * moved along with the last of them: interrupted before that, the next run comes to the same numbers.
 */
export const renumberRestored = (db: Database, t: Tables): Promise<boolean> =>
  db.transaction().execute(async (tx) => {
    const { numAffectedRows } = await sql`
      with places as materialized (
        select xid, id, row_number() over (order by xid, id) as number from (
          select distinct xid, id from ${t.feeds} where xid >= ${FIRST_XID}::xid8 order by xid, id limit 100) f),
      batch as materialized (
        select e.xid, e.id, e.at,
          (select coalesce(max(p.number), 0) from places p where (p.xid, p.id) < (e.xid, e.id)) as number
        from ${t.events} e where e.xid >= ${FIRST_XID}::xid8 order by e.xid, e.id limit ${BATCH})
      update ${t.events} e set xid = b.number::text::xid8 from batch b
      where e.xid = b.xid and e.id = b.id and e.at = b.at`.execute(tx)
    if (Number(numAffectedRows ?? 0) === BATCH) return true
    await sql`
      update ${t.feeds} f set id = 0, xid = (
        select count(distinct (g.xid, g.id)) from ${t.feeds} g
        where g.xid >= ${FIRST_XID}::xid8 and (g.xid, g.id) <= (f.xid, f.id))::text::xid8
      where f.xid >= ${FIRST_XID}::xid8`.execute(tx)
    // Endpoints hear of whatever their reader has still to come to.
    await sql`update ${t.webhooks} set since = '1:1:'`.execute(tx)
    return false
  })
