import { type Database, inTransaction } from '../platform/database.ts'
import type { Rederiver } from '../timers/index.ts'
import { KIND } from './repository-insert.ts'
import type { ListSources } from './repository-list.ts'
import { createRederiveRepository } from './repository-rederive.ts'

const LOCK_TIMEOUT = { lock_timeout: '2s' }

/** Pending notifications, when the rules of their zones may have changed. What is being sent stays as it is. */
export const createRederiver = ({ db, sources }: { db: Database; sources: ListSources }): Rederiver => {
  const repository = createRederiveRepository(sources.tables, sources.secretFields ?? ['headers'])
  return {
    kind: KIND,
    read: (after, limit) => repository.read(db, after, limit),

    move: (moves, alone) =>
      inTransaction(db, LOCK_TIMEOUT, async (tx) => {
        const ids = moves.map(({ id }) => id)
        const locked = new Map((await repository.lock(tx, ids, !alone)).map((row) => [row.id, row]))
        const mine = moves.filter(({ id, generation }) => {
          const row = locked.get(id)
          return row?.isWaiting === true && row.generation === generation
        })
        const wakeMs = mine.length === 0 ? null : await repository.move(tx, mine)
        return {
          moved: mine.map(({ id }) => id),
          // Alone, what is not there is gone.
          held: alone ? [] : ids.filter((id) => !locked.has(id)),
          wakeMs,
        }
      }),
  }
}
