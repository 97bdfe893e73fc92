import { sql } from 'kysely'
import { difference, editedRows } from '../delivery/index.ts'
import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import { instantText } from '../platform/sql-instant.ts'
import type { Tables } from '../platform/tables.ts'
import { plantTimers } from '../timers/index.ts'
import type { Decision } from './repository-change.ts'
import { KIND, type NewNotification } from './repository-insert.ts'
import { type Edit, EDITED_COLUMNS, editedColumns, soonMsOf, WAITING } from './repository-sets.ts'
import { shown } from './repository-shown.ts'

/** What stands in the place of what waits. */
export interface Rewrite
  extends
    Edit,
    Pick<NewNotification, 'channel' | 'lane' | 'recipient' | 'sendAt' | 'expiresAt' | 'expiresGiven'> {
  /** Of what is retrying only the next attempt moves: its `due_at` stays. */
  nextAt: Date
}

/** What one of them becomes, if it is still of this version. */
export interface Rewriting {
  id: string
  generation: number
  to: Rewrite
}

export interface Rewritten extends Decision {
  id: string
}

const rewrittenColumns = ({ nextAt, ...to }: Rewrite) => ({
  ...editedColumns(to),
  ...{ channel: to.channel, lane: to.lane, recipient: to.recipient },
  ...{ send_at: to.sendAt, next_at: nextAt, expires_at: to.expiresAt, expires_given: to.expiresGiven },
})

const REWRITTEN_COLUMNS: readonly (keyof ReturnType<typeof rewrittenColumns>)[] = [
  ...EDITED_COLUMNS,
  ...(['channel', 'lane', 'recipient', 'send_at', 'next_at', 'expires_at', 'expires_given'] as const),
]

/**
 * Rewrites what still waits, one or many, each decided under its own lock: taken in the order of the ids, so that two
 * of them on the same rows cannot dead-lock. Of what is not there, nothing is answered.
 */
export const createRewrite = (t: Tables, secretFields: readonly string[]) => {
  const edited = editedRows(t.notifications, REWRITTEN_COLUMNS)
  const planted = plantTimers(
    t,
    sql`select id as subject_id, lane, next_at as due_at, generation, priority from changed`,
  )
  /** Of the row to be, by the id of the target `n`. */
  const given = (column: string) => sql`(select ${sql.ref(column)} from e where e.id = n.id)`

  const rewriteAll = async (
    db: Database,
    { projectId, actor }: By,
    rewritings: readonly Rewriting[],
  ): Promise<Rewritten[]> => {
    const rows = rewritings.map(({ id, generation, to }) => ({ id, generation, ...rewrittenColumns(to) }))
    const { rows: decisions } = await sql<Rewritten>`
      with ${edited.given(rows)},
      l as materialized (
        select n.* from ${t.notifications} n
        where n.id = any(${rows.map(({ id }) => id)}::uuid[]) and n.project_id = ${projectId}
        order by n.id for no key update),
      mine as materialized (
        select n.* from l n where n.state in ${WAITING} and n.generation = ${given('generation')}),
      changed as (
        update ${t.notifications} n set
          ${edited.set}, due_at = case n.state when 'scheduled' then ${given('next_at')} else n.due_at end,
          generation = n.generation + 1, updated_at = clock_timestamp()
        where n.id = any(array(select id from mine)) returning n.*),
      planted as (${planted}),
      told as (
        insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
        select c.project_id, ${KIND}, c.id::text, ${`${KIND}.updated`}, ${JSON.stringify(actor)}::jsonb,
          jsonb_build_object('nextAttemptAt', ${instantText(sql`c.next_at`)})
            || ${difference(shown('m'), shown('c'), secretFields)}
        from mine m join changed c on c.id = m.id)
      select l.id, l.state, l.reason, l.generation, c.id is not null as changed, ${soonMsOf(sql`c.next_at`)} as "soonMs"
      from l left join changed c on c.id = l.id`.execute(db)
    return decisions
  }

  return {
    rewriteAll,

    rewrite: async (db: Database, by: By, rewriting: Rewriting): Promise<Decision | null> =>
      (await rewriteAll(db, by, [rewriting]))[0] ?? null,
  }
}
