import { queryOptions } from '@tanstack/react-query'
import { api } from '../api/client.ts'

/** The channels that the server has, with the fields of their contents. */
export const channelsQuery = queryOptions({
  queryKey: ['channels'],
  queryFn: async ({ signal }) => (await api.get('/v1/channels', { signal })).items,
  // Declared when the server starts.
  staleTime: 5 * 60_000,
})
