import { type Database, isUnavailable, isUniqueViolation } from '../platform/database.ts'
import type { Operation, Repository } from './repository.ts'
import type { BulkSubject, Changed } from './subject.ts'

/** How long one transaction waits for rows that somebody else holds. */
export const LOCK_TIMEOUT_MS = 2_000

/**
 * Whether the same step may well succeed later. Nothing of it is there: it was one transaction. A key that was free when it
 * was looked at, and taken when it was written, is found taken by the next look.
 */
export const isPassing = (error: unknown): boolean => isUnavailable(error) || isUniqueViolation(error)

/** Changes the items of one chunk. */
export const changeChunk = (
  subject: BulkSubject,
  operation: Operation,
  tx: Database,
  ids: readonly string[],
): Promise<Changed> =>
  operation.undoes === null
    ? subject.change(tx, operation, ids, operation.id)
    : subject.restore(tx, operation, ids, operation.undoes)

/**
 * One step of an operation: its items, their timers and events, and the operation's own progress, in one transaction.
 * Null where the operation has ended, or somebody else has taken this step.
 */
export const takeStep = (
  o: { db: Database; repository: Repository },
  subject: BulkSubject,
  operation: Operation,
  cursor: string | null,
  ids: readonly string[],
): Promise<{ cursor: string; changed: Changed } | null> =>
  o.db.transaction().execute(async (tx) => {
    const last = ids.at(-1)
    if (last === undefined) throw new Error('a step without items')
    if (!(await o.repository.holdAt(tx, operation.id, cursor, LOCK_TIMEOUT_MS))) return null
    const changed = await changeChunk(subject, operation, tx, ids)
    await o.repository.advance(tx, operation.id, { ...changed, cursor: last, matched: ids.length })
    return { cursor: last, changed }
  })
