import { type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'
import { inOrder } from './in-order.ts'
import { type KeysetPage, keysetByTime, orderOf } from './keyset.ts'

export interface BoundedScan {
  /** The table with its alias, as `from` takes it. */
  from: RawBuilder<unknown>
  /** The column of its ids. */
  id: RawBuilder<unknown>
  /** The instant that an index has in its order. */
  key: RawBuilder<unknown>
  /** What that index is entered by. */
  leading: readonly RawBuilder<unknown>[]
  /** What is held against each row on the way. */
  fits: readonly RawBuilder<unknown>[]
  page: KeysetPage
  /** Rows that one statement looks at. */
  most: number
}

export interface Scanned {
  /** Those that fit, in order. */
  ids: string[]
  /** The last row that was looked at; null where nothing is left behind it. */
  end: { key: string; id: string } | null
}

const all = (conditions: readonly RawBuilder<unknown>[]) =>
  conditions.length === 0 ? sql`true` : sql.join([...conditions], sql` and `)

/**
 * A page of what no index finds, in the order of a column that has one. It looks at a bounded number of rows and says how far
 * it came, as a filter that few rows fit would walk all history. One statement.
 */
export const scanOnce = async (db: Database, o: BoundedScan): Promise<Scanned> => {
  const { descending, limit } = o.page
  const { beyond, order } = keysetByTime(o.key, o.id, o.page)
  const found = [sql`key`, sql`id`]
  const { rows } = await sql<{ ids: string[]; count: number; key: Date | null; id: string | null }>`
    with scanned as materialized (
      select ${o.id} as id, ${o.key} as key, coalesce(${all(o.fits)}, false) as fits from ${o.from}
      where ${all(o.leading)} ${beyond('and')}
      order by ${order} limit ${o.most}),
    last as (select key, id from scanned order by ${orderOf(found, !descending)} limit 1)
    select array(
        select id::text from scanned where fits order by ${orderOf(found, descending)} limit ${limit}) as ids,
      (select count(*)::int from scanned) as count, (select key from last) as key, (select id from last) as id`.execute(
    db,
  )
  const [row] = rows
  const { ids = [], count = 0, key = null, id = null } = row ?? {}
  const hasMore = count === o.most && key !== null && id !== null
  return { ids, end: hasMore ? { key: key.toISOString(), id } : null }
}

/** Most filters are fitted by many rows: looking at 20,000 for a page of 50 took 30 ms. */
const LOOKED_AT_FIRST = 1_000

/** The same in two statements, the first a small one, as that mostly does. */
const scanBounded = async (db: Database, o: BoundedScan): Promise<Scanned> => {
  const { page } = o
  // All that it looks at fits.
  if (o.fits.length === 0) return scanOnce(db, { ...o, most: page.limit })
  const first = await scanOnce(db, { ...o, most: Math.min(LOOKED_AT_FIRST, o.most) })
  const left = o.most - LOOKED_AT_FIRST
  if (first.end === null || first.ids.length === page.limit || left <= 0) return first
  const limit = page.limit - first.ids.length
  const { ids, end } = await scanOnce(db, { ...o, most: left, page: { ...page, after: first.end, limit } })
  return { ids: [...first.ids, ...ids], end }
}

/** The rows of such a page, read by their ids. One that was removed meanwhile is left out, and ends no list early. */
export const readScanned = async <Row extends { id: string }>(
  db: Database,
  o: BoundedScan,
  /** Those that there are, in any order. */
  read: (ids: readonly string[]) => Promise<Row[]>,
  keyOf: (row: Row) => Date,
): Promise<{ rows: Row[]; end: Scanned['end'] }> => {
  const { ids, end } = await scanBounded(db, o)
  const rows = ids.length === 0 ? [] : inOrder(ids, await read(ids))
  const last = rows.at(-1)
  if (end !== null || last === undefined || rows.length === ids.length) return { rows, end }
  return { rows, end: { key: keyOf(last).toISOString(), id: last.id } }
}
