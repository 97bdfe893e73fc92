import { queryOptions } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { nextLookMs } from '../../parts/life/falling-due.ts'

export const notificationQuery = (id: string) =>
  queryOptions({
    queryKey: ['notifications', 'one', id],
    queryFn: ({ signal }) => api.get('/v1/notifications/{id}', { path: { id }, signal }),
    refetchInterval: ({ state }) => nextLookMs(state.data, state.dataUpdatedAt),
    meta: { live: [`notification:${id}`], everyMs: 500 },
  })

export const timelineQuery = (id: string) =>
  queryOptions({
    queryKey: ['notifications', 'one', id, 'timeline'],
    queryFn: ({ signal }) => api.get('/v1/notifications/{id}/timeline', { path: { id }, signal }),
    meta: { live: [`notification:${id}`], everyMs: 500 },
  })
