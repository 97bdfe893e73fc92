import { ALL_KINDS, TYPE_PATTERNS } from '../events/index.ts'
import type { FieldError } from '../platform/errors.ts'
import { suggest } from '../platform/suggest.ts'

export const MOST_TYPES = 50

const KNOWN = new Set([...TYPE_PATTERNS, '*'])

/** The type that was meant, or all of the kind. */
const mendOf = (pattern: string): string | undefined => {
  const near = suggest(pattern, TYPE_PATTERNS)
  if (near !== undefined) return near
  const [given = ''] = pattern.split('.')
  const kind = ALL_KINDS.find((one) => one === given) ?? suggest(given, ALL_KINDS)
  return kind === undefined ? undefined : `${kind}.*`
}

/** What is wrong with a list of types: each is a type, `content.*` for all types of a kind, or `*` for all. */
export const faultsOfTypes = (types: readonly string[]): FieldError[] =>
  types.flatMap((pattern, i) => {
    if (KNOWN.has(pattern)) return []
    const suggestion = mendOf(pattern)
    const kinds = ALL_KINDS.join(', ')
    return [
      {
        path: `types[${i}]`,
        message: {
          en: `must be a type of events, all of a kind as in content.*, or *; kinds are ${kinds}`,
          ko: `이벤트 유형, content.*처럼 한 종류 전체, 또는 *여야 합니다. 종류: ${kinds}`,
        },
        ...(suggestion !== undefined && { suggestion }),
      },
    ]
  })
