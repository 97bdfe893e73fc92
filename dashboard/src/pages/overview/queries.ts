import { queryOptions } from '@tanstack/react-query'
import { api, send } from '../../api/client.ts'
import { Problem } from '../../api/problem.ts'
import type { DeadLetterGroup, Health } from '../../api/types.ts'

/** What is due changes by the clock, without an event. */
const CLOCK_MS = 10_000

export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: ({ signal }) => api.get('/v1/overview', { signal }),
  refetchInterval: CLOCK_MS,
  meta: { live: ['notification', 'run', 'content', 'release'], everyMs: 2_000 },
})

export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: async ({ signal }): Promise<Health> => {
    try {
      return (await (await send('get', '/readyz', { signal })).json()) as Health
    } catch (error) {
      // Not ready is an answer, too.
      if (error instanceof Problem && 'checks' in error.document) return error.document as unknown as Health
      throw error
    }
  },
  refetchInterval: CLOCK_MS,
  meta: { live: [] },
})

export const RANGES = { hour: 3_600, sixHours: 21_600, day: 86_400, week: 604_800 } as const
export type Range = keyof typeof RANGES
/** Some 180 points, whatever the range. */
const STEPS: Record<Range, number> = { hour: 60, sixHours: 120, day: 480, week: 3_600 }

export const seriesQuery = (metric: 'lateness' | 'throughput', range: Range) =>
  queryOptions({
    queryKey: ['series', metric, range],
    queryFn: ({ signal }) => {
      const to = new Date()
      const from = new Date(to.getTime() - RANGES[range] * 1000)
      return api.get('/v1/overview/series', {
        query: { metric, from: from.toISOString(), to: to.toISOString(), step: STEPS[range] },
        signal,
      })
    },
    placeholderData: (before) => before,
    refetchInterval: 30_000,
    meta: { live: ['notification'], everyMs: 5_000 },
  })

export const troubleQuery = queryOptions({
  queryKey: ['dead-letters', 'groups', 'error', {}],
  queryFn: async ({ signal }): Promise<{ groups: DeadLetterGroup[]; more: boolean }> => {
    const answer = await api.get('/v1/dead-letters', { query: { groupBy: 'error' }, signal })
    return 'groups' in answer ? answer : { groups: [], more: false }
  },
  meta: { live: ['notification', 'run', 'content', 'release', 'webhook'], everyMs: 3_000 },
})
