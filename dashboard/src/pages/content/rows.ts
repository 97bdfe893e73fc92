import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo, useRef, useState } from 'react'
import { api } from '../../api/client.ts'
import type { Batch } from '../../api/live.ts'
import { useLive } from '../../app/live.tsx'
import { type Filter, queryOf } from './filter.ts'
import { callOf, type Identity, type Item, type ItemStatus, subjectOf, titleOf } from './queries.ts'

const PAGE = 100
export const MOST_ROWS = 30_000
const MOST_READ = 12
const TITLE = 200

export interface Row extends Identity {
  status: ItemStatus
  title: string
  draftRevision: number
  liveRevision: number | null
  draftAhead: boolean
  next: { action: 'publish' | 'unpublish' | 'archive'; dueAt: string; releaseId: string | null } | null
  publishedAt: string | null
  updatedAt: string
}

/** Of an item only what the table shows: its data may be 256 kB. */
const slim = (item: Item): Row => {
  const { type, id, locale, status, draftRevision, liveRevision, publishedAt, updatedAt, schedule } = item
  return {
    ...{ type, id, locale, status, draftRevision, liveRevision, publishedAt, updatedAt },
    title: titleOf(item.data, id).slice(0, TITLE),
    draftAhead: schedule?.draftAhead ?? (liveRevision !== null && liveRevision < draftRevision),
    next: schedule?.publications[0] ?? null,
  }
}

interface SlimPage {
  items: Row[]
  nextCursor: string | null
}
type Pages = InfiniteData<SlimPage, string | null>

/** The items that a filter finds, page by page, and kept as they are while things happen to them. */
export const useRows = (filter: Filter) => {
  const client = useQueryClient()
  const key = useMemo(() => ['content', 'list', filter], [filter])
  const [newer, setNewer] = useState(0)
  const query = useInfiniteQuery({
    queryKey: key,
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }): Promise<SlimPage> => {
      const { items, nextCursor } = await api.get('/v1/content/{type}', {
        path: { type: filter.type },
        query: { ...queryOf(filter), limit: PAGE, ...(pageParam !== null && { cursor: pageParam }) },
        signal,
      })
      return { items: items.map(slim), nextCursor }
    },
    getNextPageParam: ({ nextCursor }) => nextCursor,
    // Each look begins anew: what was left was changed meanwhile, unseen.
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const { data, fetchNextPage, hasNextPage, isFetching } = query
  // What was changed during the walk may come twice.
  const rows = useMemo(() => {
    const all = new Map<string, Row>()
    for (const { items } of data?.pages ?? []) for (const row of items) all.set(subjectOf(row), row)
    return [...all.values()]
  }, [data])
  const isFull = rows.length >= MOST_ROWS

  const next = useCallback(() => {
    if (hasNextPage && !isFull && !isFetching) void fetchNextPage()
  }, [hasNextPage, isFull, isFetching, fetchNextPage])
  const reload = useCallback(() => {
    setNewer(0)
    void client.resetQueries({ queryKey: key, exact: true })
  }, [client, key])

  const reading = useRef(new Set<string>())
  const read = async (row: Row): Promise<void> => {
    const name = subjectOf(row)
    if (reading.current.has(name)) return
    reading.current.add(name)
    try {
      const found = slim(await api.get('/v1/content/{type}/{id}', callOf(row)))
      client.setQueryData<Pages>(key, (before) =>
        before === undefined
          ? before
          : {
              ...before,
              pages: before.pages.map((page) => ({
                ...page,
                items: page.items.map((one) => (subjectOf(one) === name ? found : one)),
              })),
            },
      )
    } catch {
      // It stays as it was, and is told of as changed.
      setNewer((count) => count + 1)
    } finally {
      reading.current.delete(name)
    }
  }
  useLive(({ events, everything }: Batch) => {
    if (everything) {
      if ((data?.pages.length ?? 0) <= 3) void query.refetch()
      else setNewer((count) => count + 1)
      return
    }
    const touched = new Set(
      events.flatMap(({ subject: { kind, id } }) =>
        kind === 'content' && id.startsWith(`${filter.type}:`) ? [id] : [],
      ),
    )
    if (touched.size === 0) return
    const mine = rows.filter((row) => touched.has(subjectOf(row)))
    // What readers see is more than one item's doing; of many, the whole is read anew, when it is asked for.
    const isPlain = filter.view === 'draft' && mine.length <= MOST_READ
    if (isPlain) for (const row of mine) void read(row)
    const others = touched.size - (isPlain ? mine.length : 0)
    if (others > 0) setNewer((count) => count + others)
  })

  return { query, rows, newer, isFull, next, reload }
}
