/**
 * The body without the members that are `null`, in a create or a `PUT`, where `null` means left out. Only the
 * top level: inside `metadata` or `payload` a `null` is the caller's own value.
 */
export function withoutNulls(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body
  const members = Object.entries(body)
  // Most bodies have none, and are handed back as they are.
  return members.some(isNull) ? Object.fromEntries(members.filter((member) => !isNull(member))) : body
}

const isNull = ([, value]: [string, unknown]): boolean => value === null
