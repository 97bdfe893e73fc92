import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Batch } from '../../api/live.ts'
import type { StreamEvent } from '../../api/stream-parser.ts'
import { useLive } from '../../app/live.tsx'
import { type Listed, type ListedPage, patched, readAgain } from './patched.ts'

export interface LiveRowsOptions<Row extends Listed> {
  /** Of the query, with all that is looked for; the same object for as long as that is the same. */
  queryKey: readonly unknown[]
  /** Of events: such as `notification`, whose first one is `notification.created`. */
  kind: string
  readPage(o: { cursor: string | null; limit: number; signal: AbortSignal }): Promise<ListedPage<Row>>
  readOne(id: string): Promise<Row>
  /** What an event says of its row by itself. */
  changeOf(event: StreamEvent): Partial<Row> | null
  /** It says all that there is to be known of it: the row need not be read. */
  isWhole?(event: StreamEvent): boolean
  /** By the clock it can be other than it was when it was read, without an event that says so. */
  isOutdated?(row: Row, now: number): boolean
}

const PAGE = 100
/** So many rows are kept: whoever wants to see more is better served by a filter, or by going on from the last one. */
const MOST_ROWS = 50_000
/** Pages without a row, after which one is asked before it is looked further. */
const MOST_EMPTY = 25
/** Few of them are read one by one; of many only what the event says is taken. */
const MOST_READ = 12
const CLOCK_MS = 2_000
/** Pages that are read again by the clock at a time. */
const MOST_AGAIN = 2
const LOOK = { limit: PAGE, mostPages: MOST_AGAIN, mostRows: MOST_READ }

/** The rows that a filter finds, page by page, and kept as they are while things happen to them. */
export const useLiveRows = <Row extends Listed>(o: LiveRowsOptions<Row>) => {
  type Pages = InfiniteData<ListedPage<Row>, string | null>
  const client = useQueryClient()
  const { queryKey: key } = o
  const [newer, setNewer] = useState(0)
  const query = useInfiniteQuery({
    queryKey: key,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => o.readPage({ cursor: pageParam, limit: PAGE, signal }),
    getNextPageParam: ({ nextCursor }) => nextCursor,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  })
  const { data, fetchNextPage, hasNextPage, isFetching } = query
  const rows = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data])
  const known = useMemo(() => new Set(rows.map(({ id }) => id)), [rows])

  const emptyAtEnd = useMemo(() => {
    const pages = data?.pages ?? []
    const lastFull = pages.findLastIndex(({ items }) => items.length > 0)
    return pages.length - 1 - lastFull
  }, [data])
  const isFull = rows.length >= MOST_ROWS
  const looksFurther = hasNextPage && !isFull && emptyAtEnd < MOST_EMPTY

  const next = useCallback(() => {
    if (looksFurther && !isFetching) void fetchNextPage()
  }, [looksFurther, isFetching, fetchNextPage])

  const reload = useCallback(() => {
    setNewer(0)
    void client.resetQueries({ queryKey: key, exact: true })
  }, [client, key])

  const change = (changes: ReadonlyMap<string, Partial<Row>>): void => {
    client.setQueryData<Pages>(key, (before) => before && patched(before, changes))
  }
  const reading = useRef(new Set<string>())
  const read = async (id: string): Promise<void> => {
    if (reading.current.has(id)) return
    reading.current.add(id)
    try {
      change(new Map([[id, await o.readOne(id)]]))
    } catch {
      // It stays as it was: the next event, or the next look, tells.
    } finally {
      reading.current.delete(id)
    }
  }
  useLive(({ events, everything }: Batch) => {
    if (everything) {
      // A few pages are read anew; many are not, without being asked.
      if ((data?.pages.length ?? 0) <= 3) void query.refetch()
      else setNewer((count) => count + 1)
      return
    }
    const touched = events.filter(({ subject }) => subject.kind === o.kind)
    const made = touched.filter(({ type }) => type === `${o.kind}.created`).length
    if (made > 0) setNewer((count) => count + made)
    const mine = touched.filter(({ subject: { id } }) => known.has(id))
    if (mine.length === 0) return
    const toRead = new Set(
      mine.filter((event) => o.isWhole?.(event) !== true).map(({ subject }) => subject.id),
    )
    if (toRead.size <= MOST_READ) for (const id of toRead) void read(id)
    const changes = new Map<string, Partial<Row>>()
    for (const event of mine) {
      const { id } = event.subject
      changes.set(id, { ...changes.get(id), ...o.changeOf(event) } as Partial<Row>)
    }
    change(changes)
  })

  const latest = useRef(o)
  useEffect(() => {
    latest.current = o
  })
  const hasClock = o.isOutdated !== undefined
  useEffect(() => {
    if (!hasClock) return
    let isReading = false
    const look = async (): Promise<void> => {
      const before = client.getQueryData<Pages>(key)
      if (isReading || before === undefined || document.visibilityState === 'hidden') return
      isReading = true
      try {
        const changes = await readAgain(latest.current, before, LOOK)
        client.setQueryData<Pages>(key, (now) => now && patched(now, changes))
      } catch {
        // It stays as it was: the next look tells.
      } finally {
        isReading = false
      }
    }
    const timer = setInterval(() => void look(), CLOCK_MS)
    return () => clearInterval(timer)
  }, [hasClock, client, key])

  return {
    ...{ query, rows, newer, isFull, next, reload },
    /** Much was looked through, and little found: it goes on when it is told to. */
    isPausing: hasNextPage && !isFull && !looksFurther,
    goOn: () => void fetchNextPage(),
  }
}

export type LiveRows<Row extends Listed> = ReturnType<typeof useLiveRows<Row>>
