import { createBatcher } from '../platform/batcher.ts'
import { type Database, isUnavailable } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import { NOTIFY_HORIZON_SECONDS, type Timers } from '../timers/index.ts'
import type { NewNotification } from './repository-insert.ts'
import type { Repository } from './repository.ts'

export interface Accepted {
  createdAt: Date
  /** Due already when it was written, and its queue not paused. */
  isQueued: boolean
}

export interface Ingest {
  /** Resolves once the notification is committed. */
  add(notification: NewNotification): Promise<Accepted>
  /** Resolves when everything that was taken is answered. */
  idle(): Promise<void>
}

/** Rows in one statement: 500 cost 17 µs each, one alone 134 µs; more gain little and make their callers wait. */
const MAX_ROWS = 500
/** Characters of content in one statement, which is built in memory several times over. */
const MAX_CONTENT = 4 * 1024 * 1024
/** Two statements at a time: while one commits, the next is filled and run. */
const CONCURRENCY = 2
/** Callers waiting at once; about 60 MB of ordinary notifications. */
const MAX_WAITING = 20_000
/** With the time-outs of the connection, an answer within 5 s in any case. */
const MAX_WAIT_MS = 800

/** Texts are what may be large; the rest of a row is some hundred bytes. */
const contentSize = ({ content }: NewNotification): number => {
  let size = 500
  for (const value of Object.values(content)) size += typeof value === 'string' ? value.length : 500
  return size
}

const overloaded = () =>
  new YeyakError('unavailable', { members: { reason: 'overloaded' }, headers: { 'retry-after': '1' } })

/**
 * Concurrent creates share one multi-row statement, each answered after its own commit: 28,000 requests a second where
 * one row a request gave 8,000. `db` has a lock time-out and short time-outs of its own.
 */
export const createIngest = (o: { db: Database; repository: Repository; timers: Timers }): Ingest => {
  const insert = async (rows: NewNotification[]): Promise<Accepted[]> => {
    const { createdAt, pausedLanes } = await o.repository.insert(o.db, rows)
    const horizonMs = createdAt.getTime() + NOTIFY_HORIZON_SECONDS * 1000
    const earliestMs = rows.reduce((ms, row) => Math.min(ms, row.dueAt.getTime()), Number.POSITIVE_INFINITY)
    if (earliestMs < horizonMs) o.timers.wake(earliestMs)
    return rows.map(({ dueAt, lane }) => ({
      createdAt,
      isQueued: dueAt <= createdAt && !pausedLanes.includes(lane),
    }))
  }

  const insertAlone = async (row: NewNotification): Promise<Accepted> => {
    const [accepted] = await insert([row])
    if (accepted === undefined) throw new Error(`notification ${row.id} was not inserted`)
    return accepted
  }

  const batcher = createBatcher<NewNotification, Accepted>({
    maxItems: MAX_ROWS,
    maxSize: MAX_CONTENT,
    sizeOf: contentSize,
    concurrency: CONCURRENCY,
    maxWaiting: MAX_WAITING,
    maxWaitMs: MAX_WAIT_MS,
    onOverload: overloaded,
    async flush(rows) {
      try {
        return (await insert(rows)).map((value) => ({ status: 'fulfilled', value }))
      } catch (error) {
        // One row that the server refuses must not fail its neighbours: each alone. What ails the database fails all.
        if (rows.length === 1 || isUnavailable(error)) throw error
        return Promise.allSettled(rows.map(insertAlone))
      }
    },
  })
  return { add: (notification) => batcher.add(notification), idle: () => batcher.idle() }
}
