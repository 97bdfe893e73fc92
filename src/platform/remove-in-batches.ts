/** Rows in one statement: some 50 ms, so that nobody waits for it. */
const BATCH = 1_000
/** A round ends after this many; the next one goes on. */
const MOST = 1_000_000

/** Removes what is old. `remove` takes away at most `limit` rows, and returns how many it was; returns how many it was in all. */
export const removeInBatches = async (remove: (limit: number) => Promise<number>): Promise<number> => {
  let removed = 0
  for (;;) {
    const count = await remove(BATCH)
    removed += count
    if (count < BATCH || removed >= MOST) return removed
  }
}
