import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Person } from './repository-forget.ts'
import { ACTOR, affected } from './repository-forget-erase.ts'

/** Where else an address may stand: in what was asked for, and in what other programs put into the queue. */
const EVENTS = 20_000
const ROWS = 500

export const mentions = ({ address, isEmail }: Person, text: RawBuilder<unknown>) =>
  isEmail
    ? sql`position(${address} in lower(${text})) > 0`
    : sql`position(${JSON.stringify(address)} in ${text}) > 0`

/** How many rows a query finds, and, unless nothing is to be changed, `write` then writes. */
const eraseFound = async (
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

/** Empties those of the next events, notifications' own left out, that mention the person: filters of bulk changes, accounts. */
export const eraseFromEvents = async (
  db: Database,
  t: Tables,
  person: Person,
  o: { after: EventPlace; isDryRun: boolean },
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

/**
 * Runs of tasks whose data, result or keys mention the address: those that wait are canceled. What runs at this moment is left:
 * it ends, and is found by the next call.
 */
export const eraseFromRuns = async (
  db: Database,
  t: Tables,
  person: Person,
  isDryRun: boolean,
): Promise<number> => {
  const texts = sql`concat_ws(' ', data::text, result::text, metadata::text, tags::text, dedupe_key, group_key, concurrency_key)`
  const found = sql`select id from ${t.runs} where state <> 'sending' and ${mentions(person, texts)} limit ${ROWS}`
  const waits = sql`state in ('scheduled', 'retrying')`
  return eraseFound(
    db,
    isDryRun,
    found,
    sql`with was as materialized (
        select id, project_id, ${waits} as waits from ${t.runs} where id = any(array(${found})) order by id for no key update),
      removed as (
        delete from ${t.timers} where ctid = any(array(
          select x.ctid from ${t.timers} x where x.subject_id = any(array(select id from was where waits)) for update skip locked))),
      left_line as (delete from ${t.runWaits} where run_id = any(array(select id from was))),
      emptied as (
        update ${t.attempts} set error = jsonb_build_object('code', error -> 'code', 'message', 'forgotten')
        where subject_id = any(array(select id from was)) and error is not null),
      told as (
        insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
        select project_id, 'run', id::text, 'run.canceled', ${JSON.stringify(ACTOR)}::jsonb, '{"reason":"forgotten"}'::jsonb
        from was where waits)
      update ${t.runs} set
        state = case when ${waits} then 'canceled' else state end,
        finished_at = case when ${waits} then clock_timestamp() else finished_at end,
        trouble = case when ${waits} then null else trouble end, cancel_requested = cancel_requested or finished_at is null,
        reason = case state when 'delivered' then reason else 'forgotten' end, data = '{}', result = null, metadata = '{}',
        tags = '{}', dedupe_key = null, pending_key = null, group_key = null, concurrency_key = null, idempotency_key = null,
        request_hash = null, generation = generation + 1, updated_at = clock_timestamp()
      where id = any(array(select id from was)) and state <> 'sending'`,
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
