import type { ErrorObject } from 'ajv'

/**
 * AJV reports a failed `anyOf` as the faults of all its branches, then one of its own: most of it about forms that
 * nobody tried to write. This keeps what helps: the faults of the branch that was meant, or, where the value is of
 * no branch's kind, one fault that names all kinds.
 */
export function withoutNoise(errors: readonly ErrorObject[]): ErrorObject[] {
  const kept: ErrorObject[] = []
  for (const error of errors) {
    // `if` and `propertyNames` only repeat that there is a fault inside.
    if (error.keyword === 'if' || error.keyword === 'propertyNames') continue
    if (error.keyword !== 'anyOf' && error.keyword !== 'oneOf') {
      kept.push(error)
      continue
    }
    // The branches' faults come right before, nested unions reduced already.
    let start = kept.length
    while (start > 0 && isWithin(kept[start - 1], error)) start -= 1
    const inner = kept.splice(start)
    kept.push(...(inner.length === 0 ? [error] : meant(error, inner)))
  }
  return kept
}

const isWithin = (inner: ErrorObject | undefined, union: ErrorObject): boolean =>
  inner !== undefined && inner.schemaPath.startsWith(`${union.schemaPath}/`)

function meant(union: ErrorObject, inner: ErrorObject[]): ErrorObject[] {
  const branches = [...Map.groupBy(inner, (error) => branchOf(error, union)).values()]
  const suitable = branches.filter((faults) => !faults.some((fault) => isOtherKind(fault, union)))
  // A union with words of its own says better what it takes.
  if (suitable.length === 0 && union.parentSchema?.['x-message'] !== undefined) return [union]
  if (suitable.length === 0)
    return [
      merged(
        union,
        branches.flat().filter((fault) => isOtherKind(fault, union)),
      ),
    ]
  const chosen = suitable.filter((faults) => !faults.some((fault) => isOtherTag(fault, union)))
  const [first, ...rest] = chosen.length > 0 ? chosen : suitable
  // Every tag was wrong: one fault with all the tags that there are.
  if (chosen.length === 0 && first !== undefined) {
    return [
      merged(
        union,
        suitable.flat().filter((fault) => isOtherTag(fault, union)),
      ),
    ]
  }
  return rest.reduce((best, faults) => (faults.length < best.length ? faults : best), first ?? [])
}

const branchOf = (error: ErrorObject, union: ErrorObject): string =>
  error.schemaPath.slice(union.schemaPath.length + 1).split('/', 1)[0] ?? ''

const isChoice = (fault: ErrorObject): boolean => fault.keyword === 'const' || fault.keyword === 'enum'

/** The value as a whole is none of this branch: another type, or another constant. */
const isOtherKind = (fault: ErrorObject, union: ErrorObject): boolean =>
  fault.instancePath === union.instancePath && (fault.keyword === 'type' || isChoice(fault))

/** A member with a fixed value, such as `"channel": "log"`, says that another branch was meant. */
const isOtherTag = (fault: ErrorObject, union: ErrorObject): boolean =>
  isChoice(fault) &&
  fault.instancePath.startsWith(`${union.instancePath}/`) &&
  !fault.instancePath.slice(union.instancePath.length + 1).includes('/')

/** One fault in place of many of the same place: `const` and `enum` as one `enum`, `type` as one `type`. */
function merged(union: ErrorObject, faults: ErrorObject[]): ErrorObject {
  const [first = union] = faults
  const choices = faults
    .filter(isChoice)
    .flatMap(({ keyword, params }): unknown[] =>
      keyword === 'const' ? [params['allowedValue']] : [...asArray(params['allowedValues'])],
    )
  const types = faults
    .filter(({ keyword }) => keyword === 'type')
    .flatMap(({ params }) => asArray(params['type']))
  // Where both are allowed, a text that is near to one of the choices is told about those.
  const named = choices.length > 0 && (types.length === 0 || typeof first.data === 'string')
  return named
    ? {
        ...first,
        schemaPath: `${union.schemaPath}/0`,
        keyword: 'enum',
        params: { allowedValues: [...new Set(choices)] },
      }
    : {
        ...first,
        schemaPath: `${union.schemaPath}/0`,
        keyword: 'type',
        params: { type: [...new Set(types)] },
      }
}

const asArray = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value])
