import { difference } from '../delivery/index.ts'
import { sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import { instantText } from '../platform/sql-instant.ts'
import type { Tables } from '../platform/tables.ts'
import {
  LOOK_BACK_HOURS,
  type Move,
  NOTIFY_HORIZON_SECONDS,
  plantTimers,
  type Rederiver,
  ZONE_RULES,
} from '../timers/index.ts'
import { shown } from './repository-shown.ts'
import { KIND } from './repository-insert.ts'
import { WAITING } from './repository-sets.ts'
import { TITLE } from './repository-title.ts'

type Page = Awaited<ReturnType<Rederiver['read']>>
type Position = Parameters<Rederiver['read']>[0]

/** The statements that move pending notifications to where their wall clocks are now. */
export const createRederiveRepository = (t: Tables, secretFields: readonly string[]) => ({
  /** What is retrying has begun: only its expiry moves. */
  async read(db: Database, after: Position, limit: number): Promise<Page> {
    const { rows } = await sql<Page[number]>`
      select d.id, ${TITLE} as title, d.generation, case d.state when 'scheduled' then d.send_at end as given,
        d.due_at as "dueAt", d.expires_given as "expiresGiven", d.expires_at as "expiresAt"
      from ${t.notifications} d
      where (d.send_at ? 'timeZone' or d.expires_given ? 'timeZone')
        and d.due_at > clock_timestamp() - make_interval(hours => ${LOOK_BACK_HOURS}) and d.state in ${WAITING}
        ${after === null ? sql`` : sql`and (d.due_at, d.id) > (${after.dueAt}::timestamptz, ${after.id}::uuid)`}
      order by d.due_at, d.id limit ${limit}`.execute(db)
    return rows
  },

  /** Locks those that are there, in the order of their ids. `skip`: but for what somebody else holds. */
  async lock(
    tx: Database,
    ids: readonly string[],
    skip: boolean,
  ): Promise<{ id: string; generation: number; isWaiting: boolean }[]> {
    const { rows } = await sql<{ id: string; generation: number; isWaiting: boolean }>`
      select id, generation, state in ${WAITING} as "isWaiting" from ${t.notifications}
      where id = any(${ids}::uuid[]) order by id for no key update ${skip ? sql`skip locked` : sql``}`.execute(
      tx,
    )
    return rows
  },

  /** Of the locked ones; returns the earliest that is due soon. A statement of its own, as it sees what was locked. */
  async move(tx: Database, moves: readonly Move[]): Promise<number | null> {
    const { rows } = await sql<{ wakeMs: number | null }>`
      with v as materialized (
        select * from jsonb_to_recordset(${JSON.stringify(moves)}::jsonb)
          as v(id uuid, "dueAt" timestamptz(3), "expiresAt" timestamptz(3))),
      l as materialized (select * from ${t.notifications} where id = any(${moves.map(({ id }) => id)}::uuid[])),
      changed as (
        update ${t.notifications} n set
          due_at = case n.state when 'scheduled' then v."dueAt" else n.due_at end,
          next_at = case when n.state = 'scheduled' and n.next_at = n.due_at then v."dueAt" else n.next_at end,
          expires_at = v."expiresAt", generation = n.generation + 1, updated_at = clock_timestamp()
        from v where n.id = v.id and n.id = any(${moves.map(({ id }) => id)}::uuid[]) returning n.*),
      planted as (${plantTimers(
        t,
        sql`select id as subject_id, lane, next_at as due_at, generation, priority from changed`,
      )}),
      told as (
        insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
        select c.project_id, ${KIND}, c.id::text, ${`${KIND}.updated`}, null,
          jsonb_build_object('reason', ${ZONE_RULES}::text, 'nextAttemptAt', ${instantText(sql`c.next_at`)}) || ${difference(shown('l'), shown('c'), secretFields)}
        from changed c join l on l.id = c.id)
      select (extract(epoch from min(next_at)) * 1000)::float8 as "wakeMs" from changed
      where next_at < clock_timestamp() + make_interval(secs => ${NOTIFY_HORIZON_SECONDS})`.execute(tx)
    return rows[0]?.wakeMs ?? null
  },
})
