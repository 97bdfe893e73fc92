import { YeyakError } from '../platform/errors.ts'
import type { Content } from './content-row.ts'
import { type Fault, reduce } from './decide.ts'
import { DONE, effectOf } from './effect.ts'
import type { Ended, Publication, RevisionOf } from './repository-execution.ts'
import type { Change, EventRow } from './repository-settle.ts'
import { type ContentTypes, type Identity, subjectOf } from './types.ts'

/** All that a transaction writes, gathered while deciding. */
export interface Plan {
  ended: Ended[]
  changes: Change[]
  events: EventRow[]
  replanted: Publication[]
  /** Said after the commit. */
  lines: { level: 'info' | 'warn'; text: string }[]
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

export const itemOf = (p: Publication): Identity => ({ type: p.type, id: p.resourceId, locale: p.locale })
export const placeOf = (item: Identity & { projectId: number }) => `${item.projectId} ${subjectOf(item)}`
export const revisionKey = (key: string, number: number) => `${key} ${number}`

/** The revision that a publication wants to make live. */
export const numberOf = (item: Content, p: Publication) => p.revision ?? item.draftRevision

export const endingOf = (p: Publication, o: Partial<Ended> & Pick<Ended, 'state'>): Ended => ({
  ...{ id: p.id, reason: null, error: null, revision: null, executedAt: null },
  ...{ lateMs: null, outcome: null, handedAt: null },
  ...o,
})

export const contentEvent = (
  p: Publication,
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
  for (const { publication: p, state, reason, error } of endings) {
    const executedAt = state === 'succeeded' || state === 'failed' ? now : null
    const revision = state === 'succeeded' && p.action === 'publish' ? numberOf(item, p) : null
    const lateMs = executedAt === null ? null : now.getTime() - p.dueAt.getTime()
    const outcome = state === 'succeeded' ? 'delivered' : state === 'failed' ? 'rejected' : null
    plan.ended.push(
      endingOf(p, { state, reason, error, revision, executedAt, lateMs, outcome, handedAt: handedAt(p) }),
    )
    if (state !== 'failed' && state !== 'missed') continue
    plan.events.push(contentEvent(p, `content.${state}`, { reason, error }))
    const why = error === null ? '' : `: ${error.message}`
    plan.lines.push({ level: 'warn', text: `${name} → ${state}${why}` })
  }
  const superseded = endings
    .filter(({ state }) => state === 'superseded')
    .map(({ publication }) => publication)
  const ids = superseded.map(({ id }) => id)
  if (winner === null) {
    plan.changes.push({ key: item.key })
    return
  }
  const { change, event } = effectOf(types, item, {
    ...{ action: winner.action, at: now, actor: null, publication: winner, superseded: ids },
    revision: winner.action === 'publish' ? revisionOf(winner) : null,
  })
  plan.changes.push(change)
  // It was scheduled and is not any more, though readers see no difference.
  plan.events.push(
    event ?? contentEvent(winner, 'content.unscheduled', { reason: 'without effect', superseded: ids }),
  )
  const text =
    event === null
      ? `${name}: ${winner.action} had nothing to change`
      : `${name} → ${DONE[winner.action]} @${now.toISOString()}`
  plan.lines.push({ level: 'info', text })
}
