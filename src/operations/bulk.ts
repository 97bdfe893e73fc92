import type { By } from '../platform/actor.ts'
import { type Database, inTransaction, sqlState } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import { addRefusals, NO_REFUSALS, type Refusals } from '../platform/refusal.ts'
import { CHUNK, chunksOf } from './chunks.ts'
import type { Operation, Repository } from './repository.ts'
import type { Runner } from './runner.ts'
import { LOCK_TIMEOUT_MS } from './step.ts'
import type { BulkSubject, Changed, Fields, Match, Preview, Scope } from './subject.ts'

/** Changed within the request, where no rate is asked for; more is an operation. */
export const AT_ONCE_LIMIT = CHUNK
/** Up to this a dry run counts. */
export const COUNT_LIMIT = 100_000
export const SAMPLE_LIMIT = 10
/** A chunk that collided with another change: nothing of it is there. */
const TRIES = 5

export interface BulkCall {
  filter?: Fields | undefined
  all?: boolean | undefined
  dryRun?: boolean | undefined
  ratePerSecond?: number | undefined
  options: Fields
}

export type BulkAnswer =
  | (Preview & { more: boolean })
  | { matched: number; changed: number; tooLate: number; refused?: Refusals }
  | Operation

export interface BulkOptions {
  db: Database
  repository: Repository
  runner: Pick<Runner, 'run' | 'isRunning'>
}

/** Answers bulk calls: counts, changes what is little at once, and makes an operation of what is much. */
export const createBulk = (o: BulkOptions) => {
  const filterOf = ({ filter = {}, all }: BulkCall): Fields => {
    if (Object.keys(filter).length === 0 && all !== true) throw new YeyakError('filter-required')
    return filter
  }

  const changeAlone = async (
    subject: BulkSubject,
    scope: Scope,
    ids: readonly string[],
  ): Promise<Changed> => {
    for (let tries = 1; ; tries += 1) {
      try {
        const changed = await inTransaction(o.db, { lock_timeout: `${LOCK_TIMEOUT_MS}ms` }, (tx) =>
          subject.change(tx, scope, ids, null),
        )
        if (changed.wakeMs !== null) subject.wake(changed.wakeMs)
        return changed
      } catch (error) {
        if (tries >= TRIES || !isCollision(error)) throw error
      }
    }
  }

  const changeAtOnce = async (subject: BulkSubject, scope: Scope, matches: readonly Match[]) => {
    const total = { matched: matches.length, changed: 0, tooLate: 0 }
    let all: Refusals | undefined
    for (const ids of chunksOf(matches, Math.min(CHUNK, subject.chunk?.(scope) ?? CHUNK))) {
      const { changed, tooLate, refused } = await changeAlone(subject, scope, ids)
      total.changed += changed
      total.tooLate += tooLate
      if (refused !== undefined) all = addRefusals(all ?? NO_REFUSALS, refused)
    }
    return all === undefined ? total : { ...total, refused: all }
  }

  return async (subject: BulkSubject, by: By, kind: string, call: BulkCall): Promise<BulkAnswer> => {
    const filter = filterOf(call)
    subject.check(filter)
    if (call.dryRun === true) {
      const scope = { ...by, kind, filter, options: call.options }
      const found = await subject.preview(scope, COUNT_LIMIT + 1, SAMPLE_LIMIT)
      const { matched } = found
      return { ...found, matched: Math.min(matched, COUNT_LIMIT), more: matched > COUNT_LIMIT }
    }
    const options = await subject.prepare(by, kind, filter, call.options)
    const scope = { ...by, kind, filter, options }
    const ratePerSecond = call.ratePerSecond ?? null
    if (ratePerSecond === null) {
      const matches = await subject.match(scope, { until: null, after: null, limit: AT_ONCE_LIMIT + 1 })
      if (matches.length <= AT_ONCE_LIMIT) return changeAtOnce(subject, scope, matches)
    }
    const operation = await o.repository.insert(
      o.db,
      { ...scope, id: newId(), subject: subject.name, ratePerSecond, undoes: null },
      o.runner.isRunning,
    )
    if (o.runner.isRunning) o.runner.run(operation)
    return operation
  }
}

/** Those that wait for a lock have waited long enough, and the caller is told to come again. */
const isCollision = (error: unknown): boolean => COLLISIONS.has(sqlState(error) ?? '')

/** Deadlock, serialization failure, a unique key. */
const COLLISIONS = new Set(['40P01', '40001', '23505'])
