import { YeyakError } from '../platform/errors.ts'
import type { Content } from './content-row.ts'
import { type Due, type Ending, type Fault, reduce } from './decide.ts'
import { DONE, effectOf } from './effect.ts'
import type { Ended, Publication, RevisionOf } from './repository-execution.ts'
import type { Action } from './repository-publications.ts'
import type { Change, EventRow } from './repository-settle.ts'
import { type ContentTypes, type Identity, subjectOf } from './types.ts'

/** Said after the commit. */
export interface Line {
  level: 'info' | 'warn'
  text: string
}

/** All that a transaction writes, gathered while deciding. */
export interface Plan {
  ended: Ended[]
  changes: Change[]
  events: EventRow[]
  replanted: Publication[]
  lines: Line[]
}

/** Why a revision may not go live, as it is put on record. */
export const faultOf = (validate: () => void): Fault | null => {
  try {
    validate()
    return null
  } catch (error) {
    if (!(error instanceof YeyakError)) throw error
    return { code: error.code, message: error.detail.en, errors: error.errors }
  }
}

export const itemOf = (p: Pick<Publication, 'type' | 'resourceId' | 'locale'>): Identity => ({
  ...{ type: p.type, id: p.resourceId, locale: p.locale },
})
export const placeOf = (item: Identity & { projectId: number }) => `${item.projectId} ${subjectOf(item)}`
export const revisionKey = (key: string, number: number) => `${key} ${number}`

/** The revision that is to go live. */
export const numberOf = (item: Content, { revision }: Pick<Publication, 'revision'>) =>
  revision ?? item.draftRevision

export const endingOf = (p: { id: string }, o: Partial<Ended> & Pick<Ended, 'state'>): Ended => ({
  ...{ id: p.id, reason: null, error: null, revision: null, executedAt: null },
  ...{ lateMs: null, outcome: null, handedAt: null },
  ...o,
})

/** What a due publication comes to at `now`. What has been tried counts as an attempt. */
export const endedOf = (
  { publication: p, state, reason, error }: Ending<Due>,
  now: Date,
  o: Pick<Ended, 'revision' | 'handedAt'>,
): Ended => {
  const isTried = state === 'succeeded' || state === 'failed'
  return {
    ...{ id: p.id, state, reason, error, ...o },
    executedAt: isTried ? now : null,
    lateMs: isTried ? now.getTime() - p.dueAt.getTime() : null,
    outcome: state === 'succeeded' ? 'delivered' : state === 'failed' ? 'rejected' : null,
  }
}

/** The ids of those that the one which won has made void. */
export const supersededOf = (endings: readonly Ending<Due>[]): string[] =>
  endings.filter(({ state }) => state === 'superseded').map(({ publication }) => publication.id)

/** What is said of one that did not happen; null of the others. */
export const troubleOf = (name: string, { state, error }: Ending<Due>): Line | null =>
  state === 'failed' || state === 'missed'
    ? { level: 'warn', text: `${name} → ${state}${error === null ? '' : `: ${error.message}`}` }
    : null

/** What is said of the one that won. */
export const doneOf = (name: string, action: Action, isEffective: boolean, now: Date): Line => ({
  level: 'info',
  text: isEffective
    ? `${name} → ${DONE[action]} @${now.toISOString()}`
    : `${name}: ${action} had nothing to change`,
})

export const contentEvent = (
  p: Pick<
    Publication,
    'id' | 'projectId' | 'type' | 'resourceId' | 'locale' | 'action' | 'revision' | 'dueAt'
  >,
  type: string,
  data: Readonly<Record<string, unknown>>,
): EventRow => ({
  ...{ projectId: p.projectId, kind: 'content', subjectId: subjectOf(itemOf(p)), type, actor: null },
  data: {
    ...{ type: p.type, id: p.resourceId, locale: p.locale, publicationId: p.id, action: p.action },
    ...{ revision: p.revision, scheduledFor: p.dueAt.toISOString(), ...data },
  },
})

/** Decides about one item, of which `due` is all that is due. */
export const planItem = (
  types: ContentTypes,
  plan: Plan,
  item: Content,
  due: readonly Publication[],
  now: Date,
  revisions: ReadonlyMap<string, RevisionOf>,
  handedAt: (p: Publication) => Date | null,
): void => {
  const name = subjectOf(item)
  const revisionOf = (p: Publication) => revisions.get(revisionKey(item.key, numberOf(item, p))) ?? null
  const { endings, winner } = reduce(due, now, (p) => {
    if (p.action !== 'publish') return null
    const revision = revisionOf(p)
    if (revision === null)
      return { code: 'no-revision', message: `there is no revision ${numberOf(item, p)}` }
    return faultOf(() => types.require(item.type).validate(revision.data))
  })
  for (const ending of endings) {
    const { publication: p, state, reason, error } = ending
    const revision = state === 'succeeded' && p.action === 'publish' ? numberOf(item, p) : null
    plan.ended.push(endedOf(ending, now, { revision, handedAt: handedAt(p) }))
    const trouble = troubleOf(name, ending)
    if (trouble === null) continue
    plan.events.push(contentEvent(p, `content.${state}`, { reason, error }))
    plan.lines.push(trouble)
  }
  if (winner === null) {
    plan.changes.push({ key: item.key })
    return
  }
  const superseded = supersededOf(endings)
  const { change, event } = effectOf(types, item, {
    ...{ action: winner.action, at: now, actor: null, publication: winner, superseded },
    revision: winner.action === 'publish' ? revisionOf(winner) : null,
  })
  plan.changes.push(change)
  // It was scheduled and is not any more, though readers see no difference.
  plan.events.push(
    event ?? contentEvent(winner, 'content.unscheduled', { reason: 'without effect', superseded }),
  )
  plan.lines.push(doneOf(name, winner.action, event !== null, now))
}
