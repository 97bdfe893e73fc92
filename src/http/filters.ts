import { type Text, YeyakError } from '../platform/errors.ts'
import { faultsBelow } from '../platform/faults-below.ts'
import { suggest } from '../platform/suggest.ts'
import { mustBeOneOf } from './fault-text.ts'

/**
 * A filter that takes a comma list, `state=scheduled,retrying`: any of them. Throws `invalid-parameter` for a value
 * that is not among `allowed`, where that is given, or that is empty.
 */
export function commaList<Value extends string>(
  name: string,
  given: string | undefined,
  allowed: readonly Value[],
): Value[] | undefined {
  if (given === undefined) return undefined
  const values = given.split(',').map((part) => part.trim())
  return [...new Set(values)].map((value) => {
    const known = allowed.find((candidate) => candidate === value)
    if (known === undefined) throw invalidParameter(name, mustBeOneOf(allowed), suggest(value, allowed))
    return known
  })
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/iu

/** A filter that takes an instant. A `+` that was not encoded arrives as a blank, so that case is told apart. */
export function instantFilter(name: string, given: string | undefined): Date | undefined {
  if (given === undefined) return undefined
  const instant = INSTANT.test(given) ? new Date(given) : undefined
  if (instant !== undefined && isOnCalendar(given, instant)) return instant
  const mended = given.replace(/ (\d{2}:\d{2})$/u, '+$1')
  const suggestion = mended !== given && INSTANT.test(mended) ? mended.replace('+', '%2B') : undefined
  throw invalidParameter(name, MUST_BE_INSTANT, suggestion)
}

/** Date takes 30 February for 2 March; the day in the given offset tells. */
function isOnCalendar(given: string, instant: Date): boolean {
  if (Number.isNaN(instant.getTime())) return false
  return new Date(`${given.slice(0, 10)}T00:00:00Z`).getUTCDate() === Number(given.slice(8, 10))
}

const MUST_BE_INSTANT: Text = {
  en: 'must be an instant with Z or an offset, such as 2026-12-01T09:00:00Z or 2026-12-01T09:00:00%2B09:00',
  ko: 'Z나 오프셋이 있는 시각이어야 합니다. 예: 2026-12-01T09:00:00Z 또는 2026-12-01T09:00:00%2B09:00',
}

/** One parameter of query, path or header that is wrong. */
export function invalidParameter(path: string, message: Text, suggestion?: string): YeyakError {
  const fault = suggestion === undefined ? { path, message } : { path, message, suggestion }
  return new YeyakError('invalid-parameter', { errors: [fault] })
}

/** Reads a filter that stands in a body: what is wrong with it is the body's fault, below `filter`. */
export function filterOfBody<Filters>(read: () => Filters): Filters {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof YeyakError) || error.code !== 'invalid-parameter') throw error
    throw new YeyakError('invalid-request', { errors: faultsBelow('filter', error.fieldErrors) })
  }
}
