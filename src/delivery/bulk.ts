import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import { inOrder } from '../platform/in-order.ts'
import type { Tables } from '../platform/tables.ts'
import type { Refusals } from '../platform/refusal.ts'
import type { Timers } from '../timers/index.ts'
import { matchChanged, type Matching } from './repository-bulk.ts'

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

/** How many a filter finds, and the first few of them, in the order that is theirs. */
export const createLook =
  <Filters, Row extends { id: string }>(o: {
    db: Database
    parse(filter: BulkFields): Filters
    matching: Pick<Matching<Filters>, 'survey'>
    /** Those that there are, in any order. */
    read(db: Database, projectId: number, ids: readonly string[]): Promise<readonly Row[]>
  }) =>
  async ({ projectId, filter }: BulkScope, limit: number, sample: number) => {
    const { matched, ids } = await o.matching.survey(o.db, projectId, o.parse(filter), { limit, sample })
    return { matched, rows: inOrder(ids, await o.read(o.db, projectId, ids)) }
  }

/** What all features do alike; nothing happens before the first item is changed. */
export const bulkCommon = <Filters>(o: {
  db: Database
  tables: Tables
  timers: Pick<Timers, 'wake'>
  /** Throws `invalid-request`, with paths below `filter`. */
  parse(filter: BulkFields): Filters
  matching: Pick<Matching<Filters>, 'match'>
  /** Of what an operation changed, `i`: whether it must be alone; null where none need be. */
  alone: Parameters<typeof matchChanged>[2]
}) => ({
  check: (filter: BulkFields): void => void o.parse(filter),
  /** What matches, in the order of the ids. */
  match: ({ projectId, filter }: BulkScope, window: BulkWindow): Promise<BulkMatch[]> =>
    o.matching.match(o.db, projectId, o.parse(filter), window),
  /** What an operation changed, in the order of the ids. */
  matchChanged: (operationId: string, window: Omit<BulkWindow, 'until'>): Promise<BulkMatch[]> =>
    matchChanged(o.db, o.tables, o.alone, operationId, window),
  lift: async (): Promise<void> => {},
  wake: (dueMs: number): void => o.timers.wake(dueMs),
})
