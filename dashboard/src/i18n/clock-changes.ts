import { clockOf, offsetMs } from './zone.ts'

const DAY = 86_400_000
const SECOND = 1_000

export interface ClockChange {
  /** The first instant of the new offset. */
  at: string
  /** Forward: that much of the day does not exist. Backward: it comes twice. */
  byMs: number
  /** What clocks show just before and just after: `02:00` and `03:00`. */
  from: string
  to: string
  /** The local day on which it happens. */
  day: string
}

/** The first instant in (before, after] at which the offset is no longer the one before. */
const switchIn = (before: number, after: number, timeZone: string): number => {
  const offset = offsetMs(before, timeZone)
  let [low, high] = [before, after]
  while (high - low > SECOND) {
    const middle = Math.floor((low + high) / 2 / SECOND) * SECOND
    if (offsetMs(middle, timeZone) === offset) low = middle
    else high = middle
  }
  return high
}

/** When the clocks of a zone are changed within a range. One that has no summer time has none. */
export const clockChanges = (from: string | Date, to: string | Date, timeZone: string): ClockChange[] => {
  const end = Math.ceil(new Date(to).getTime() / SECOND) * SECOND
  const changes: ClockChange[] = []
  for (let at = Math.floor(new Date(from).getTime() / SECOND) * SECOND; at < end; at += DAY) {
    const next = Math.min(at + DAY, end)
    const byMs = offsetMs(next, timeZone) - offsetMs(at, timeZone)
    if (byMs === 0) continue
    const change = switchIn(at, next, timeZone)
    const after = clockOf(change, timeZone)
    const before = new Date(new Date(`${after}Z`).getTime() - byMs).toISOString()
    changes.push({
      at: new Date(change).toISOString(),
      byMs,
      from: before.slice(11, 16),
      to: after.slice(11, 16),
      day: before.slice(0, 10),
    })
  }
  return changes
}
