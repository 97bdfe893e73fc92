import { sql } from 'kysely'
import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import { type KeysetPage, keysetByTime } from '../platform/keyset.ts'
import type { Tables } from '../platform/tables.ts'

/** What opens `calendar.ics`; the token itself is not kept. */
export interface CalendarToken {
  id: string
  name: string
  createdAt: Date
  expiresAt: Date | null
}

interface Opened {
  projectId: number
  project: string
  /** Of whoever made it: it shows nothing that he could not see. */
  scopes: string[]
  hash: Buffer
}

/** Names its events. */
const KIND = 'calendar'

export const createCalendarRepository = (t: Tables) => {
  const columns = sql`id, name, created_at as "createdAt", expires_at as "expiresAt"`
  const told = ({ actor }: By, type: string) => sql`
    insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
    select project_id, ${KIND}, id::text, ${`${KIND}.${type}`}, ${JSON.stringify(actor)}::jsonb,
      jsonb_build_object('name', name, 'expiresAt', expires_at) from changed`

  return {
    async create(
      tx: Database,
      by: By,
      o: { id: string; name: string; hash: Buffer; scopes: readonly string[]; expiresAt: Date | null },
    ): Promise<CalendarToken | null> {
      const { rows } = await sql<CalendarToken>`
        with changed as (
          insert into ${t.calendarTokens} (id, project_id, name, hash, scopes, created_by, expires_at)
          values (${o.id}::uuid, ${by.projectId}, ${o.name}, ${o.hash}, ${o.scopes}::text[], ${JSON.stringify(by.actor)}::jsonb, ${o.expiresAt})
          returning *),
        told as (${told(by, 'token_created')})
        select ${columns} from changed`.execute(tx)
      return rows[0] ?? null
    },

    async find(db: Database, projectId: number, id: string): Promise<CalendarToken | null> {
      const { rows } = await sql<CalendarToken>`
        select ${columns} from ${t.calendarTokens} where id = ${id}::uuid and project_id = ${projectId}`.execute(
        db,
      )
      return rows[0] ?? null
    },

    async list(db: Database, projectId: number, page: KeysetPage): Promise<CalendarToken[]> {
      const { beyond, order } = keysetByTime(sql`created_at`, sql`id`, page)
      const { rows } = await sql<CalendarToken>`
        select ${columns} from ${t.calendarTokens} where project_id = ${projectId}
        ${beyond('and')}
        order by ${order} limit ${page.limit}`.execute(db)
      return rows
    },

    /** False where there is none. */
    async remove(db: Database, by: By, id: string): Promise<boolean> {
      const { rows } = await sql<{ found: boolean }>`
        with changed as (
          delete from ${t.calendarTokens} where id = ${id}::uuid and project_id = ${by.projectId} returning *),
        told as (${told(by, 'token_deleted')})
        select exists (select 1 from changed) as found`.execute(db)
      return rows[0]?.found === true
    },

    /** What a token opens, with the hash to be compared; null where it is not known or no longer good. */
    async open(db: Database, hash: Buffer): Promise<Opened | null> {
      const { rows } = await sql<Opened>`
        select c.project_id as "projectId", p.name as project, c.scopes, c.hash
        from ${t.calendarTokens} c join ${t.projects} p on p.id = c.project_id
        where c.hash = ${hash} and p.deleted_at is null and (c.expires_at is null or c.expires_at > clock_timestamp())
        limit 1`.execute(db)
      return rows[0] ?? null
    },
  }
}
