import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../../platform/database.ts'
import { isId } from '../../platform/ids.ts'
import type { Tables } from '../../platform/tables.ts'

/** Events of one page: some 100 ms. */
const PAGE = 20_000

/** Where a walk through the events is: they are in the order of transactions, then of their ids. */
export interface EventPosition {
  xid: string
  id: string
}

export interface Accepted {
  id: string
  projectId: number
  atMs: number
}

export interface AcceptedPage {
  accepted: Accepted[]
  /** Of these, the ids that have a row. */
  present: ReadonlySet<string>
  /** When the first of all events of the page was written; null where there were none. */
  firstMs: number | null
  next: EventPosition | null
}

interface EventRow extends Accepted {
  xid: string
  eventId: string
  isAccepted: boolean
}

const ms = sql`(extract(epoch from at) * 1000)::float8`

export const createAcceptedRepository = (o: {
  tables: Tables
  table: RawBuilder<unknown>
  /** Of the events: `notification`. */
  kind: string
}) => {
  const { events } = o.tables

  return {
    async ends(db: Database): Promise<{ first: bigint; last: bigint }> {
      const { rows } = await sql<{ first: string; last: string }>`
        select coalesce((select xid from ${events} order by xid, id limit 1), '0')::text as first,
          coalesce((select xid from ${events} order by xid desc, id desc limit 1), '0')::text as last`.execute(
        db,
      )
      return { first: BigInt(rows[0]?.first ?? 0), last: BigInt(rows[0]?.last ?? 0) }
    },

    /** When the first event of this transaction, or of the next one that has any, was written. */
    async writtenMs(db: Database, xid: bigint): Promise<number | null> {
      const { rows } = await sql<{ ms: number }>`
        select ${ms} as ms from ${events} where xid >= ${String(xid)}::text::xid8 order by xid, id limit 1`.execute(
        db,
      )
      return rows[0]?.ms ?? null
    },

    async page(tx: Database, after: EventPosition): Promise<AcceptedPage> {
      const { rows } = await sql<EventRow>`
        select subject_id as id, project_id as "projectId", ${ms} as "atMs", xid::text as xid, id as "eventId",
          type = ${`${o.kind}.created`} as "isAccepted"
        from ${events} where (xid, id) > (${after.xid}::text::xid8, ${after.id}::bigint)
        order by xid, id limit ${PAGE}`.execute(tx)
      const accepted = rows.filter((row) => row.isAccepted)
      // An event that somebody has written by hand may name anything: it has no row either.
      const ids = accepted.map(({ id }) => id).filter(isId)
      const found = await sql<{ id: string }>`
        select id from ${o.table} where id = any(${ids}::uuid[])`.execute(tx)
      const last = rows.at(-1)
      return {
        accepted,
        present: new Set(found.rows.map(({ id }) => id)),
        firstMs: rows.length === 0 ? null : rows.reduce((least, { atMs }) => Math.min(least, atMs), Infinity),
        next: last === undefined || rows.length < PAGE ? null : { xid: last.xid, id: last.eventId },
      }
    },
  }
}
