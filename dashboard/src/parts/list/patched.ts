import type { InfiniteData } from '@tanstack/react-query'

export interface Listed {
  id: string
}

export interface ListedPage<Row> {
  items: Row[]
  nextCursor: string | null
}

type Pages<Row> = InfiniteData<ListedPage<Row>, string | null>

/** Rows that have changed, in their places; pages without one stay the same objects. */
export const patched = <Row extends Listed>(
  data: Pages<Row>,
  changes: ReadonlyMap<string, Partial<Row>>,
): Pages<Row> => {
  if (changes.size === 0) return data
  return {
    ...data,
    pages: data.pages.map((page) =>
      page.items.some(({ id }) => changes.has(id))
        ? { ...page, items: page.items.map((row) => ({ ...row, ...changes.get(row.id) })) }
        : page,
    ),
  }
}

interface Reading<Row extends Listed> {
  isOutdated?(row: Row, now: number): boolean
  readPage(o: { cursor: string | null; limit: number; signal: AbortSignal }): Promise<ListedPage<Row>>
  readOne(id: string): Promise<Row>
}

const TIMEOUT_MS = 20_000

/**
 * As they are now, the rows of pages on which the clock has outdated one. Nothing is added and nothing taken away: what is new is
 * offered by events, and what the filter finds no longer is read by itself.
 */
export const readAgain = async <Row extends Listed>(
  { isOutdated, readPage, readOne }: Reading<Row>,
  { pages, pageParams }: Pages<Row>,
  { limit, mostPages, mostRows }: { limit: number; mostPages: number; mostRows: number },
): Promise<Map<string, Row>> => {
  const now = Date.now()
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const old = pages
    .map(({ items }, i) => ({
      cursor: pageParams[i] ?? null,
      ids: items.filter((row) => isOutdated?.(row, now)).map(({ id }) => id),
    }))
    .filter(({ ids }) => ids.length > 0)
    .slice(0, mostPages)
  const read = await Promise.all(old.map(({ cursor }) => readPage({ cursor, limit, signal })))
  const found = new Map(read.flatMap(({ items }) => items.map((row) => [row.id, row])))
  const gone = old.flatMap(({ ids }) => ids).filter((id) => !found.has(id))
  await Promise.all(
    gone.slice(0, mostRows).map(async (id) => {
      const row = await readOne(id).catch(() => null)
      if (row !== null) found.set(id, row)
    }),
  )
  return found
}
