import type { Limits } from './process-messages.ts'
import type { ResizeData } from './schema.ts'
import type { StoreOptions } from './stores.ts'

/** What the thread is made with. */
export interface ThreadData {
  allow: readonly string[]
  limits: Limits
  /** Processes that work on images. */
  count: number
  store: StoreOptions
}

/** One attempt. */
export interface ThreadRun {
  id: string
  data: ResizeData
  attempt: number
  projectId: number
  previous: unknown
}

/** `id` is of the question, as two attempts at one run may overlap. */
export type ToThread =
  | { type: 'run'; id: number; run: ThreadRun; upload: Uint8Array<ArrayBuffer> | null }
  | { type: 'abort'; id: number }
  | { type: 'close' }

/** A `TaskFailure`, where it has a code. */
export interface Failed {
  message: string
  code: string | null
  isFinal: boolean
  afterMs?: number
  result?: unknown
}

export type FromThread =
  | { type: 'progress'; id: number; percent: number }
  | { type: 'ended'; id: number; result: unknown }
  | { type: 'failed'; id: number; failed: Failed }
  | { type: 'closed' }
