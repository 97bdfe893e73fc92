import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import type { DeadLetterGroup, DeadLetters } from '../../api/types.ts'

const LIVE = {
  live: ['notification', 'run', 'content', 'release', 'schedule', 'webhook'],
  everyMs: 2_000,
}
const PAGE = 30
/** What fails for good, as the API names it. */
export const KINDS = ['notification', 'run', 'publication', 'release', 'schedule', 'webhook'] as const
/** Queues that are offered as choices: more than these are found by their names in the address. */
const MOST_QUEUES = 200

export type GroupBy = 'error' | 'provider'

export interface DeadFilter {
  kind?: string
  queue?: string
  error?: string
}

export const groupsQuery = (groupBy: GroupBy, filter: DeadFilter) =>
  queryOptions({
    queryKey: ['dead-letters', 'groups', groupBy, filter],
    queryFn: async ({ signal }): Promise<{ groups: DeadLetterGroup[]; more: boolean }> => {
      const answer = await api.get('/v1/dead-letters', { query: { groupBy, ...filter }, signal })
      return 'groups' in answer ? answer : { groups: [], more: false }
    },
    placeholderData: (before) => before,
    meta: LIVE,
  })

export const lettersQuery = (filter: DeadFilter) =>
  infiniteQueryOptions({
    queryKey: ['dead-letters', 'list', filter],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }): Promise<DeadLetters> => {
      const answer = await api.get('/v1/dead-letters', {
        query: { ...filter, limit: PAGE, ...(pageParam !== null && { cursor: pageParam }) },
        signal,
      })
      return 'items' in answer ? answer : { items: [], nextCursor: null }
    },
    getNextPageParam: ({ nextCursor }) => nextCursor,
    meta: LIVE,
  })

/** One a channel, one a task, and those of what the server does by itself. */
export const queueNamesQuery = queryOptions({
  queryKey: ['queues', 'names'],
  queryFn: async ({ signal }) =>
    (await api.get('/v1/queues', { query: { limit: MOST_QUEUES }, signal })).items.map(({ name }) => name),
  // Declared when the server starts.
  staleTime: 5 * 60_000,
})

export const operationsQuery = queryOptions({
  queryKey: ['operations', 'list'],
  queryFn: ({ signal }) => api.get('/v1/operations', { query: { limit: 8 }, signal }),
  refetchInterval: ({ state }) =>
    state.data?.items.some((one) => one.state === 'running') === true ? 1_000 : false,
  meta: { live: ['operation'] },
})
