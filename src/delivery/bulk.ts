import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Refusals } from '../platform/refusal.ts'
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

/** What an operation changed, in the order of the ids. */
export const bulkMatchChanged =
  (o: { db: Database; tables: Tables; alone: Parameters<typeof matchChanged>[2] }) =>
  (operationId: string, window: Omit<BulkWindow, 'until'>): Promise<BulkMatch[]> =>
    matchChanged(o.db, o.tables, o.alone, operationId, window)
