import { queryOptions } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'

export type Run = Answer<'/v1/runs/{id}'>

const SOON_MS = 1_000
const LONGEST_MS = 60_000
/** The clocks of the two sides differ a little; where its queue is paused, it stays scheduled. */
const OVERDUE_MS = 5_000

type Waiting = Pick<Run, 'state' | 'nextAttemptAt' | 'dueAt'>

const dueMs = ({ nextAttemptAt, dueAt }: Waiting): number => Date.parse(nextAttemptAt ?? dueAt)

/** Falling due is the one change that no event tells: whether it may be so since it was read. */
export const mayHaveFallenDue = (run: Waiting, readMs: number, now: number): boolean =>
  run.state === 'scheduled' && dueMs(run) <= now && readMs <= dueMs(run) + OVERDUE_MS

/** When to look again without having heard of anything. */
export const nextLookMs = (run: Waiting | undefined, readMs: number): number | false => {
  const now = Date.now()
  if (run?.state !== 'scheduled') return false
  if (dueMs(run) <= now && !mayHaveFallenDue(run, readMs, now)) return false
  return Math.min(Math.max(dueMs(run) - now, SOON_MS), LONGEST_MS)
}

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
