import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'

export type Schedule = Answer<'/v1/schedules/{name}'>
export type Run = Answer<'/v1/schedules/{name}/runs'>['items'][number]
export type Missed = NonNullable<Schedule['missed']>

/** What a schedule has started tells by itself how it stands. */
const LIVE = ['schedule', 'notification', 'run', 'content']

export const schedulesQuery = (state: string) =>
  infiniteQueryOptions({
    queryKey: ['schedules', 'list', state],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      api.get('/v1/schedules', { query: { limit: 50, state, cursor: pageParam }, signal }),
    getNextPageParam: ({ nextCursor }) => nextCursor,
    meta: { live: LIVE, everyMs: 1_500 },
  })

export const scheduleQuery = (name: string) =>
  queryOptions({
    queryKey: ['schedules', 'one', name],
    queryFn: ({ signal }) => api.get('/v1/schedules/{name}', { path: { name }, signal }),
    meta: { live: LIVE, everyMs: 1_000 },
  })

export const runsQuery = (name: string, state: string) =>
  infiniteQueryOptions({
    queryKey: ['schedules', 'runs', name, state],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      api.get('/v1/schedules/{name}/runs', {
        path: { name },
        query: { limit: 25, state, cursor: pageParam },
        signal,
      }),
    getNextPageParam: ({ nextCursor }) => nextCursor,
    meta: { live: LIVE, everyMs: 1_000 },
  })

/** How many runs would be made up for if it went on now. Changes nothing. */
export const missedQuery = (name: string, version: number, missed?: Missed) =>
  queryOptions({
    queryKey: ['schedules', 'missed', name, version, missed],
    queryFn: ({ signal }) =>
      api.post('/v1/schedules/{name}/resume', {
        path: { name },
        body: { dryRun: true, ...(missed !== undefined && { missed }) },
        signal,
      }),
    // More are missed while it is looked at.
    refetchInterval: 15_000,
  })
