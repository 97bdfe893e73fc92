import { YeyakError } from '../../platform/errors.ts'
import { readDelay } from './delay.ts'
import { readLocal } from './local.ts'

/** A wall clock of a zone, as it was given and stored. */
export interface WallClock {
  local: string
  timeZone: string
  disambiguation?: 'reject' | 'earlier' | 'later' | null
}

export const isWallClock = (given: unknown): given is WallClock =>
  typeof given === 'object' &&
  given !== null &&
  'local' in given &&
  typeof given.local === 'string' &&
  'timeZone' in given &&
  typeof given.timeZone === 'string'

/**
 * No rule of a zone ever moved its clocks by so little: less is how an instant was rounded, or a time just past that was
 * taken for now.
 */
const LEAST_SHIFT_MS = 60_000

const both = (given: WallClock): { earlierMs: number; laterMs: number; isGap: boolean } => {
  const at = (disambiguation: 'earlier' | 'later') =>
    readLocal({ local: given.local, timeZone: given.timeZone, disambiguation }, '')
  const earlier = at('earlier')
  return { earlierMs: earlier.epochMs, laterMs: at('later').epochMs, isGap: earlier.change?.kind === 'gap' }
}

const resolved = (given: WallClock, currentMs: number): number => {
  const { earlierMs, laterMs, isGap } = both(given)
  if (earlierMs === laterMs) return earlierMs
  const { disambiguation } = given
  if (disambiguation === 'earlier') return earlierMs
  if (disambiguation === 'later') return laterMs
  // Nobody is there to be asked any more: as it was, or as most people expect, later in a gap and earlier in an overlap.
  if (currentMs === earlierMs || currentMs === laterMs) return currentMs
  return isGap ? laterMs : earlierMs
}

/**
 * What a time that came to `current` comes to by the rules of today. Null where that is the same, where no rule of a zone
 * decides it, and where its zone is not known any more.
 */
export function rederive(given: unknown, current: Date): Date | null {
  if (!isWallClock(given)) return null
  try {
    const ms = resolved(given, current.getTime())
    return Math.abs(ms - current.getTime()) > LEAST_SHIFT_MS ? new Date(ms) : null
  } catch (error) {
    if (error instanceof YeyakError) return null
    throw error
  }
}

/** The same for an expiry, which as a delay counts from the instant that it is due, and moves along with it. */
export function rederiveExpiry(
  given: unknown,
  current: Date | null,
  dueAt: Date,
  movedTo: Date | null,
): Date | null {
  if (current === null) return null
  if (movedTo !== null && typeof given === 'object' && given !== null && 'delay' in given) {
    const { delayMs } = readDelay(given.delay, '')
    const shiftMs = movedTo.getTime() - dueAt.getTime()
    return current.getTime() === dueAt.getTime() + delayMs ? new Date(current.getTime() + shiftMs) : null
  }
  return rederive(given, current)
}
