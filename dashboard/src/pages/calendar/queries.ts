import { queryOptions } from '@tanstack/react-query'
import { api, send } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'

export type Entry = Answer<'/v1/calendar'>[number]

export interface Range {
  from: string
  to: string
}

export interface CalendarData {
  entries: Entry[]
  /** Everything before this is there; null: all of the range. */
  until: string | null
}

export type Token = Answer<'/v1/calendar/tokens'>['items'][number]

/** What can be in it, in the order in which it is named. */
export const KINDS = ['notification', 'publication', 'schedule'] as const
export type Kind = (typeof KINDS)[number]
export const isKind = (text: string): text is Kind => KINDS.some((kind) => kind === text)

/** An answer holds some thousand rows; a busy range has more, and its end is told rather than waited for. */
const MOST_ANSWERS = 4

const nextOf = (response: Response): string | null =>
  /<\/v1\/calendar\?([^>]*)>; rel="next"/u.exec(response.headers.get('link') ?? '')?.[1] ?? null

/** All entries of a range, answer by answer. */
const readRange = async (
  { from, to }: Range,
  answers: number,
  signal: AbortSignal,
): Promise<CalendarData> => {
  const entries: Entry[] = []
  let start = from
  for (let i = 0; i < answers; i += 1) {
    const response = await send('get', '/v1/calendar', { query: { from: start, to }, signal })
    entries.push(...((await response.json()) as Entry[]))
    const next = nextOf(response)
    if (next === null) return { entries, until: null }
    start = new URLSearchParams(next).get('from') ?? to
  }
  return { entries, until: start }
}

export const calendarQuery = (range: Range, portions: number) =>
  queryOptions({
    queryKey: ['calendar', 'range', range, portions],
    queryFn: ({ signal }) => readRange(range, portions * MOST_ANSWERS, signal),
    placeholderData: (before) => before,
    meta: { live: ['notification', 'content', 'release', 'schedule'], everyMs: 1_500 },
  })

export const notificationQuery = (id: string) =>
  queryOptions({
    queryKey: ['calendar', 'notification', id],
    queryFn: ({ signal }) => api.get('/v1/notifications/{id}', { path: { id }, signal }),
    meta: { live: [`notification:${id}`], everyMs: 500 },
  })

export const publicationQuery = (id: string) =>
  queryOptions({
    queryKey: ['calendar', 'publication', id],
    queryFn: ({ signal }) => api.get('/v1/publications/{id}', { path: { id }, signal }),
    meta: { live: ['content', 'release'], everyMs: 500 },
  })

export const tokensQuery = queryOptions({
  queryKey: ['calendar', 'tokens'],
  queryFn: ({ signal }) => api.get('/v1/calendar/tokens', { query: { limit: 200 }, signal }),
})
