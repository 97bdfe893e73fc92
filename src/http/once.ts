import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { checkSameRequest, type Idempotency } from './idempotency.ts'
import { createIdempotencyRepository, inProgress } from './repository-idempotency.ts'

export interface Request<Found> {
  /** The caller's: a key is unique in it, whatever project the thing goes to. */
  projectId: number
  /** Null: without a key each request makes something. */
  idempotency: Idempotency | null
  /** What was made, as it is now; null where it has gone. */
  find(id: string): Promise<Found | null>
}

/** Runs the transaction that makes the thing of this id. */
export type Commit = <Result>(id: string, work: (tx: Database) => Promise<Result>) => Promise<Result>

export type Once = ReturnType<typeof createOnce>

/** Ends the transaction of a request whose key another one has got in between. */
class KeyTaken extends Error {}

/**
 * `Idempotency-Key` for what is made rarely. The key stands in a table of its own, claimed by the transaction that makes the
 * thing and removed by the one that removes it. What is made often bears its key in its own row: that costs a create nothing.
 */
export const createOnce = ({ db, tables, route }: { db: Database; tables: Tables; route: string }) => {
  const repository = createIdempotencyRepository(tables, route)

  const earlier = async <Found>(o: Request<Found>): Promise<{ made: Found; replayed: true } | null> => {
    if (o.idempotency === null) return null
    const first = await repository.find(db, o.projectId, o.idempotency.key)
    if (first === null) return null
    checkSameRequest(o.idempotency, first.requestHash)
    const made = await o.find(first.resourceId)
    return made === null ? null : { made, replayed: true }
  }

  return {
    /**
     * Makes something, unless a request with this key has. `make` checks, and calls `commit` once. Throws
     * `idempotency-key-reused` and `idempotency-in-progress`.
     */
    async make<Made, Found>(
      o: Request<Found>,
      make: (commit: Commit) => Promise<Made>,
    ): Promise<{ made: Made; replayed: false } | { made: Found; replayed: true }> {
      const { idempotency } = o
      const first = await earlier(o)
      if (first !== null) return first
      const commit: Commit = (id, work) =>
        db.transaction().execute(async (tx) => {
          // Before anything else: of two requests with one key and one name the second must not be told that the name is taken.
          if (idempotency !== null && !(await repository.claim(tx, o.projectId, idempotency, id)))
            throw new KeyTaken()
          return work(tx)
        })
      try {
        return { made: await make(commit), replayed: false }
      } catch (error) {
        if (!(error instanceof KeyTaken)) throw error
        const other = await earlier(o)
        // It was removed in the meantime, or is being removed: the next attempt makes a new one.
        if (other === null) throw inProgress(error)
        return other
      }
    },

    /** In the transaction that removes what was made: its key can be used again. */
    forget: repository.forget,
  }
}
