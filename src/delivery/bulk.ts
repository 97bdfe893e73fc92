import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Refusals } from '../platform/refusal.ts'
import type { Timers } from '../timers/index.ts'
import { matchChanged } from './repository-bulk.ts'

/** What bulk operations hand to a feature, and take from it; see `operations`, which knows no feature. */
export type BulkFields = Readonly<Record<string, unknown>>

export interface BulkScope extends By {
  kind: string
  filter: BulkFields
  options: BulkFields
}

export interface BulkWindow {
  until: Date | null
  after: string | null
  limit: number
}

export interface BulkMatch {
  id: string
  alone: boolean
}

export interface BulkChanged {
  changed: number
  tooLate: number
  refused?: Refusals
  wakeMs: number | null
}

/** An instant of the options, which were JSON in between. */
export const optionDate = (value: unknown): Date | null =>
  typeof value === 'string' || value instanceof Date ? new Date(value) : null

/** The note of an operator, of the options. */
export const optionNote = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** What all features do alike; nothing happens before the first item is changed. */
export const bulkCommon = (o: {
  db: Database
  tables: Tables
  timers: Pick<Timers, 'wake'>
  /** Throws `invalid-request`, with paths below `filter`. */
  parse(filter: BulkFields): unknown
  /** Of what an operation changed, `i`: whether it must be alone; null where none need be. */
  alone: Parameters<typeof matchChanged>[2]
}) => ({
  check: (filter: BulkFields): void => void o.parse(filter),
  /** What an operation changed, in the order of the ids. */
  matchChanged: (operationId: string, window: Omit<BulkWindow, 'until'>): Promise<BulkMatch[]> =>
    matchChanged(o.db, o.tables, o.alone, operationId, window),
  lift: async (): Promise<void> => {},
  wake: (dueMs: number): void => o.timers.wake(dueMs),
})
