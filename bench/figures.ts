export interface Lateness {
  count: number
  p50: number
  p99: number
  max: number
  early: number
}

/** `p99` is the smallest value that at least 99 % are not above. */
export const latenessOf = (late: readonly number[]): Lateness => {
  const sorted = [...late].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
  return {
    count: sorted.length,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
    early: sorted.filter((ms) => ms < 0).length,
  }
}

/** Of an even number of values the mean of the two in the middle. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN
  return (lower + upper) / 2
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** How much `y` rises for each 1 of `x`, by least squares. */
export const slope = (points: readonly (readonly [x: number, y: number])[]): number => {
  const meanX = sum(points.map(([x]) => x)) / points.length
  const meanY = sum(points.map(([, y]) => y)) / points.length
  const rise = sum(points.map(([x, y]) => (x - meanX) * (y - meanY)))
  return rise / sum(points.map(([x]) => (x - meanX) ** 2))
}

export const MEGABYTE = 1024 * 1024
