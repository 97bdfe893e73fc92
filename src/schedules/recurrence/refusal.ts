import { YeyakError, type Text } from '../../platform/errors.ts'

/** The member of a schedule that a rule is given by, and the path of its errors. */
export type RulePath = 'cron' | 'rrule'

/** The error for a rule that cannot be read. A suggestion is what to write at `path` instead; ` | ` means "or". */
export function refusal(path: string, message: Text, suggestion?: string): YeyakError {
  return refusalOf('invalid-request', path, message, suggestion)
}

/** The error for a rule that can be read, but never runs, or cannot be computed within the limits. */
export function unbounded(path: string, message: Text, suggestion?: string): YeyakError {
  return refusalOf('unbounded-schedule', path, message, suggestion)
}

function refusalOf(
  code: 'invalid-request' | 'unbounded-schedule',
  path: string,
  message: Text,
  suggestion: string | undefined,
): YeyakError {
  const detail = { en: `${path}: ${message.en}`, ko: `${path}: ${message.ko}` }
  const errors = [suggestion === undefined ? { path, message } : { path, message, suggestion }]
  return new YeyakError(code, { detail, errors })
}

/** What came in, so far as anyone would read it in a message. */
export function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
