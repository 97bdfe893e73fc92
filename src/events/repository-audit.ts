import { sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import { keyset } from '../platform/keyset.ts'
import type { Tables } from '../platform/tables.ts'
import { type Position, positionOf } from './position.ts'
import { type Filter, isAmong, placeOf, SCAN_LIMIT, type StoredEvent } from './repository.ts'

export interface AuditFilter extends Filter {
  actorKind: string | undefined
  actorId: string | undefined
  from: Date | undefined
  to: Date | undefined
}

/** The place of an event in the order of time; its position breaks ties. */
export interface Place {
  at: Date
  position: Position
}

export interface AuditPage {
  events: StoredEvent[]
  /** Where the next page goes on, though this one has fewer than `limit`; null where there is nothing more. */
  cut: Place | null
}

interface Row extends Omit<StoredEvent, 'position'> {
  xid: string
  id: string
  actor: Actor
  /** False for the last one that was looked at, which tells where the next page begins. */
  wanted: boolean
}

/** What somebody did. By its subject everything is found, else by an index that leaves out creates. */
export const createAuditRepository = (t: Tables) => {
  const ofSubject = (subjectId: string | undefined) =>
    subjectId === undefined ? sql`type <> 'notification.created'` : sql`subject_id = ${subjectId}`

  const wanted = ({ actorKind, actorId, ...filter }: AuditFilter) =>
    sql.join(
      [
        isAmong(filter),
        ...(actorKind === undefined ? [] : [sql`actor ->> 'kind' = ${actorKind}`]),
        ...(actorId === undefined ? [] : [sql`actor ->> 'id' = ${actorId}`]),
      ],
      sql` and `,
    )

  return {
    async page(
      db: Database,
      filter: AuditFilter,
      o: { after: Place | null; descending: boolean; limit: number },
    ): Promise<AuditPage> {
      const { after } = o
      const { beyond, order } = keyset(
        [sql`at`, sql`xid`, sql`id`],
        o.descending,
        after === null ? null : [sql`${after.at}::timestamptz`, ...placeOf(after.position)],
      )
      const bounds = sql`project_id = ${filter.projectId} and actor is not null and ${ofSubject(filter.subjectId)}
        ${filter.from === undefined ? sql`` : sql`and at >= ${filter.from}`}
        ${filter.to === undefined ? sql`` : sql`and at < ${filter.to}`} ${beyond('and')}`
      const { rows } = await sql<Row>`
        select xid::text as xid, id::text as id, at, project_id as "projectId", kind, subject_id as "subjectId", type, actor,
          data, wanted
        from (
          select scanned.*, (${wanted(filter)}) as wanted, row_number() over () as number from (
            select * from ${t.events} where ${bounds} order by ${order} limit ${SCAN_LIMIT}) scanned) s
        where wanted or number = ${SCAN_LIMIT} order by number limit ${o.limit}`.execute(db)
      const found = rows.map(({ xid, id, ...row }) => ({ ...row, position: positionOf({ xid, id }) }))
      const last = found.at(-1)
      return { events: found.filter((row) => row.wanted), cut: last?.wanted === false ? last : null }
    },
  }
}

export type AuditRepository = ReturnType<typeof createAuditRepository>
