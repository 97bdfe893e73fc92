import { type RawBuilder, sql } from 'kysely'
import { scanOnce, type Scanned } from '../platform/bounded-scan.ts'
import type { Database } from '../platform/database.ts'
import { keyset, keysetByTime, orderOf } from '../platform/keyset.ts'
import { KIND } from './repository-insert.ts'
import { byFilters, COLUMNS, type Filters, type ListSources, NO_FILTERS } from './repository-list.ts'

/** Rows or events that one statement looks at: some 20 ms. */
const SCAN_ROWS = 4_000

export interface ScanQuery {
  projectId: number
  filters: Filters
  sort: { field: 'dueAt' | 'createdAt'; descending: boolean }
  after: { key: string; id: string } | null
  /** How many are wanted. */
  limit: number
}

/** A place in the walk by the last change: in the events, or among the rows that no event is left of. */
export interface WalkPosition {
  /** Only events of transactions before this are heeded, so that what changes during a walk keeps its place in it. */
  bound: string
  phase: 'events' | 'rest'
  /** Of the event; of a row its creation, and its id. Null at the beginning of a phase. */
  at: { key: string; id: string } | null
}

export interface WalkQuery {
  projectId: number
  filters: Filters
  descending: boolean
  limit: number
}

const all = (conditions: readonly RawBuilder<unknown>[]) =>
  conditions.length === 0 ? sql`true` : sql.join([...conditions], sql` and `)

/**
 * Walks that look at a bounded number of rows and say how far they came. They serve what no index can: an index on what
 * changes in a normal life would end HOT, and a walk to the end took 0.6 to 2.6 s at 1,000,000 rows.
 */
export const createWalks = (sources: ListSources) => {
  const { tables: t } = sources

  return {
    /** In the order of a column that has an index: the filters are held against each row on the way. */
    scan(db: Database, { projectId, filters, sort, after, limit }: ScanQuery): Promise<Scanned> {
      const own =
        sort.field === 'dueAt' ? (['dueFrom', 'dueTo'] as const) : (['createdFrom', 'createdTo'] as const)
      const range = byFilters(sources, {
        ...NO_FILTERS,
        [own[0]]: filters[own[0]],
        [own[1]]: filters[own[1]],
      })
      return scanOnce(db, {
        ...{ from: sql`${t.notifications} n`, id: sql`n.id`, key: COLUMNS[sort.field], most: SCAN_ROWS },
        leading: [sql`n.project_id = ${projectId}`, ...range],
        fits: byFilters(sources, { ...filters, [own[0]]: undefined, [own[1]]: undefined }),
        page: { descending: sort.descending, after, limit },
      })
    },

    /** Up to which transaction all events are visible. */
    async bound(db: Database): Promise<string> {
      const { rows } = await sql<{ bound: string }>`
        select pg_snapshot_xmin(pg_current_snapshot())::text as bound`.execute(db)
      return rows[0]?.bound ?? '0'
    },

    /**
     * By the last event of each, which tells of its last change. An event counts only where no later one of the same
     * notification is there, so that each is found once.
     */
    async events(
      db: Database,
      o: WalkQuery,
      { bound, at }: WalkPosition,
    ): Promise<{ found: Found[]; end: Found | null }> {
      const place = at === null ? null : [sql`${at.key}::xid8`, sql`${at.id}::bigint`]
      const { beyond, order } = keyset([sql`e.xid`, sql`e.id`], o.descending, place)
      const slice = sql`${t.events} e where e.xid < ${bound}::xid8 ${beyond('and')} order by ${order}`
      const { rows } = await sql<Found>`
        select w.xid::text as key, w.event::text as at, w.subject_id as id from (
          select e.xid, e.id as event, e.subject_id, e.project_id, e.kind from ${slice} limit ${SCAN_ROWS}) w
        where w.project_id = ${o.projectId} and w.kind = ${KIND}
          and (select true from ${t.events} l where l.subject_id = w.subject_id and l.kind = ${KIND}
            and l.xid < ${bound}::xid8 and (l.xid, l.id) > (w.xid, w.event) limit 1) is null
          and (select ${all(byFilters(sources, o.filters))} from ${t.notifications} n
            where n.id = w.subject_id::uuid and n.project_id = ${o.projectId})
        order by ${orderOf([sql`w.xid`, sql`w.event`], o.descending)} limit ${o.limit}`.execute(db)
      if (rows.length === o.limit) return { found: rows, end: null }
      const { rows: ends } = await sql<Found>`
        select e.xid::text as key, e.id::text as at, '' as id from ${slice} offset ${SCAN_ROWS - 1} limit 1`.execute(
        db,
      )
      return { found: rows, end: ends[0] ?? null }
    },

    /** Those that have no events any more, as these are kept for a while only: long scheduled, and not changed since. */
    async rest(
      db: Database,
      o: WalkQuery,
      { bound, at }: WalkPosition,
    ): Promise<{ found: Found[]; end: Found | null }> {
      const { descending } = o
      const { beyond, order } = keysetByTime(sql`r.created_at`, sql`r.id`, { descending, after: at })
      const oldest = sql`coalesce((select at from ${t.events} order by xid, id limit 1), 'infinity')`
      const slice = sql`${t.notifications} r
        where r.project_id = ${o.projectId} and r.created_at < ${oldest} ${beyond('and')} order by ${order}`
      const columns = sql`r.created_at as key, r.id`
      const toFound = ({ key, id }: { key: Date; id: string }): Found => ({
        key: key.toISOString(),
        at: id,
        id,
      })
      const { rows } = await sql<{ key: Date; id: string }>`
        select ${columns} from (select r.id, r.created_at from ${slice} limit ${SCAN_ROWS}) r
        where (select true from ${t.events} l where l.subject_id = r.id::text and l.xid < ${bound}::xid8 limit 1) is null
          and (select ${all(byFilters(sources, o.filters))} from ${t.notifications} n where n.id = r.id)
        order by ${order} limit ${o.limit}`.execute(db)
      const found = rows.map(toFound)
      if (rows.length === o.limit) return { found, end: null }
      const { rows: ends } = await sql<{ key: Date; id: string }>`
        select ${columns} from ${slice} offset ${SCAN_ROWS - 1} limit 1`.execute(db)
      return { found, end: ends.map(toFound)[0] ?? null }
    },

    /** How many notifications a project has, about; from the totals. */
    async size(db: Database, projectId: number): Promise<number> {
      const { rows } = await sql<{ n: number }>`
        select coalesce(sum(n), 0)::float8 as n from ${t.totals} where project_id = ${projectId} and kind = ${KIND}`.execute(
        db,
      )
      return rows[0]?.n ?? 0
    },
  }
}

/** Where something was found: of an event its transaction and number, of a row its creation and id; and the notification. */
export interface Found {
  key: string
  at: string
  id: string
}
