import { hash } from 'node:crypto'
import { stringify } from 'safe-stable-stringify'
import { type FieldError, type Text, YeyakError } from '../platform/errors.ts'
import type { Written } from './repository-content.ts'
import { type CompiledType, LONGEST_SLUG } from './types.ts'

/** Of `data` as JSON in UTF-8. */
export const MOST_DATA_BYTES = 256 * 1024

const TOO_LARGE: Text = {
  en: `must be at most ${MOST_DATA_BYTES} bytes as JSON in UTF-8`,
  ko: `UTF-8 JSON으로 ${MOST_DATA_BYTES}바이트를 넘을 수 없습니다.`,
}
const LONG_SLUG: Text = {
  en: `is the slug, which must be at most ${LONGEST_SLUG} characters`,
  ko: `슬러그이며 ${LONGEST_SLUG}자를 넘을 수 없습니다.`,
}

const invalid = (errors: readonly FieldError[]) => new YeyakError('invalid-request', { errors })

/**
 * What is kept of the data of a new revision. A draft may be unfinished: it is held against the type's schema when it is
 * scheduled or published. Throws `invalid-request` for what cannot be kept at all.
 */
export const writtenOf = (type: CompiledType, data: Readonly<Record<string, unknown>>): Written => {
  const canonical = stringify(data) ?? ''
  if (Buffer.byteLength(canonical) > MOST_DATA_BYTES) throw invalid([{ path: 'data', message: TOO_LARGE }])
  const slug = type.slugOf(data)
  if (slug !== null && slug.length > LONGEST_SLUG)
    throw invalid([{ path: `data.${type.slug}`, message: LONG_SLUG }])
  return { data, sha256: hash('sha256', canonical), slug }
}
