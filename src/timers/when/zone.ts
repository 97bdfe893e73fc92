import { Temporal } from 'temporal-polyfill'
import { refuseZone } from './zone-mend.ts'
import { MAX_TEXT_LENGTH, refuseLength } from './refusal.ts'

/** Starts with a letter, so that offsets are out; no brackets or digits in front, which Temporal would parse. */
const NAME = /^[A-Za-z][\w+-]*(?:\/[\w+-]+){0,2}$/
/**
 * Names without a slash that are as short as an abbreviation and yet mean one place, or no place at all.
 * Every other one is refused, also those that are IANA names (`EST`, `CET`): `EST` is New York without summer
 * time there, which is never what was meant, and `IST` is three zones.
 */
const SHORT_NAMES = new Set('UTC UCT GMT ZULU GB NZ PRC ROC ROK CUBA EGYPT EIRE IRAN JAPAN LIBYA'.split(' '))
const ABBREVIATION = /^[a-z]{1,5}$|^[a-z]{3,4}\d[a-z]{3,4}$/i

/** By name in small letters and only names that exist, so that it holds some 600 at most, whatever is sent. */
const known = new Map<string, string>()

/**
 * The zone of an IANA name, in IANA's spelling: names are taken in any case, as Temporal and PostgreSQL take them,
 * and links such as `Asia/Calcutta` stay what they are.
 */
export function timeZoneNamed(name: string, path: string): string {
  if (name.length > MAX_TEXT_LENGTH) refuseLength(path)
  // Before the look-up, as the small letters of some other characters (the Kelvin sign) are plain ones.
  if (!NAME.test(name)) return refuseZone(name, path)
  // Temporal has a cache of its own by spelling, and a name has thousands in mixed case: it is asked only once.
  const key = name.toLowerCase()
  const cached = known.get(key)
  if (cached !== undefined) return cached
  const zone = lookUp(name) ?? refuseZone(name, path)
  known.set(key, zone)
  return zone
}

function lookUp(name: string): string | undefined {
  if (ABBREVIATION.test(name) && !SHORT_NAMES.has(name.toUpperCase())) return undefined
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
