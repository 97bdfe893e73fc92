import { YeyakError } from '../platform/errors.ts'
import { invalidParameter } from './filters.ts'

export const etagOf = (version: number | string): string => `"${version}"`

/** Whether `If-None-Match` names this version, so that a read is answered 304. Compared weakly, as RFC 9110 asks. */
export function isNotModified(ifNoneMatch: string | undefined, version: number | string): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch.split(',').some((part) => {
    const tag = part.trim()
    return tag === '*' || tag.replace(/^W\//u, '') === etagOf(version)
  })
}

/**
 * The version that `If-Match` names: `"7"` and `7` alike, since many send the number they have read. `any` for `*`,
 * undefined where the header is absent. Throws `invalid-parameter` for anything else.
 */
export function parseIfMatch(header: string | undefined): number | 'any' | undefined {
  if (header === undefined) return undefined
  const text = header.trim()
  if (text === '*') return 'any'
  const digits = /^(?:"(\d{1,15})"|(\d{1,15}))$/u.exec(text)
  if (digits === null) throw invalidParameter('If-Match', MUST_BE_VERSION)
  return Number(digits[1] ?? digits[2])
}

/** Throws `version-conflict` unless `If-Match` is absent or names the actual version. */
export function checkIfMatch(header: string | undefined, actual: number): void {
  const expected = parseIfMatch(header)
  if (expected === undefined || expected === 'any' || expected === actual) return
  throw new YeyakError('version-conflict', { members: { expected, actual } })
}

const MUST_BE_VERSION = {
  en: 'must be one version as in ETag ("7" or 7), or *',
  ko: 'ETag와 같은 버전 하나("7" 또는 7)이거나 *여야 합니다.',
}
