import { type RawBuilder, sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import { keyset, orderOf } from '../platform/keyset.ts'
import type { Tables } from '../platform/tables.ts'
import { BEGINNING, partsOf, type Position, positionOf, startOf } from './position.ts'

/** An event as it is kept. */
export interface StoredEvent {
  position: Position
  at: Date
  projectId: number
  kind: string
  subjectId: string
  type: string
  /** Null: the system itself. */
  actor: Actor | null
  data: Record<string, unknown> | null
}

/** What a reader wants. Kinds are always given: those that he may see. */
export interface Filter {
  projectId: number
  kinds: readonly string[]
  /** Of those kinds only these types, and all of these kinds. */
  only: { kinds: readonly string[]; types: readonly string[] } | undefined
  subjectId: string | undefined
}

/** A part of the feed. */
export interface Slice {
  events: StoredEvent[]
  /** All up to here was looked at: where the next one begins. */
  position: Position
  /** There was no more when it was read. */
  isEnd: boolean
}

/** How far back the feed reaches, and how far it has come. */
export interface Bounds {
  /** All up to here can be read; what commits later stands behind it. */
  now: Position
  /** No event can have a position beyond this yet. */
  latest: Position
  /** The last one that retention has removed. */
  dropped: Position
}

/** Looked at for one page. Where the filters match little, a page has fewer items and goes on from there. */
export const SCAN_LIMIT = 10_000
/** The row of `feeds` in which retention notes what it has removed. */
export const DROPPED = 'dropped'

interface Row extends Omit<StoredEvent, 'position'> {
  cutoff: string
  /** Null where nothing was found. */
  xid: string | null
  id: string
  /** False for the last one that was looked at, which tells where the next page begins. */
  wanted: boolean
}

const toEvents = (rows: readonly Row[]): (StoredEvent & { wanted: boolean })[] =>
  rows.flatMap(({ cutoff: _cutoff, xid, id, ...row }) =>
    xid === null ? [] : [{ ...row, position: positionOf({ xid, id }) }],
  )

const laterOf = (a: Position, b: Position): Position => (a > b ? a : b)

/**
 * Transactions below this have ended, in the eyes of the statement that asks: whoever has read up to it has missed
 * nothing. One that is open for long, in any database of the server, holds it back.
 */
export const CUTOFF = sql`pg_snapshot_xmin(pg_current_snapshot())`

/** Whether an event is of the kinds and types that a filter asks for. */
export const isAmong = ({ kinds, only }: Pick<Filter, 'kinds' | 'only'>): RawBuilder<unknown> =>
  only === undefined
    ? sql`kind = any(${kinds}::text[])`
    : sql`kind = any(${kinds}::text[]) and (kind = any(${only.kinds}::text[]) or type = any(${only.types}::text[]))`

/** A position as the columns `xid` and `id` have it. */
export const placeOf = (position: Position): RawBuilder<unknown>[] => {
  const { xid, id } = partsOf(position)
  return [sql`${xid}::xid8`, sql`${id}::bigint`]
}

export const createEventRepository = (t: Tables) => {
  const inFeed = (after: Position | null, descending: boolean) =>
    keyset([sql`xid`, sql`id`], descending, after === null ? null : placeOf(after))

  return {
    /** Of all projects, what comes after; for those that read everything in turn. Small enough for a plan that is kept. */
    async tail(db: Database, after: Position, limit: number): Promise<Slice> {
      const { rows } = await sql<Row>`
        select c.cutoff, e.* from (select ${CUTOFF}::text as cutoff) c left join lateral (
          select xid::text as xid, id::text as id, at, project_id as "projectId", kind, subject_id as "subjectId", type, actor,
            data, true as wanted
          from ${t.events} where xid < ${CUTOFF} ${inFeed(after, false).beyond('and')}
          order by events.xid, events.id limit ${limit}) e on true`.execute(db)
      const events = toEvents(rows)
      events.sort((a, b) => (a.position < b.position ? -1 : 1))
      const last = events.at(-1)
      if (last !== undefined && events.length === limit)
        return { events, position: last.position, isEnd: false }
      return { events, position: laterOf(after, startOf(rows[0]?.cutoff ?? '0')), isEnd: true }
    },

    /**
     * Up to `limit` that match, after `after` in the order of the feed, or before it where `descending`. Rows are looked at
     * one by one until there are enough: gathered first, a page of 200 of 1 kB took 80 ms.
     */
    async page(
      db: Database,
      filter: Filter,
      o: { after: Position | null; until?: Position; descending: boolean; limit: number },
    ): Promise<Slice> {
      const { beyond, order } = inFeed(o.after, o.descending)
      const bounds = sql`xid < ${CUTOFF} ${beyond('and')} ${inFeed(o.until ?? null, false).beyond('and')}
        ${filter.subjectId === undefined ? sql`` : sql`and subject_id = ${filter.subjectId}`}`
      const { rows } = await sql<Row>`
        select c.cutoff, e.xid::text as xid, e.id::text as id, e.at, e.project_id as "projectId", e.kind,
          e.subject_id as "subjectId", e.type, e.actor, e.data, e.wanted
        from (select ${CUTOFF}::text as cutoff) c left join lateral (
          select * from (
            select scanned.*, (project_id = ${filter.projectId} and ${isAmong(filter)}) as wanted, row_number() over () as number from (
              select * from ${t.events} where ${bounds} order by ${order} limit ${SCAN_LIMIT}) scanned) s
          where wanted or number = ${SCAN_LIMIT} limit ${o.limit}) e on true
        order by ${orderOf([sql`e.xid`, sql`e.id`], o.descending)}`.execute(db)
      const found = toEvents(rows)
      const events = found.filter(({ wanted }) => wanted)
      const last = found.at(-1)
      if (last !== undefined && (events.length === o.limit || !last.wanted))
        return { events, position: last.position, isEnd: false }
      return { events, position: laterOf(o.after ?? BEGINNING, startOf(rows[0]?.cutoff ?? '0')), isEnd: true }
    },

    async bounds(db: Database): Promise<Bounds> {
      const { rows } = await sql<{ now: string; latest: string; xid: string | null; id: string | null }>`
        select pg_snapshot_xmin(s)::text as now, pg_snapshot_xmax(s)::text as latest, f.xid::text as xid, f.id::text as id
        from pg_current_snapshot() s left join ${t.feeds} f on f.name = ${DROPPED}`.execute(db)
      const [row] = rows
      if (row === undefined) throw new Error('the database gave no snapshot')
      const dropped =
        row.xid === null || row.id === null ? BEGINNING : positionOf({ xid: row.xid, id: row.id })
      return { now: startOf(row.now), latest: startOf(row.latest), dropped }
    },
  }
}

export type EventRepository = ReturnType<typeof createEventRepository>
