/** An object as JSON has it: no list, and not null. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A member that is replaced as a whole: left out it stays, `null` clears it. */
export const patchedValue = <Value>(given: Value | null | undefined, current: Value, cleared: Value): Value =>
  given === undefined ? current : (given ?? cleared)

/** A member that is an object: left out it stays, `null` clears it, an object is merged into it. */
export const patchedObject = <Value extends object>(
  given: object | null | undefined,
  current: Value,
  cleared: Value,
): Value => (given === null ? cleared : (mergePatch(current, given ?? {}) as Value))

/** RFC 7396: `null` removes, objects merge, everything else replaces. */
export const mergePatch = (target: unknown, patch: unknown): unknown => {
  if (!isObject(patch)) return patch
  const merged = new Map(isObject(target) ? Object.entries(target) : [])
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key)
    else merged.set(key, mergePatch(merged.get(key), value))
  }
  // From entries, so that a member named `__proto__` stays a member.
  return Object.fromEntries(merged)
}
