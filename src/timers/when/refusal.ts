import { YeyakError, type FieldError, type Text } from '../../platform/errors.ts'

/** The codes of the catalogue with which a time can be refused. */
type TimeCode =
  | 'invalid-request'
  | 'ambiguous-time'
  | 'ambiguous-local-time'
  | 'unknown-time-zone'
  | 'time-in-past'
  | 'time-too-far'
  | 'publish-at-not-future'

/** The longest string that is looked at; the longest sensible one has about 70 characters. */
export const MAX_TEXT_LENGTH = 100

/** What a right time looks like, for the cases in which nothing nearer can be guessed. `|` means "or". */
export const EXAMPLES =
  '2026-12-01T09:00:00+09:00 | {"delay":"10s"} | {"local":"2026-12-01T09:00","timeZone":"Asia/Seoul"}'

/**
 * The error for one fault of a time. A suggestion is what to write at `path` instead: bare for a string,
 * JSON for an object, with ` | ` between two ways out.
 */
export function refusal(
  code: TimeCode,
  path: string,
  message: Text,
  suggestion?: string,
  members?: Readonly<Record<string, unknown>>,
): YeyakError {
  return refusals(code, [fault(path, message, suggestion)], members)
}

export function fault(path: string, message: Text, suggestion?: string): FieldError {
  return suggestion === undefined ? { path, message } : { path, message, suggestion }
}

/** As `refusal`, for an input with more than one fault; the first one makes the detail. */
export function refusals(
  code: TimeCode,
  errors: readonly FieldError[],
  members: Readonly<Record<string, unknown>> = {},
): YeyakError {
  const [first] = errors
  // The catalogue says enough for the codes of time; for invalid-request it only says "see errors",
  // which would be all that a caller of the library sees in the error's message.
  if (code !== 'invalid-request' || first === undefined) return new YeyakError(code, { errors, members })
  const where = first.path === '' ? '' : `${first.path}: `
  const detail = { en: where + first.message.en, ko: where + first.message.ko }
  return new YeyakError(code, { detail, errors, members })
}

/** The path of a member: `sendAt` and `delay` make `sendAt.delay`. */
export function member(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}

export function refuseLength(path: string): never {
  throw refusal('invalid-request', path, {
    en: `This is longer than ${MAX_TEXT_LENGTH} characters, so it cannot be a time.`,
    ko: `${MAX_TEXT_LENGTH}자보다 길어서 시각으로 볼 수 없습니다.`,
  })
}
