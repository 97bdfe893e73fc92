import { queryOptions } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'

export type Run = Answer<'/v1/runs/{id}'>

const SOON_MS = 2_000
const RUNNING_MS = 5_000
const LONGEST_MS = 60_000
const FINAL = new Set<string>(['succeeded', 'failed', 'canceled', 'expired'])

/** When to look again: that it is due, and that it begins, changes it, and is no event. False for what has ended. */
export const nextLookMs = (
  run: Pick<Run, 'state' | 'nextAttemptAt' | 'dueAt'> | undefined,
): number | false => {
  if (run === undefined || FINAL.has(run.state)) return false
  if (run.state === 'running') return RUNNING_MS
  const inMs = Date.parse(run.nextAttemptAt ?? run.dueAt) - Date.now()
  return Math.min(Math.max(inMs, SOON_MS), LONGEST_MS)
}

export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ['runs', 'one', id],
    queryFn: ({ signal }) => api.get('/v1/runs/{id}', { path: { id }, signal }),
    refetchInterval: ({ state }) => nextLookMs(state.data),
    meta: { live: [`run:${id}`], everyMs: 500 },
  })

export const timelineQuery = (id: string) =>
  queryOptions({
    queryKey: ['runs', 'one', id, 'timeline'],
    queryFn: ({ signal }) => api.get('/v1/runs/{id}/timeline', { path: { id }, signal }),
    meta: { live: [`run:${id}`], everyMs: 500 },
  })
