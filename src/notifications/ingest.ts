import { unavailable } from '../http/index.ts'
import { createBatcher } from '../platform/batcher.ts'
import { type Database, isLockTimeout, isUnavailable } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import { NOTIFY_HORIZON_SECONDS, type Timers } from '../timers/index.ts'
import { type Inserted, type NewNotification, sizeOf } from './repository-insert.ts'
import type { Keyed, Repository } from './repository.ts'

/** What became of a row. */
export type Added =
  | { kind: 'written'; createdAt: Date; state: 'scheduled' | 'queued' | 'canceled' }
  /** One with its idempotency key is there. */
  | { kind: 'replayed'; first: Keyed }
  /** One with its dedupe key was pending, or one with its idempotency key is gone again. */
  | { kind: 'skipped' }

/** A row right after it was written. */
export const asAdded = (
  { id, dueAt, lane }: NewNotification,
  { createdAt, pausedLanes, canceled }: Inserted,
): Extract<Added, { kind: 'written' }> => {
  const isQueued = dueAt <= createdAt && !pausedLanes.includes(lane)
  return {
    kind: 'written',
    createdAt,
    state: canceled.has(id) ? 'canceled' : isQueued ? 'queued' : 'scheduled',
  }
}

/** When the first of them is due, in milliseconds since 1970; null where none is so soon that alarms must be told. */
export const soonestOf = (rows: readonly NewNotification[], { createdAt }: Inserted): number | null => {
  const earliestMs = rows.reduce((ms, row) => Math.min(ms, row.dueAt.getTime()), Number.POSITIVE_INFINITY)
  return earliestMs < createdAt.getTime() + NOTIFY_HORIZON_SECONDS * 1000 ? earliestMs : null
}

export interface Ingest {
  /** Resolves once the notification is committed. */
  add(notification: NewNotification): Promise<Added>
  /** Writes up to `MAX_ROWS` rows by one statement, and each alone where that fails. */
  write(rows: readonly NewNotification[]): Promise<PromiseSettledResult<Added>[]>
  /** Resolves when everything that was taken is answered. */
  idle(): Promise<void>
}

/** Rows in one statement: 500 cost 17 µs each, one alone 134 µs; more gain little and make their callers wait. */
export const MAX_ROWS = 500
/** Characters of content in one statement, which is built in memory several times over. */
const MAX_CONTENT = 4 * 1024 * 1024
/**
 * Two statements at a time: while one commits, the next is filled and run. One makes larger batches, and is as fast here
 * (15,600 and 15,400 creates a second), but not where commits wait 2 ms (7,800 and 11,200).
 */
const CONCURRENCY = 2
/** Rows with a dedupe key, each in a statement of its own. */
const ALONE_CONCURRENCY = 3
/** Callers waiting at once; about 60 MB of ordinary notifications. */
const MAX_WAITING = 20_000
/** With the time-outs of the connection, an answer within 5 s in any case. */
const MAX_WAIT_MS = 800

/** The content is what may be large; the rest of a row is some hundred bytes. */
const rowSize = ({ content }: NewNotification): number => 500 + sizeOf(content)

const inProgress = (cause: unknown) =>
  new YeyakError('idempotency-in-progress', { headers: { 'retry-after': '1' }, cause })

const isKeyed = (row: NewNotification): boolean => row.idempotencyKey !== null || row.dedupeKey !== null

/**
 * Concurrent creates share one multi-row statement, each answered after its own commit: 28,000 requests a second where
 * one row a request gave 8,000. `db` has a lock time-out and short time-outs of its own.
 */
export const createIngest = (o: { db: Database; repository: Repository; timers: Timers }): Ingest => {
  /** The notifications that came first, by key, for rows that were skipped. */
  const firsts = async (skipped: readonly NewNotification[]): Promise<Map<string, Keyed>> => {
    const found = new Map<string, Keyed>()
    for (const [projectId, rows = []] of Map.groupBy(skipped, (row) => row.projectId)) {
      const keys = rows.flatMap((row) => row.idempotencyKey ?? [])
      if (keys.length === 0) continue
      const byKey = await o.repository.byIdempotencyKeys(o.db, projectId, keys)
      for (const row of rows) {
        const first = row.idempotencyKey === null ? undefined : byKey.get(row.idempotencyKey)
        if (first !== undefined) found.set(row.id, first)
      }
    }
    return found
  }

  const insert = async (rows: readonly NewNotification[]): Promise<Added[]> => {
    const inserted = await o.repository.insert(o.db, rows)
    const { skipped } = inserted
    const wakeMs = soonestOf(rows, inserted)
    if (wakeMs !== null) o.timers.wake(wakeMs)
    const first = skipped.size === 0 ? null : await firsts(rows.filter((row) => skipped.has(row.id)))
    return rows.map((row) => {
      const keyed = first?.get(row.id)
      if (keyed !== undefined) return { kind: 'replayed', first: keyed }
      return skipped.has(row.id) ? { kind: 'skipped' } : asAdded(row, inserted)
    })
  }

  const insertAlone = async (row: NewNotification): Promise<Added> => {
    try {
      const [added] = await insert([row])
      if (added === undefined) throw new Error(`notification ${row.id} was not inserted`)
      return added
    } catch (error) {
      // Somebody's open transaction holds the key.
      if (isLockTimeout(error) && row.idempotencyKey !== null) throw inProgress(error)
      throw error
    }
  }

  const write = async (rows: readonly NewNotification[]): Promise<PromiseSettledResult<Added>[]> => {
    const [only] = rows
    if (rows.length === 1 && only !== undefined) return Promise.allSettled([insertAlone(only)])
    try {
      return (await insert(rows)).map((value) => ({ status: 'fulfilled', value }))
    } catch (error) {
      // One row that the server refuses, or whose key is held, must not fail its neighbours: each alone. What ails the
      // database fails all.
      const isKeyHeld = isLockTimeout(error) && rows.some(isKeyed)
      if (isUnavailable(error) && !isKeyHeld) throw error
      return Promise.allSettled(rows.map(insertAlone))
    }
  }

  const limits = {
    maxWaiting: MAX_WAITING,
    maxWaitMs: MAX_WAIT_MS,
    onOverload: () => unavailable('overloaded', 1),
    flush: write,
  }
  const shared = createBatcher<NewNotification, Added>({
    ...{ maxItems: MAX_ROWS, maxSize: MAX_CONTENT, sizeOf: rowSize, concurrency: CONCURRENCY },
    ...limits,
  })
  const alone = createBatcher<NewNotification, Added>({
    ...{ maxItems: 1, concurrency: ALONE_CONCURRENCY },
    ...limits,
  })

  return {
    add: (row) => (row.dedupeKey === null ? shared : alone).add(row),
    write,
    idle: async () => {
      await Promise.all([shared.idle(), alone.idle()])
    },
  }
}
