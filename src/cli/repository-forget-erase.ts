import { createHmac, randomBytes } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Person } from './repository-forget.ts'

type Counts = Readonly<Record<string, number>>

/** Who is named in the proof: not to be read from it, but to be checked by whoever has the address. */
export interface Proof {
  subject: string
  salt: string
}

export const ACTOR: Actor = { kind: 'operator', id: 'forget' }
/** What is kept of an event: no text that anybody wrote. */
const KEPT = ['reason', 'number', 'outcome', 'state', 'retried', 'cancelRequested', 'nextAttemptAt', 'undone']

export const createProof = ({ address }: Person): Proof => {
  const salt = randomBytes(16).toString('hex')
  return { subject: createHmac('sha256', salt).update(address).digest('hex'), salt }
}

/** `also`: what deliveries bear beside it. */
export const withoutTexts = (data: RawBuilder<unknown>, also: readonly string[] = []) => sql`(
  select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(${data}) where key = any(${[...KEPT, ...also]}::text[]))`

/** In the transaction that removes what it counts: whatever happens, the one is not there without the other. */
const prove = async (
  tx: Database,
  t: Tables,
  proof: Proof,
  projectId: number,
  removed: Counts,
): Promise<void> => {
  await sql`
    insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
    values (${projectId}, 'person', ${proof.subject}, 'person.forgotten', ${JSON.stringify(ACTOR)}::jsonb,
      ${JSON.stringify({ salt: proof.salt, removed })}::jsonb)`.execute(tx)
}

/** How many rows a statement has written. */
export const affected = async (tx: Database, statement: RawBuilder<unknown>): Promise<number> =>
  Number((await statement.execute(tx)).numAffectedRows ?? 0)

export interface EraseOptions {
  db: Database
  tables: Tables
  proof: Proof
  /** Endpoints whose deliveries are looked through. */
  endpoints: readonly string[]
}

/** The waiting ones end. What is being sent is not touched yet, but begins no further attempt. */
const endAndEmpty = (t: Tables, ids: readonly string[]) => sql<{
  id: string
  canceled: boolean
  emptied: boolean
}>`
  with was as materialized (
    select id, state in ('scheduled', 'retrying') as waits, state = 'sending' as sends from ${t.notifications}
    where id = any(${ids}::uuid[])),
  emptied as (
    update ${t.notifications} n set
      state = case when n.state in ('scheduled', 'retrying') then 'canceled' else n.state end,
      finished_at = case when n.state in ('scheduled', 'retrying') then clock_timestamp() else n.finished_at end,
      trouble = case when n.state in ('scheduled', 'retrying') then null else n.trouble end,
      cancel_requested = n.cancel_requested or n.finished_at is null,
      reason = case when n.state in ('sending', 'delivered') then n.reason else 'forgotten' end,
      recipient = case when n.state = 'sending' then n.recipient end,
      content = case when n.state = 'sending' then n.content else '{}' end,
      content_bytes = case when n.state = 'sending' then n.content_bytes else 0 end,
      tags = case when n.state = 'sending' then n.tags else '{}' end,
      metadata = case when n.state = 'sending' then n.metadata else '{}' end,
      dedupe_key = null, pending_key = null, group_key = null, idempotency_key = null, request_hash = null,
      generation = n.generation + 1, updated_at = clock_timestamp()
    where n.id = any(${ids}::uuid[]) returning n.id, n.project_id, n.state),
  removed as (
    delete from ${t.timers} where ctid = any(array(
      select x.ctid from ${t.timers} x where x.subject_id = any(array(select id from was where waits)) for update skip locked))),
  told as (
    insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
    select project_id, 'notification', id::text, 'notification.canceled', ${JSON.stringify(ACTOR)}::jsonb,
      '{"reason":"forgotten"}'::jsonb from emptied where id = any(array(select id from was where waits)))
  select id::text as id, waits as canceled, not sends as emptied from was order by id`

/**
 * Removes what is kept about these notifications, of one project, in one transaction. Returns the ids of those that are just
 * being sent: they are done when that is over.
 */
export const eraseNotifications = (
  { db, tables: t, proof, endpoints }: EraseOptions,
  projectId: number,
  ids: readonly string[],
): Promise<string[]> =>
  db.transaction().execute(async (tx) => {
    // A statement of its own: the next one sees the rows as they are under the lock.
    await sql`select 1 from ${t.notifications} where id = any(${ids}::uuid[]) order by id for no key update`.execute(
      tx,
    )
    const { rows } = await endAndEmpty(t, ids).execute(tx)
    const done = rows.filter(({ emptied }) => emptied).map(({ id }) => id)
    const ofThese = sql`subject_id = any(${done}::text[])`
    const removed = {
      notifications: done.length,
      canceled: rows.filter(({ canceled }) => canceled).length,
      attempts: await affected(
        tx,
        sql`update ${t.attempts} set provider_id = null, answer = null,
            error = case when error is not null then jsonb_build_object('code', error -> 'code', 'message', 'forgotten') end
          where subject_id = any(${done}::uuid[])`,
      ),
      deliveries: await affected(
        tx,
        sql`update ${t.webhookDeliveries} set event = jsonb_set(event, '{data}', ${withoutTexts(sql`event -> 'data'`, ['id', 'subject', 'actor'])})
          where webhook_id = any(${endpoints}::uuid[]) and event_id = any(array(
              select xid::text::numeric * 1000000000 + id from ${t.events} where ${ofThese}))
            and jsonb_typeof(event -> 'data') = 'object'`,
      ),
      events: await affected(
        tx,
        sql`update ${t.events} set data = ${withoutTexts(sql`data`)} where ${ofThese} and data is not null`,
      ),
      operationItems: await affected(
        tx,
        sql`delete from ${t.operationItems} where subject_id = any(${done}::uuid[])
          and operation_id = any(array(select id from ${t.operations} where coalesce(undo_until, 'infinity') > now()))`,
      ),
    }
    if (done.length > 0) await prove(tx, t, proof, projectId, removed)
    return rows.filter(({ emptied }) => !emptied).map(({ id }) => id)
  })

/** The projects that these belong to. */
export const byProject = async (
  db: Database,
  t: Tables,
  ids: readonly string[],
): Promise<Map<number, string[]>> => {
  const { rows } = await sql<{ projectId: number; id: string }>`
    select project_id as "projectId", id::text as id from ${t.notifications}
    where id = any(${ids}::uuid[]) order by id limit ${ids.length + 1}`.execute(db)
  return new Map(
    [...Map.groupBy(rows, (row) => row.projectId)].map(([projectId, group]) => [
      projectId,
      group.map(({ id }) => id),
    ]),
  )
}
