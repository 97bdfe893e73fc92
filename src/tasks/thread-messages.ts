import type { Outcome } from '../channels/index.ts'

/** What a thread gets of a run. */
export interface ThreadRun {
  id: string
  attempt: number
  data: unknown
}

export type ToThread = { type: 'run'; task: string; run: ThreadRun } | { type: 'abort'; reason: string }

export type FromThread =
  | { type: 'yeyak.progress'; run: string; percent: unknown }
  /** With what is still held in the thread, in bytes. */
  | { type: 'yeyak.ended'; outcome: Outcome; heldBytes: number }
  /** Thrown by code of that run that nobody waited for, maybe long after its end; null: nobody knows whose. */
  | { type: 'yeyak.crashed'; run: string | null; message: string }

const TYPES: readonly unknown[] = [
  'yeyak.progress',
  'yeyak.ended',
  'yeyak.crashed',
] satisfies FromThread['type'][]

/** Handlers, and what they import, may talk on the same port, of whatever they like. */
export const isFromThread = (message: unknown): message is FromThread =>
  typeof message === 'object' && message !== null && 'type' in message && TYPES.includes(message.type)
