import { type Caller, commaList, invalidParameter } from '../http/index.ts'
import { YeyakError } from '../platform/errors.ts'
import { ALL_KINDS, isKind, type Kind, kindOf, KINDS, TYPE_PATTERNS } from './kinds.ts'
import { parsePosition, type Position } from './position.ts'
import type { Filter, StoredEvent } from './repository.ts'

/** As given in a query. */
export interface GivenFilter {
  type?: string | undefined
  subject?: string | undefined
}

const missingScope = (kind: Kind) => new YeyakError('missing-scope', { members: { scope: KINDS[kind] } })

/** `notification:0199…` or the id alone. */
const subjectOf = (given: string): { kind: Kind | undefined; id: string } => {
  const kind = given.slice(0, Math.max(0, given.indexOf(':')))
  return isKind(kind) ? { kind, id: given.slice(kind.length + 1) } : { kind: undefined, id: given }
}

const isWild = (pattern: string): boolean => pattern.endsWith('.*')

/** Patterns of types, as the statements take them. Throws `invalid-parameter` for those that there are not. */
const parseTypes = (given: string | undefined): Filter['only'] => {
  const patterns = commaList('type', given, TYPE_PATTERNS)
  return (
    patterns && {
      kinds: patterns.filter(isWild).map(kindOf),
      types: patterns.filter((pattern) => !isWild(pattern)),
    }
  )
}

/**
 * What the caller may read of what he asks for: events of kinds that his scopes do not cover are left out. Throws
 * `missing-scope` where he names one of those, or may read none at all.
 */
export const filterFor = (
  { projectId, scopes }: Pick<Caller, 'projectId' | 'scopes'>,
  given: GivenFilter,
): Filter => {
  const only = parseTypes(given.type)
  const subject = given.subject === undefined ? undefined : subjectOf(given.subject)
  const named = [
    ...(only === undefined ? [] : [...only.kinds, ...only.types.map(kindOf)]),
    ...(subject?.kind === undefined ? [] : [subject.kind]),
  ].filter(isKind)
  const unreadable = named.find((kind) => !scopes.has(KINDS[kind]))
  if (unreadable !== undefined) throw missingScope(unreadable)
  const readable = ALL_KINDS.filter((kind) => scopes.has(KINDS[kind]))
  if (readable.length === 0) throw missingScope('notification')
  const kinds = subject?.kind === undefined ? readable : [subject.kind]
  return { projectId, kinds, only, subjectId: subject?.id }
}

/** Whether an event is one of those, for what is read for all at once. */
export const matches = (
  { projectId, kinds, only, subjectId }: Filter,
  event: Pick<StoredEvent, 'projectId' | 'kind' | 'type' | 'subjectId'>,
): boolean =>
  event.projectId === projectId &&
  kinds.includes(event.kind) &&
  (only === undefined || only.kinds.includes(event.kind) || only.types.includes(event.type)) &&
  (subjectId === undefined || subjectId === event.subjectId)

/** Throws `invalid-parameter` for what is no id of an event. */
export const afterOf = (given: string | undefined): Position | null => {
  if (given === undefined) return null
  const position = parsePosition(given)
  if (position === null) throw invalidParameter('after', MUST_BE_ID)
  return position
}

const MUST_BE_ID = {
  en: 'must be the id of an event, such as 812000000017, or 0 for the beginning',
  ko: '812000000017과 같은 이벤트 id이거나, 처음부터라면 0이어야 합니다.',
}
