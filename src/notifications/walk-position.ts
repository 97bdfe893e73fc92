import { YeyakError } from '../platform/errors.ts'
import { isId } from '../platform/ids.ts'
import type { WalkPosition } from './repository-walk.ts'

/** As a cursor has it. */
export interface Position {
  key: string
  id: string
}

const NO_ID = '00000000-0000-0000-0000-000000000000'
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/u
/** The bound, then the phase, then the place in it: digits that fit into what the database takes, or an instant. */
const KEY = /^(\d{1,19}):(events|rest):(?:(\d{1,19}):(\d{1,18})|(\d{4}-[\dT:.-]+Z))?$/u

/** An instant, as cursors of what was sorted have it, and not only something that looks like one. */
export const isInstant = (key: string): boolean => INSTANT.test(key) && !Number.isNaN(Date.parse(key))

/** Throws `invalid-cursor` for what is none of ours. */
export const readPosition = ({ key, id }: Position): WalkPosition => {
  const [whole, bound, phase, xid, event, createdAt] = KEY.exec(key) ?? []
  const isOurs = whole !== undefined && bound !== undefined && isId(id)
  if (isOurs && phase === 'events' && createdAt === undefined)
    return { bound, phase, at: xid === undefined || event === undefined ? null : { key: xid, id: event } }
  if (isOurs && phase === 'rest' && xid === undefined && (createdAt === undefined || isInstant(createdAt)))
    return { bound, phase, at: createdAt === undefined ? null : { key: createdAt, id } }
  throw new YeyakError('invalid-cursor')
}

export const writePosition = ({ bound, phase, at }: WalkPosition): Position => {
  const place = at === null ? '' : phase === 'events' ? `${at.key}:${at.id}` : at.key
  return { key: `${bound}:${phase}:${place}`, id: phase === 'rest' && at !== null ? at.id : NO_ID }
}
