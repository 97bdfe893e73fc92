import type { Text } from '../../platform/errors.ts'

/** What can be wrong with something that was accepted, in the order in which it matters. */
export const KINDS = ['lost', 'early', 'after-cancel', 'after-expiry', 'double', 'late'] as const
export type Kind = (typeof KINDS)[number]

export interface Finding {
  kind: Kind
  /** Stable, for programs: `no-timer-no-job`. */
  code: string
  /** What it is about: `notification`, or `index`. */
  subject: string
  id: string
  /** Null where it belongs to none. */
  projectId: number | null
  /** Milliseconds since 1970; null where nothing was due. */
  dueMs: number | null
  expected: Text
  found: Text
  /** Why, where that can be told. */
  reason: Text | null
}

/** What one check finds wrong with an item. */
export type Fault = Pick<Finding, 'code' | 'expected' | 'found'> & { reason?: Text }

/** An instant within a text of both languages. PostgreSQL has one after all others, and one before them. */
export const instant = (ms: number): string =>
  Number.isFinite(ms) ? new Date(ms).toISOString() : ms > 0 ? 'infinity' : '-infinity'

/** Milliseconds within a text of both languages, such as `12 ms` and `3.4 s`. */
export const span = (ms: number): string =>
  Math.abs(ms) < 1000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 100) / 10} s`
