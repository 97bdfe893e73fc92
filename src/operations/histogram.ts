/**
 * Upper bounds of the buckets of lateness and of the time that a send takes, in milliseconds; one more bucket holds what is
 * beyond. They are stored with counts only, so a change of them would change the meaning of what is stored.
 */
export const BOUNDS_MS = [
  1, 2, 5, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000,
  300_000, 3_600_000,
] as const

export const BUCKETS = BOUNDS_MS.length + 1

export interface Percentiles {
  p50: number | null
  p95: number | null
  p99: number | null
}

/** How many were counted in all. */
export const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0)

/**
 * The value that a share of what was counted is not above, in milliseconds: taken as evenly spread within its bucket; of the
 * last bucket only its lower bound is known. Null where nothing was counted.
 */
export const percentile = (counts: readonly number[], share: number): number | null => {
  const all = total(counts)
  if (all === 0) return null
  const rank = share * all
  let below = 0
  for (const [i, count] of counts.entries()) {
    if (count > 0 && below + count >= rank) {
      const from = BOUNDS_MS[i - 1] ?? 0
      const to = BOUNDS_MS[i] ?? from
      return Math.round((from + (to - from) * ((rank - below) / count)) * 10) / 10
    }
    below += count
  }
  return null
}

export const percentiles = (counts: readonly number[]): Percentiles => ({
  p50: percentile(counts, 0.5),
  p95: percentile(counts, 0.95),
  p99: percentile(counts, 0.99),
})

/** Several histograms, and other lists of counts, as one. */
export const addUp = (lists: readonly (readonly number[])[]): number[] => {
  const sums: number[] = []
  for (const list of lists) for (const [i, count] of list.entries()) sums[i] = (sums[i] ?? 0) + count
  return sums
}
