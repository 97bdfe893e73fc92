import { hash } from 'node:crypto'
import { YeyakError } from '../platform/errors.ts'

/** The last item of a page: its value in the sort field, and its id, which breaks ties. */
export interface Position {
  key: string | number | null
  id: string
}

const VERSION = 1

/**
 * A cursor is opaque to callers, but no secret: it holds a position, which gives nobody more than the filters do. It
 * is bound to its query (filters and sort), since with others it would skip or repeat items.
 */
export function encodeCursor({ key, id }: Position, query: string): string {
  return Buffer.from(JSON.stringify([VERSION, key, id, digest(query)])).toString('base64url')
}

/** Throws `invalid-cursor` for what this server has not made, or has made for another query. */
export function decodeCursor(cursor: string, query: string): Position {
  const parts = parse(cursor)
  const [version, key, id, belongsTo] = parts
  const isPosition = version === VERSION && isKey(key) && typeof id === 'string' && parts.length === 4
  if (!isPosition || belongsTo !== digest(query)) throw new YeyakError('invalid-cursor')
  return { key, id }
}

function parse(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}

const isKey = (key: unknown): key is Position['key'] =>
  key === null || typeof key === 'string' || (typeof key === 'number' && Number.isFinite(key))

const digest = (query: string): string => hash('sha256', query, 'base64url').slice(0, 11)
