import { queryOptions } from '@tanstack/react-query'
import { api, send } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'

export type Entry = Answer<'/v1/calendar'>[number]

export type Count = Answer<'/v1/calendar/counts'>['items'][number]

export interface Range {
  from: string
  to: string
}

export interface CalendarData {
  entries: Entry[]
  /** Kinds of which not all was read: everything before that instant is there. */
  until: Partial<Record<Kind, string>>
}

export type Token = Answer<'/v1/calendar/tokens'>['items'][number]

/** What can be in it, in the order in which it is named. */
export const KINDS = ['notification', 'publication', 'run', 'schedule'] as const
export type Kind = (typeof KINDS)[number]
export const isKind = (text: string): text is Kind => KINDS.some((kind) => kind === text)

/** An answer holds some thousand rows; a busy range has more, and its end is told rather than waited for. */
const MOST_ANSWERS = 5
/** Where the days that were not reached are counted. */
const MOST_ANSWERS_COUNTED = 2

const nextOf = (response: Response): string | null =>
  /<\/v1\/calendar\?([^>]*)>; rel="next"/u.exec(response.headers.get('link') ?? '')?.[1] ?? null

/** The entries of one kind, answer by answer: one that is busy does not hide the others. */
const readKind = async (
  kind: Kind,
  { from, to }: Range,
  { answers, signal }: { answers: number; signal: AbortSignal },
): Promise<CalendarData> => {
  const entries: Entry[] = []
  let start = from
  for (let i = 0; i < answers; i += 1) {
    const response = await send('get', '/v1/calendar', { query: { from: start, to, kind }, signal })
    entries.push(...((await response.json()) as Entry[]))
    const next = nextOf(response)
    if (next === null) return { entries, until: {} }
    start = new URLSearchParams(next).get('from') ?? to
  }
  return { entries, until: { [kind]: start } }
}

const meta = { live: ['notification', 'content', 'release', 'run', 'schedule'], everyMs: 1_500 }

/** `isWholeDays`: days that are not reached are but numbers, by `countsQuery`. */
export const calendarQuery = (
  range: Range,
  { kinds, portions, isWholeDays }: { kinds: readonly Kind[]; portions: number; isWholeDays: boolean },
) =>
  queryOptions({
    queryKey: ['calendar', 'range', range, kinds, portions, isWholeDays],
    queryFn: async ({ signal }): Promise<CalendarData> => {
      const most = isWholeDays && portions === 1 ? MOST_ANSWERS_COUNTED : portions * MOST_ANSWERS
      const o = { answers: most, signal }
      const parts = await Promise.all(kinds.map((kind) => readKind(kind, range, o)))
      return {
        entries: parts.flatMap(({ entries }) => entries),
        until: Object.assign({}, ...parts.map(({ until }) => until)) as CalendarData['until'],
      }
    },
    placeholderData: (before) => before,
    meta,
  })

/** How much is due between each two of these instants. */
export const countsQuery = (bounds: readonly string[]) =>
  queryOptions({
    queryKey: ['calendar', 'counts', bounds],
    queryFn: async ({ signal }) =>
      (await api.get('/v1/calendar/counts', { query: { bounds: bounds.join(',') }, signal })).items,
    placeholderData: (before) => before,
    meta,
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

export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ['calendar', 'run', id],
    queryFn: ({ signal }) => api.get('/v1/runs/{id}', { path: { id }, signal }),
    meta: { live: [`run:${id}`], everyMs: 500 },
  })

export const tokensQuery = queryOptions({
  queryKey: ['calendar', 'tokens'],
  queryFn: ({ signal }) => api.get('/v1/calendar/tokens', { query: { limit: 200 }, signal }),
})
