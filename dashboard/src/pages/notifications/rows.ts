import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo, useRef, useState } from 'react'
import { api } from '../../api/client.ts'
import type { Batch } from '../../api/live.ts'
import type { StreamEvent } from '../../api/stream-parser.ts'
import type { Answer, Notification, NotificationState } from '../../api/types.ts'
import { useLive } from '../../app/live.tsx'
import type { Sort } from './filter.ts'

type Page = Answer<'/v1/notifications'>
export type Row = Omit<Page['items'][number], 'html' | 'text' | 'payload' | 'attachments' | 'metadata'>

const PAGE = 100
/** So many rows are kept: whoever wants to see more is better served by a filter, or by going on from the last one. */
export const MOST_ROWS = 50_000
/** Pages without a row, after which one is asked before it is looked further. */
const MOST_EMPTY = 25
/** Few of them are read one by one; of many only the state is taken from the event. */
const MOST_READ = 12
const TITLE = 300

/** Of a page only what the table shows: thousands of bodies would fill the memory. */
const slim = (item: Page['items'][number]): Row => {
  const { html: _html, text, payload: _payload, attachments: _files, metadata: _metadata, ...row } = item
  const title = row.subject ?? row.message ?? text
  return { ...row, ...(title !== undefined && { message: title.slice(0, TITLE) }) }
}

const ENDED: Record<string, NotificationState> = {
  'notification.delivered': 'delivered',
  'notification.failed': 'failed',
  'notification.canceled': 'canceled',
  'notification.expired': 'expired',
  'notification.attempt': 'retrying',
}

interface SlimPage {
  items: Row[]
  nextCursor: string | null
}

type Pages = InfiniteData<SlimPage, string | null>

const patched = (data: Pages, changes: ReadonlyMap<string, Partial<Row>>): Pages => ({
  ...data,
  pages: data.pages.map((page) =>
    page.items.some(({ id }) => changes.has(id))
      ? { ...page, items: page.items.map((row) => ({ ...row, ...changes.get(row.id) })) }
      : page,
  ),
})

/** The rows that a filter finds, page by page, and kept as they are while things happen to them. */
export const useRows = (filter: Readonly<Record<string, string>>, sort: Sort) => {
  const client = useQueryClient()
  const key = useMemo(() => ['notifications', 'list', filter, sort], [filter, sort])
  const [newer, setNewer] = useState(0)
  const query = useInfiniteQuery({
    queryKey: key,
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }): Promise<SlimPage> => {
      const { items, nextCursor } = await api.get('/v1/notifications', {
        query: { ...filter, sort, limit: PAGE, ...(pageParam !== null && { cursor: pageParam }) },
        signal,
      })
      return { items: items.map(slim), nextCursor }
    },
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

  const reading = useRef(new Set<string>())
  const read = async (id: string): Promise<void> => {
    if (reading.current.has(id)) return
    reading.current.add(id)
    try {
      const row = slim(await api.get('/v1/notifications/{id}', { path: { id } }))
      client.setQueryData<Pages>(key, (before) => before && patched(before, new Map([[id, row]])))
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
    const touched = events.filter(({ subject }) => subject.kind === 'notification')
    const made = touched.filter(({ type }) => type === 'notification.created').length
    if (made > 0) setNewer((count) => count + made)
    const mine = new Map<string, StreamEvent>()
    for (const event of touched) if (known.has(event.subject.id)) mine.set(event.subject.id, event)
    if (mine.size === 0) return
    if (mine.size <= MOST_READ) for (const id of mine.keys()) void read(id)
    const changes = new Map<string, Partial<Row>>()
    for (const [id, { type }] of mine) {
      const state = ENDED[type]
      if (state !== undefined) changes.set(id, { state })
    }
    client.setQueryData<Pages>(key, (before) => before && patched(before, changes))
  })

  return {
    ...{ query, rows, newer, isFull, next, reload },
    /** Much was looked through, and little found: it goes on when it is told to. */
    isPausing: hasNextPage && !isFull && !looksFurther,
    goOn: () => void fetchNextPage(),
  }
}

export const titleOf = ({ message, subject, to }: Pick<Notification, 'message' | 'subject' | 'to'>): string =>
  subject ?? message ?? (typeof to === 'string' ? to : '')

export const recipientOf = (to: unknown): string => {
  if (to === null || to === undefined) return ''
  return typeof to === 'string' ? to : Array.isArray(to) ? to.join(', ') : JSON.stringify(to)
}
