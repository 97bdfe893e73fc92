import { exists, fractionMs, isFinerThanMs, utcMs } from './calendar.ts'
import { refuseInstant } from './instant-mend.ts'
import { MAX_TEXT_LENGTH, refuseLength } from './refusal.ts'

/** A point in time as read from an input, before it is held against the clock. */
export interface Moment {
  /** Whole milliseconds since 1970. */
  epochMs: number
  /** Whether the input was finer than a millisecond, and so lies a little before `epochMs`. */
  roundedUp: boolean
}

/**
 * RFC 3339 in full: seconds and an offset are required, `t` and `z` may be small, a space for the `T` is not
 * taken, and a fraction has at most 30 digits. Every quantifier is bounded and no two neighbours can match the
 * same character, so that no text makes it backtrack.
 */
const INSTANT = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,30}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/

/**
 * Reads an RFC 3339 instant. Written by hand instead of with Temporal because it runs for every request;
 * a property test holds it equal to Temporal.
 */
export function readInstant(text: string, path: string): Moment {
  if (text.length > MAX_TEXT_LENGTH) refuseLength(path)
  const match = INSTANT.exec(text)
  if (match === null) return refuseInstant(text, path)
  const [, year, month, day, hour, minute, second, fraction, sign, offsetHour, offsetMinute] = match
  const wall = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
  }
  if (!exists(wall)) return refuseInstant(text, path)
  let epochMs = utcMs(wall) + fractionMs(fraction)
  if (sign !== undefined) {
    const hours = Number(offsetHour)
    const minutes = Number(offsetMinute)
    if (hours > 23 || minutes > 59) return refuseInstant(text, path)
    const offsetMs = (hours * 60 + minutes) * 60_000
    epochMs += sign === '+' ? -offsetMs : offsetMs
  }
  return { epochMs, roundedUp: isFinerThanMs(fraction) }
}
