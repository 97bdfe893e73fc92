import { Temporal } from 'temporal-polyfill'
import { PROBLEMS } from '../../platform/problems.ts'
import { YeyakError, type Text } from '../../platform/errors.ts'
import { readInput, type Reading } from './input.ts'
import { holdAgainst, type PastRule } from './limits.ts'
import { notesOn } from './notes.ts'

export { WhenDocument, WhenSchema, type When } from './schema.ts'
export { timeZoneNamed } from './zone.ts'

/** A time that was resolved. */
export interface ResolvedWhen {
  /** In whole milliseconds; what was given finer is rounded up. */
  at: Date
  given: 'instant' | 'delay' | 'local'
}

export interface WhenOptions {
  /** Where the input stands, for errors: `sendAt`, `notifications[3].sendAt`. */
  path: string
  /** The database's clock, never the process's. */
  now: Date
  /** What a delay counts from; `now` where left out. For `expiresAt` it is `dueAt`. */
  base?: Date
  /** What becomes of an instant that is not after `now`; `now` where left out. */
  past?: PastRule
}

/** How a time is understood, as `POST /v1/time/resolve` answers it. */
export interface WhenDescription {
  /** RFC 3339 UTC with milliseconds. */
  instant: string
  /** The zone that was given, in IANA's spelling; `UTC` where none was. */
  timeZone: string
  /** The instant on the clocks of that zone, `YYYY-MM-DDTHH:MM:SS.mmm`. */
  local: string
  notes: Text[]
}

/**
 * Resolves any form of `When` (and a `Date`, for callers within the process) to an instant.
 * The only place where local times and delays become instants.
 *
 * Throws YeyakError: `invalid-request`, `ambiguous-time`, `ambiguous-local-time` (`candidates`: the earlier and the
 * later instant), `unknown-time-zone`, `time-in-past`, `time-too-far`, `publish-at-not-future`; each with its faults
 * by path, in both languages, and with a suggestion where there is one.
 */
export function resolveWhen(input: unknown, o: WhenOptions): ResolvedWhen {
  const reading = read(input, o)
  return { at: new Date(heldMs(reading, o)), given: reading.given }
}

/** Resolves as `resolveWhen` does, with the same errors, and says how the input was understood. */
export function describeWhen(input: unknown, o: WhenOptions): WhenDescription {
  const reading = read(input, o)
  const epochMs = heldMs(reading, o)
  const timeZone = reading.given === 'local' ? reading.zone : 'UTC'
  const local = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(timeZone).toPlainDateTime()
  return {
    instant: formatInstant(new Date(epochMs)),
    timeZone,
    local: local.toString({ fractionalSecondDigits: 3 }),
    notes: notesOn(reading, epochMs),
  }
}

/** RFC 3339 UTC with milliseconds, as in all answers. */
export function formatInstant(instant: Date): string {
  return instant.toISOString()
}

function heldMs(reading: Reading, o: WhenOptions): number {
  return holdAgainst(o.now, reading.epochMs, o.past ?? 'now', o.path)
}

function read(input: unknown, o: WhenOptions): Reading {
  try {
    return readInput(input, o.path, (o.base ?? o.now).getTime())
  } catch (error) {
    if (o.past !== 'refuse' || !(error instanceof YeyakError) || error.code !== 'invalid-request') throw error
    // Editors who write Korean are told the same rule whether publishAt is past or cannot be read as a time at all;
    // what exactly is wrong stays in the errors.
    const detail = { en: error.detail.en, ko: PROBLEMS['publish-at-not-future'].detail.ko }
    throw new YeyakError('invalid-request', { detail, errors: error.fieldErrors })
  }
}
