import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { LOOK_BACK_HOURS, plantTimers } from '../timers/index.ts'
import type { Action } from './repository-publications.ts'

export interface WaitingPublication {
  id: string
  type: string
  resourceId: string
  locale: string
  action: Action
  generation: number
  given: unknown
  dueAt: Date
}

export interface WaitingRelease {
  id: string
  title: string
  generation: number
  given: unknown
  dueAt: Date
}

type Position = { dueAt: Date; id: string } | null

/** The statements that move what is pending to where its wall clock is now. */
export const createRederiveRepository = (t: Tables) => {
  const pageOf = (after: Position, limit: number): RawBuilder<unknown> => sql`
    and due_at > clock_timestamp() - make_interval(hours => ${LOOK_BACK_HOURS}) and next_at = due_at
    ${after === null ? sql`` : sql`and (due_at, id) > (${after.dueAt}::timestamptz, ${after.id}::uuid)`}
    order by due_at, id limit ${limit}`

  return {
    /** What was tried already has begun: its next try is a length of time away, and stays. */
    async publications(db: Database, after: Position, limit: number): Promise<WaitingPublication[]> {
      const { rows } = await sql<WaitingPublication>`
        select id, type, resource_id as "resourceId", locale, action, generation, given, due_at as "dueAt"
        from ${t.publications}
        where finished_at is null and release_id is null and given ? 'timeZone' ${pageOf(after, limit)}`.execute(
        db,
      )
      return rows
    },

    async releases(db: Database, after: Position, limit: number): Promise<WaitingRelease[]> {
      const { rows } = await sql<WaitingRelease>`
        select id, title, generation, publish_at as given, due_at as "dueAt" from ${t.releases}
        where state = 'scheduled' and publish_at ? 'timeZone' ${pageOf(after, limit)}`.execute(db)
      return rows
    },

    /** Of publications that the caller has locked, and their items. */
    async move(tx: Database, rows: readonly { id: string; dueAt: Date }[]): Promise<void> {
      const ids = rows.map(({ id }) => id)
      await sql`
        with moved as (
          update ${t.publications} p set due_at = r."dueAt", next_at = r."dueAt", generation = p.generation + 1,
            updated_at = clock_timestamp()
          from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) r(id uuid, "dueAt" timestamptz(3))
          where p.id = any(${ids}::uuid[]) and p.id = r.id returning p.*)
        ${plantTimers(
          t,
          sql`select id as subject_id, lane, next_at as due_at, generation, priority from moved where release_id is null`,
        )}`.execute(tx)
    },
  }
}
