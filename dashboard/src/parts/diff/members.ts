export type Data = Readonly<Record<string, unknown>>

export interface MemberChange {
  name: string
  kind: 'added' | 'removed' | 'changed'
  before: string
  after: string
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** As values: the order of members says nothing. */
export const isSame = (a: unknown, b: unknown): boolean => {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, i) => isSame(item, b[i]))
  if (!isObject(a) || !isObject(b)) return false
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isSame(a[name], b[name]))
  )
}

/** A text as it is, so that its lines are lines; anything else as JSON. */
const written = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '')

/** Which members differ, in the order of `after`; those that are gone come last. */
export const memberChanges = (before: Data, after: Data): MemberChange[] => {
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(after, name))
  const found = Object.keys(after).flatMap((name): MemberChange[] => {
    const text = written(after[name])
    if (!Object.hasOwn(before, name)) return [{ name, kind: 'added', before: '', after: text }]
    if (isSame(before[name], after[name])) return []
    return [{ name, kind: 'changed', before: written(before[name]), after: text }]
  })
  return [
    ...found,
    ...gone.map((name): MemberChange => ({
      name,
      kind: 'removed',
      before: written(before[name]),
      after: '',
    })),
  ]
}

/** The merge patch (RFC 7396) that makes `after` of `before`: it touches nothing but what differs. */
export const mergePatchOf = (before: Data, after: Data): Record<string, unknown> => {
  const patch: Record<string, unknown> = {}
  for (const name of Object.keys(before)) if (!Object.hasOwn(after, name)) patch[name] = null
  for (const [name, value] of Object.entries(after)) {
    const old = Object.hasOwn(before, name) ? before[name] : undefined
    if (isSame(old, value)) continue
    patch[name] = isObject(old) && isObject(value) ? mergePatchOf(old, value) : value
  }
  return patch
}

/** The same of any JSON values: what are not two objects is replaced. */
export const patchOfValue = (before: unknown, after: unknown): unknown =>
  isObject(before) && isObject(after) ? mergePatchOf(before, after) : after
