import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'

/** Whom it is about: an e-mail address, whatever its case, or the exact text of any other recipient. */
export interface Person {
  /** As it is looked for. */
  address: string
  isEmail: boolean
}

/** What there is of a person, table by table. */
export interface Found {
  notifications: number
  /** Of those, what still waits, and will not be sent. */
  waiting: number
  /** Of those, what is being sent at this moment. */
  sending: number
  attempts: number
  events: number
}

export const NOTHING: Found = { notifications: 0, waiting: 0, sending: 0, attempts: 0, events: 0 }

/** Rows read in one statement, some 50 ms. */
const SCAN = 5_000
/** Texts of a jsonb value, however deep. */
const TEXTS = sql.lit('strict $.** ? (@.type() == "string")')

/** `Name <address>` and the address alone are the same person. */
export const personOf = (given: string): Person => {
  const text = given.trim()
  const bare = text.replace(/^.*<(.*)>$/u, '$1')
  const isEmail = /^[^\s/]+@[^\s/]+$/u.test(bare)
  return { address: isEmail ? bare.toLowerCase() : text, isEmail }
}

/** Whether a text `x` names the person. */
const names = ({ address, isEmail }: Person): RawBuilder<unknown> =>
  isEmail
    ? sql`(lower(btrim(x)) = ${address} or position(${`<${address}>`} in lower(x)) > 0)`
    : sql`x = ${address}`

const isTo = (person: Person): RawBuilder<unknown> => sql`exists (
  select 1 from jsonb_array_elements_text(jsonb_path_query_array(
    jsonb_build_array(recipient, content -> 'cc', content -> 'bcc', content -> 'replyTo'), ${TEXTS})) t(x) where ${names(person)})`

/**
 * Those of the next notifications that go to the person, alone or among others, by id. `last`: the last one that was looked
 * at; null where there are no more.
 */
export const scanNotifications = async (
  db: Database,
  t: Tables,
  person: Person,
  after: string | null,
): Promise<{ ids: string[]; last: string | null }> => {
  const { rows } = await sql<{ ids: string[]; last: string | null }>`
    with range as materialized (
      select id, recipient, content from ${t.notifications}
      where ${after === null ? sql`true` : sql`id > ${after}::uuid`} order by id limit ${SCAN})
    select array(select id::text from range where ${isTo(person)} order by id) as ids,
      (select id::text from range order by id desc limit 1) as last`.execute(db)
  return rows[0] ?? { ids: [], last: null }
}

export const countOf = async (db: Database, t: Tables, ids: readonly string[]): Promise<Found> => {
  const { rows } = await sql<Found>`
    select count(*)::int as notifications,
      count(*) filter (where state in ('scheduled', 'retrying'))::int as waiting,
      count(*) filter (where state = 'sending')::int as sending,
      (select count(*)::int from ${t.attempts} where subject_id = any(${ids}::uuid[])) as attempts,
      (select count(*)::int from ${t.events} where subject_id = any(${ids}::text[])) as events
    from ${t.notifications} where id = any(${ids}::uuid[])`.execute(db)
  return rows[0] ?? NOTHING
}

/** Those that are still being sent. */
export const stillSending = async (db: Database, t: Tables, ids: readonly string[]): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    select id::text as id from ${t.notifications}
    where id = any(${ids}::uuid[]) and state = 'sending' order by id limit ${ids.length + 1}`.execute(db)
  return rows.map(({ id }) => id)
}

/** Who signs in with the address: an account is ended by its own command. */
export const hasAccount = async (db: Database, t: Tables, { address }: Person): Promise<boolean> => {
  const { rows } =
    await sql`select 1 from ${t.users} where lower(email) = ${address.toLowerCase()} limit 1`.execute(db)
  return rows.length > 0
}

/** The endpoints that something was ever delivered to, those that are gone among them. */
export const endpointsOf = async (db: Database, t: Tables): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    with recursive found(id) as (
      (select webhook_id from ${t.webhookDeliveries} order by webhook_id limit 1)
      union all
      select (select d.webhook_id from ${t.webhookDeliveries} d where d.webhook_id > found.id order by d.webhook_id limit 1)
      from found where found.id is not null)
    select id::text as id from found where id is not null limit 100000`.execute(db)
  return rows.map(({ id }) => id)
}
