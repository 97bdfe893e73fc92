import { type RawBuilder, sql } from 'kysely'
import { difference, type State } from '../delivery/index.ts'
import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import { instantText } from '../platform/sql-instant.ts'
import type { Tables } from '../platform/tables.ts'
import { plantTimers, removeTimers } from '../timers/index.ts'
import { KIND } from './repository-insert.ts'
import {
  canceling,
  isResolvable,
  isRevivable,
  type Resolution,
  resolving,
  retrying,
  soonMsOf,
  type Times,
  WAITING,
} from './repository-sets.ts'
import { shown } from './repository-shown.ts'

/** What a change was decided from: the row under its lock. `changed` is false where its state or version forbade it. */
export interface Decision {
  state: State
  reason: string | null
  generation: number
  changed: boolean
  soonMs: number | null
}

/** Each is one statement on the row: lock it, decide from what stands in it, write, and answer from it. */
export const createChanges = (t: Tables, secretFields: readonly string[]) => {
  /** Told of the row as it was. */
  const eventsOf = ({ actor }: By, type: RawBuilder<unknown>, data: RawBuilder<unknown>) => sql`
    insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
    select project_id, ${KIND}, id::text, ${type}, ${JSON.stringify(actor)}::jsonb, ${data} from l
    where exists (select 1 from changed)`
  /** Told of the row as it was and as it is. */
  const updated = ({ actor }: By) => sql`
    insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
    select c.project_id, ${KIND}, c.id::text, ${`${KIND}.updated`}, ${JSON.stringify(actor)}::jsonb,
      jsonb_build_object('nextAttemptAt', ${instantText(sql`c.next_at`)}) || ${difference(shown('l'), shown('c'), secretFields)}
    from l, changed c`
  const planted = plantTimers(
    t,
    sql`select id as subject_id, lane, next_at as due_at, generation, priority from changed`,
  )
  const soonMs = sql`(select ${soonMsOf(sql`next_at`)} from changed)`
  const decided = sql`select l.state, l.reason, l.generation, exists (select 1 from changed) as changed, ${soonMs} as "soonMs" from l`
  /**
   * The row under its lock: every change is decided from it, and answered from it. What the CHECK constraints read is
   * written from it too: they are checked on the row of the snapshot, before PostgreSQL sees that it was changed since.
   */
  const locked = ({ projectId }: By, id: string) => sql`l as materialized (
    select * from ${t.notifications} where id = ${id}::uuid and project_id = ${projectId} for no key update)`

  /** Where the locked row is as `where` says, and of the version that the caller has read, if he said one. */
  const changed = (set: RawBuilder<unknown>, where: RawBuilder<unknown>, generation: number | null) => sql`
    changed as (
      update ${t.notifications} n set ${set}, generation = n.generation + 1, updated_at = clock_timestamp()
      from l where n.id = l.id and ${where} and l.generation = coalesce(${generation}::int, l.generation) returning n.*)`

  const decide = async (db: Database, statement: RawBuilder<unknown>): Promise<Decision | null> => {
    const { rows } = await sql<Decision>`${statement}`.execute(db)
    return rows[0] ?? null
  }

  return {
    /** Waiting: it is canceled. Sending: no further attempt begins. Final: nothing. */
    cancel: (db: Database, by: By, id: string, generation: number | null) => {
      const change = canceling('l', 'request', sql`clock_timestamp()`)
      return decide(
        db,
        sql`with ${locked(by, id)},
        ${changed(change.set, sql`l.state in ('scheduled', 'retrying', 'sending')`, generation)},
        removed as (${removeTimers(t, sql`array(select id from changed where state = 'canceled')`)}),
        told as (${eventsOf(by, change.type, change.data)})
        ${decided}`,
      )
    },

    /** Due at once, as if no time had been given. What is due already is left as it is. */
    sendNow: (db: Database, by: By, id: string, generation: number | null) =>
      decide(
        db,
        sql`with ${locked(by, id)},
        ${changed(
          sql`due_at = case l.state when 'scheduled' then clock_timestamp() else n.due_at end, next_at = clock_timestamp(),
            send_at = null`,
          sql`l.state in ${WAITING} and l.next_at > clock_timestamp()`,
          generation,
        )},
        planted as (${planted}),
        told as (${updated(by)})
        ${decided}`,
      ),

    /** From failed, canceled or expired: waits again, with a fresh budget of tries. */
    retry: (db: Database, by: By, id: string, generation: number | null, to: Times & { dueAt: Date }) => {
      const change = retrying({ ...to, dueAt: sql`${to.dueAt}::timestamptz` })
      return decide(
        db,
        sql`with ${locked(by, id)},
        ${changed(change.set, isRevivable, generation)},
        planted as (${planted}),
        told as (${eventsOf(by, change.type, change.data)})
        ${decided}`,
      )
    },

    /** An operator's word on what is waiting, or has failed with its outcome unknown. */
    resolve: (db: Database, by: By, id: string, generation: number | null, to: Resolution) => {
      const change = resolving(to, sql`clock_timestamp()`)
      return decide(
        db,
        sql`with ${locked(by, id)},
        ${changed(change.set, isResolvable, generation)},
        removed as (${removeTimers(t, sql`array(select id from changed)`)}),
        told as (${eventsOf(by, change.type, change.data)})
        ${decided}`,
      )
    },
  }
}
