const MINUTE_MS = 60_000

/** Attempts that ended within a minute, which is named by its beginning. */
export interface Minute {
  at: Date
  attempts: number
}

/** A number of two decimals. */
export const roundRate = (perSecond: number): number => Math.round(perSecond * 100) / 100

/**
 * Attempts a second over the last 60 s: those of the running minute, and of the one before the share that is not older. An
 * estimate only for the part of that minute.
 */
export const perSecondOf = (minutes: readonly Minute[], now: Date): number => {
  const elapsedMs = now.getTime() % MINUTE_MS
  const begunMs = now.getTime() - elapsedMs
  const attempts = minutes.reduce((sum, minute) => {
    if (minute.at.getTime() === begunMs) return sum + minute.attempts
    const share = minute.at.getTime() === begunMs - MINUTE_MS ? 1 - elapsedMs / MINUTE_MS : 0
    return sum + minute.attempts * share
  }, 0)
  return roundRate(attempts / 60)
}
