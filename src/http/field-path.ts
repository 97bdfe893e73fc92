const PLAIN = /^[\p{L}_$][\p{L}\p{N}_$-]{0,99}$/u

/** `notifications[3].to`: the path of a member, of an element where `key` is a number. */
export function joinPath(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`
  // Any other key is quoted, with what cannot be read as escapes, and cut: it is the caller's, of any length.
  if (!PLAIN.test(key)) return `${path}[${JSON.stringify(key.toWellFormed().slice(0, 100))}]`
  return path === '' ? key : `${path}.${key}`
}

/** The path that a JSON pointer (`/notifications/3/to`) has in `root`, which tells elements from members. */
export function pathOfPointer(pointer: string, root: unknown): string {
  let path = ''
  let at: unknown = root
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~')
    path = joinPath(path, Array.isArray(at) ? Number(key) : key)
    at = typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined
  }
  return path
}
