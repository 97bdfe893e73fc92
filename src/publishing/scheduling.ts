import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import { newId } from '../platform/ids.ts'
import type { Tables } from '../platform/tables.ts'
import { NOTIFY_HORIZON_SECONDS } from '../timers/index.ts'
import type { Content } from './content-row.ts'
import { type Closed, createPublications, type NewPublication } from './repository-publications.ts'
import { settle, tell } from './repository-settle.ts'
import { checkOrder, noRevision, type Step, stepsOf, type Wanted } from './scheduling-steps.ts'
import { type ContentTypes, laneOfType, subjectOf } from './types.ts'

export { MOST_ACTIONS, type Wanted } from './scheduling-steps.ts'

/** What has been planted: where `wakeMs` is given, the alarm is to be woken with it once the transaction is committed. */
export interface Planted {
  wakeMs: number | null
}

/** A publication, as events tell of it. */
export const shown = (closed: Closed) => ({
  publicationId: closed.id,
  action: closed.action,
  revision: closed.revision,
  dueAt: closed.dueAt.toISOString(),
})

/** The earliest instant that the alarm must be told of. */
export const wakeMsOf = (dues: readonly Date[], now: Date): number | null => {
  const firstMs = Math.min(...dues.map((due) => due.getTime()))
  return firstMs < now.getTime() + NOTIFY_HORIZON_SECONDS * 1000 ? firstMs : null
}

export type Scheduling = ReturnType<typeof createScheduling>

/** Changes what is pending for an item, inside the caller's transaction, who has locked the item's row. */
export const createScheduling = ({ tables: t, types }: { tables: Tables; types: ContentTypes }) => {
  const publications = createPublications(t)

  /** Every revision that is to go live must be there, and be valid now: what is refused later, nobody sees in time. */
  const checkRevisions = async (tx: Database, item: Content, steps: readonly Step[]): Promise<void> => {
    const wanted = steps.filter(({ action }) => action === 'publish')
    const numberOf = (step: Step) => step.revision ?? item.draftRevision
    const found = await publications.revisions(tx, item.key, [...new Set(wanted.map(numberOf))])
    const type = types.require(item.type)
    for (const step of wanted) {
      const revision = found.get(numberOf(step))
      if (revision === undefined) throw noRevision(step.path.revision, numberOf(step), item)
      type.validate(revision.data)
    }
  }

  const rowsOf = (by: By, item: Content, steps: readonly Step[], wanted: Wanted): NewPublication[] => {
    const onEdit = wanted.onEdit ?? types.require(item.type).onEdit
    return steps.map((step) => ({
      ...{
        id: newId(),
        projectId: item.projectId,
        type: item.type,
        resourceId: item.id,
        contentKey: item.key,
        locale: item.locale,
      },
      ...{ lane: laneOfType(item.type), action: step.action, onEdit, given: step.given, dueAt: step.at },
      // Whoever follows the draft has none of its own; one that was named stays that one.
      revision:
        step.action !== 'publish' || (onEdit === 'follow' && step.revision === null)
          ? null
          : (step.revision ?? item.draftRevision),
      // An end that is late is better than none.
      maxLateSeconds: step.action === 'publish' ? (wanted.maxLateSeconds ?? null) : null,
      ...{ releaseId: null, actor: by.actor },
    }))
  }

  return {
    /**
     * Replaces what is pending for the item; a release decides about its own. `path`: where `wanted` stands in the body,
     * such as `schedule.`. Throws `publish-at-not-future`, `invalid-request` and whatever a time can be refused with.
     */
    async schedule(tx: Database, by: By, item: Content, wanted: Wanted, path = ''): Promise<Planted> {
      const now = await publications.now(tx)
      const steps = stepsOf(wanted, now, path)
      checkOrder(item, steps, path)
      await checkRevisions(tx, item, steps)
      const before = await publications.close(tx, item, 'own', { state: 'canceled', reason: 'rescheduled' })
      const after = rowsOf(by, item, steps, wanted)
      await publications.insert(tx, after)
      await settle(tx, t, [{ key: item.key }])
      const data = { before: before.map(shown), after: after.map(shown) }
      await tell(tx, t, [{ ...eventOf(item), type: 'content.scheduled', actor: by.actor, data }])
      return {
        wakeMs: wakeMsOf(
          steps.map((step) => step.at),
          now,
        ),
      }
    },

    /** Leaves nothing of the item's own pending. False where nothing was, and nothing has changed. */
    async unschedule(tx: Database, by: By, item: Content, reason: string): Promise<boolean> {
      const before = await publications.close(tx, item, 'own', { state: 'canceled', reason })
      if (before.length === 0) return false
      await settle(tx, t, [{ key: item.key }])
      await tell(tx, t, [unscheduled(by, item, before, reason)])
      return true
    },

    /**
     * The draft has become another revision: what is pending by policy `cancel` is canceled. `follow` is checked again
     * when it goes live. The item's version rises only where something was canceled.
     */
    async edited(tx: Database, by: By, item: Content): Promise<boolean> {
      const before = await publications.close(tx, item, 'edited', { state: 'canceled', reason: 'edited' })
      if (before.length === 0) return false
      await settle(tx, t, [{ key: item.key }])
      await tell(tx, t, [unscheduled(by, item, before, 'edited')])
      return true
    },
  }
}

export const eventOf = (item: Content) => ({
  projectId: item.projectId,
  kind: 'content' as const,
  subjectId: subjectOf(item),
})

export const unscheduled = (by: By, item: Content, before: readonly Closed[], reason: string) => ({
  ...eventOf(item),
  type: 'content.unscheduled',
  actor: by.actor,
  data: { reason, before: before.map(shown), after: [] },
})
