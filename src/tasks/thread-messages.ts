import type { Outcome } from '../channels/index.ts'

/** What a thread gets of a run. */
export interface ThreadRun {
  id: string
  attempt: number
  data: unknown
}

export type ToThread = { type: 'run'; task: string; run: ThreadRun } | { type: 'abort'; reason: string }

export type FromThread = { type: 'progress'; percent: unknown } | { type: 'ended'; outcome: Outcome }
