import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import type { DeadLetterGroup, DeadLetters } from '../../api/types.ts'

const LIVE = { live: ['notification', 'run', 'content', 'release', 'webhook'], everyMs: 2_000 }
const PAGE = 30

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

export const operationsQuery = queryOptions({
  queryKey: ['operations', 'list'],
  queryFn: ({ signal }) => api.get('/v1/operations', { query: { limit: 8 }, signal }),
  refetchInterval: ({ state }) =>
    state.data?.items.some((one) => one.state === 'running') === true ? 1_000 : false,
  meta: { live: ['operation'] },
})
