import { queryOptions } from '@tanstack/react-query'
import { api } from '../../api/client.ts'

/** What waits changes by the clock, and a worker that is lost says nothing. */
const CLOCK_MS = 5_000

export const queuesQuery = queryOptions({
  queryKey: ['queues'],
  queryFn: ({ signal }) => api.get('/v1/queues', { query: { limit: 200 }, signal }),
  refetchInterval: CLOCK_MS,
  meta: { live: ['queue', 'notification', 'run'], everyMs: 1_500 },
})

export const workersQuery = queryOptions({
  queryKey: ['workers'],
  queryFn: ({ signal }) => api.get('/v1/workers', { query: { limit: 200 }, signal }),
  refetchInterval: CLOCK_MS,
  meta: { live: [] },
})
