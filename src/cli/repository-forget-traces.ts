import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Person } from './repository-forget.ts'
import { affected, withoutTexts } from './repository-forget-erase.ts'

/** Where else an address may stand: in what was asked for, and in what other programs put into the queue. */
const EVENTS = 20_000
const ROWS = 500

export const mentions = ({ address, isEmail }: Person, text: RawBuilder<unknown>) =>
  isEmail
    ? sql`position(${address} in lower(${text})) > 0`
    : sql`position(${JSON.stringify(address)} in ${text}) > 0`

/** How many rows a query finds, and, unless nothing is to be changed, `write` then writes. */
export const eraseFound = async (
  db: Database,
  isDryRun: boolean,
  found: RawBuilder<unknown>,
  write: RawBuilder<unknown>,
): Promise<number> => (isDryRun ? (await found.execute(db)).rows.length : affected(db, write))

export interface EventPlace {
  xid: string
  id: string
}

export interface ErasedEvents {
  found: number
  /** Null where there are no more. */
  last: EventPlace | null
}

/**
 * Empties those of the next events, notifications' own left out, that mention the person, and what webhooks bear of them:
 * filters of bulk changes, accounts, why runs have failed.
 */
export const eraseFromEvents = async (
  db: Database,
  t: Tables,
  person: Person,
  o: { after: EventPlace; endpoints: readonly string[]; isDryRun: boolean },
): Promise<ErasedEvents> => {
  const isHit = sql`kind not in ('notification', 'person') and data is not null and ${mentions(person, sql`data::text`)}`
  const { rows } = await sql<{ found: number; xid: string | null; id: string | null }>`
    with range as materialized (
      select xid, id, at, (${isHit}) as hit from ${t.events}
      where (xid, id) > (${o.after.xid}::xid8, ${o.after.id}::bigint) order by xid, id limit ${EVENTS}),
    hits as materialized (select xid, id, at from range where hit),
    emptied as (
      update ${t.events} e set data = '{"forgotten":true}' from hits h
      where ${!o.isDryRun} and e.xid = h.xid and e.id = h.id and e.at = h.at returning 1),
    delivered as (
      update ${t.webhookDeliveries} set event = jsonb_set(event, '{data}', ${withoutTexts(sql`event -> 'data'`, ['id', 'subject', 'actor'])})
      where ${!o.isDryRun} and webhook_id = any(${o.endpoints}::uuid[])
        and event_id = any(array(select xid::text::numeric * 1000000000 + id from hits))
        and jsonb_typeof(event -> 'data') = 'object' returning 1),
    last as (select xid::text as xid, id::text as id from range order by range.xid desc, range.id desc limit 1)
    select (select count(*)::int from hits) as found, (select xid from last) as xid, (select id from last) as id,
      (select count(*) from emptied)`.execute(db)
  const [row] = rows
  if (row === undefined || row.xid === null || row.id === null) return { found: 0, last: null }
  return { found: row.found, last: { xid: row.xid, id: row.id } }
}

/** Bulk changes that have ended and were asked for by the address; what a caller has searched for. */
export const eraseFromOperations = async (
  db: Database,
  t: Tables,
  person: Person,
  isDryRun: boolean,
): Promise<number> => {
  const isHit = sql`finished_at is not null and (${mentions(person, sql`filter::text`)} or ${mentions(person, sql`options::text`)})`
  const found = sql`select id from ${t.operations} where ${isHit} order by created_at limit ${ROWS}`
  return eraseFound(
    db,
    isDryRun,
    found,
    sql`update ${t.operations} set filter = '{}', options = options - 'note' - 'groupKey' where id = any(array(${found}))`,
  )
}

/** Groups that were named after the address. */
export const eraseFromGroups = async (
  db: Database,
  t: Tables,
  { address, isEmail }: Person,
  isDryRun: boolean,
): Promise<number> => {
  const key = isEmail ? sql`lower(group_key)` : sql`group_key`
  const found = sql`select ctid from ${t.canceledGroups} where ${key} = ${address} limit ${ROWS}`
  return eraseFound(
    db,
    isDryRun,
    found,
    sql`delete from ${t.canceledGroups} where ctid = any(array(${found}))`,
  )
}

/** Jobs of the queue that are done, as other programs left them. Those that wait are still to be taken up. */
export const eraseFromQueue = async (
  db: Database,
  queueSchema: string,
  person: Person,
  isDryRun: boolean,
): Promise<number> => {
  const job = sql.id(queueSchema, 'job')
  const found = sql`select id from ${job} where state > 'active' and ${mentions(person, sql`data::text`)} limit ${ROWS}`
  return eraseFound(
    db,
    isDryRun,
    found,
    sql`update ${job} set data = null, output = null where state > 'active' and id = any(array(${found}))`,
  )
}
