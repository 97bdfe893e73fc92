import { CHUNK } from './chunks.ts'

/** Steps a second where a rate is set: finer ones cost more commits, coarser ones come in bursts. */
const STEPS_PER_SECOND = 4

export interface Pace {
  /** Items a step may take. */
  readonly size: number
  /** Milliseconds until the next step may begin. */
  waitMs(): number
  took(items: number): void
}

/** Keeps to a number of items a second; what was not used is not made up for later, as that would be a burst. */
export const createPace = (perSecond: number | null, nowMs: () => number = () => performance.now()): Pace => {
  if (perSecond === null) return { size: CHUNK, waitMs: () => 0, took: () => {} }
  let nextMs = Number.NEGATIVE_INFINITY
  return {
    size: Math.min(CHUNK, Math.max(1, Math.floor(perSecond / STEPS_PER_SECOND))),
    waitMs: () => Math.max(0, nextMs - nowMs()),
    took(items) {
      nextMs = Math.max(nextMs, nowMs()) + (items / perSecond) * 1000
    },
  }
}
