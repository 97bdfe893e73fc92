import { queryOptions } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'
import { nextLookMs } from '../../parts/life/falling-due.ts'

export type Run = Answer<'/v1/runs/{id}'>

export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ['runs', 'one', id],
    queryFn: ({ signal }) => api.get('/v1/runs/{id}', { path: { id }, signal }),
    refetchInterval: ({ state }) => nextLookMs(state.data, state.dataUpdatedAt),
    meta: { live: [`run:${id}`], everyMs: 500 },
  })

export const timelineQuery = (id: string) =>
  queryOptions({
    queryKey: ['runs', 'one', id, 'timeline'],
    queryFn: ({ signal }) => api.get('/v1/runs/{id}/timeline', { path: { id }, signal }),
    meta: { live: [`run:${id}`], everyMs: 500 },
  })
