/**
 * The members of `before` and `after` that differ, as an event shows a change; null where none does. `also`: of which it is
 * known otherwise that they differ.
 */
export const differences = (
  before: object,
  after: object,
  also: readonly string[] = [],
): { before: object; after: object } | null => {
  const old = new Map<string, unknown>(Object.entries(before))
  const changed = Object.entries(after).filter(
    ([name, value]) => also.includes(name) || JSON.stringify(value) !== JSON.stringify(old.get(name)),
  )
  if (changed.length === 0) return null
  return {
    before: Object.fromEntries(changed.map(([name]) => [name, old.get(name) ?? null])),
    after: Object.fromEntries(changed),
  }
}
