import { queryOptions } from '@tanstack/react-query'
import { api } from '../api/client.ts'

/** Tasks that are offered: more than these are typed, or found by their names in the address. */
const MOST_TASKS = 200

/** The tasks that the server knows, by name. */
export const tasksQuery = queryOptions({
  queryKey: ['tasks'],
  queryFn: async ({ signal }) => (await api.get('/v1/tasks', { query: { limit: MOST_TASKS }, signal })).items,
  // Declared when the server starts.
  staleTime: 5 * 60_000,
})
