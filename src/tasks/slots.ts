import type { Admission } from '../delivery/index.ts'
import { type Database, inTransaction } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Task } from './registry.ts'
import { createSlotRepository, type Held } from './repository-slots.ts'

/** Of one task, over all workers. */
export interface Limits {
  total: number
  perKey: number
}

/** Called at once where a task has no limit any more. */
const MOST_CALLED = 1_000
const LOCK_TIMEOUT = { lock_timeout: '5s' }

export const limitsOf = ({ concurrency, concurrencyKey }: Task): Limits | null =>
  concurrency === null && concurrencyKey === null
    ? null
    : {
        total: concurrency ?? Number.POSITIVE_INFINITY,
        perKey: concurrencyKey === null ? Number.POSITIVE_INFINITY : 1,
      }

/** Whether there is room for one more; then it is counted. */
const seat = (held: Held, { total, perKey }: Limits, key: string | null): boolean => {
  const ofKey = key === null ? 0 : (held.byKey.get(key) ?? 0)
  if (held.total >= total || (key !== null && ofKey >= perKey)) return false
  held.total += 1
  if (key !== null) held.byKey.set(key, ofKey + 1)
  return true
}

const fullKeys = ({ byKey }: Held, { perKey }: Limits): string[] =>
  [...byKey].filter(([key, n]) => key !== '' && n >= perKey).map(([key]) => key)

/**
 * The limits of a task, held in the database: who runs has a row, who finds no room has a place in line, and no timer, no job,
 * no slot of a worker and no poll. The transaction that gives a slot back calls the first in line, and keeps the slot for it
 * until it has begun, so that whoever is just falling due cannot take it away.
 */
export const createSlots = (t: Tables, lane: string, limits: Limits) => {
  const repository = createSlotRepository(t)

  const callNext = async (tx: Database): Promise<number | null> => {
    const held = await repository.held(tx, lane, [])
    let dueMs: number | null = null
    for (;;) {
      const room = Math.min(limits.total - held.total, MOST_CALLED)
      if (room <= 0) return dueMs
      const line = await repository.first(tx, lane, fullKeys(held, limits), room)
      const chosen = line.filter(({ key }) => seat(held, limits, key))
      if (chosen.length === 0) return dueMs
      const done = await repository.call(
        tx,
        chosen.map(({ id }) => id),
      )
      if (done.called.length > 0) dueMs = Math.min(dueMs ?? done.dueMs, done.dueMs)
      // Those that wait no longer were counted for nothing.
      const called = new Set(done.called)
      for (const { id, key } of chosen) {
        if (called.has(id)) continue
        held.total -= 1
        if (key !== null) held.byKey.set(key, (held.byKey.get(key) ?? 1) - 1)
      }
    }
  }

  const admission: Admission = {
    async admit(tx, jobs) {
      await repository.lock(tx, lane)
      const candidates = await repository.candidates(tx, jobs)
      const ids = candidates.map(({ id }) => id)
      const held = await repository.held(tx, lane, ids)
      const mustWait = candidates.filter(({ needsSlot, key }) => needsSlot && !seat(held, limits, key))
      const aside = mustWait.map(({ id }) => id)
      if (aside.length > 0) await repository.putAside(tx, lane, aside)
      const isAside = new Set(aside)
      return { admitted: ids.filter((id) => !isAside.has(id)), aside }
    },
    async settle(tx, ids, begun) {
      if (ids.length === 0) return null
      const running = begun.filter(({ state }) => state === 'sending').map(({ id }) => id)
      if (running.length > 0) await repository.take(tx, lane, running)
      await repository.leaveLine(tx, ids)
      // Canceled, expired or given up instead: what they held, or was kept for them, is free.
      if (running.length === ids.length) return null
      const isRunning = new Set(running)
      await repository.giveBack(
        tx,
        begun.filter(({ id }) => !isRunning.has(id)).map(({ id }) => id),
      )
      return callNext(tx)
    },
    async release(tx, ids) {
      await repository.lock(tx, lane)
      await repository.giveBack(tx, ids)
      return callNext(tx)
    },
  }

  return {
    admission,
    /** Puts right what a crash or a cancellation has left, and calls whoever there is room for. Returns when they are due. */
    mend: (db: Database): Promise<number | null> =>
      inTransaction(db, LOCK_TIMEOUT, async (tx) => {
        await repository.lock(tx, lane)
        await repository.tidy(tx, lane)
        return callNext(tx)
      }),
  }
}

export type Slots = ReturnType<typeof createSlots>

/** Of a task that has no limit any more: whoever waits for a slot need not. */
export const UNLIMITED: Limits = { total: Number.POSITIVE_INFINITY, perKey: Number.POSITIVE_INFINITY }
