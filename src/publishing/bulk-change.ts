import type { BulkChanged } from '../delivery/index.ts'
import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { Tables } from '../platform/tables.ts'
import { createBulkRevive } from './bulk-revive.ts'
import type { Content } from './content-row.ts'
import type { RevisionChoice } from './may-go-live.ts'
import { contentEvent, endingOf, itemOf, placeOf } from './plan.ts'
import { createBulkRepository } from './repository-bulk.ts'
import { createExecutionRepository, type Ended, type Publication } from './repository-execution.ts'
import { NO_PUBLICATION_FILTERS, type PublicationFilters } from './repository-publication-list.ts'
import { type EventRow, settle, tell } from './repository-settle.ts'
import { shown, wakeMsOf } from './scheduling.ts'
import type { ContentTypes } from './types.ts'

/** Some publications that are decided together. */
export interface Batch extends By {
  ids: readonly string[]
  /** What they were found by: whatever no longer fits is left alone. */
  filters: PublicationFilters
  /** The operation that keeps what they were before; null where nothing is kept. */
  operationId: string | null
}

/** All that a batch is about, under its locks: items by key, publications by id, as everywhere. */
export interface Locked {
  now: Date
  /** Those that still fit, and that no release decides about. */
  mine: Publication[]
  tooLate: number
  itemFor(p: Publication): Content | undefined
}

export interface RetryTo {
  publishAt: unknown
  /** Now where it is null. */
  dueAt: Date | null
  revision: RevisionChoice
}

const fits = (p: Publication, { states, dueFrom, dueTo, error, provider }: PublicationFilters): boolean =>
  (states === undefined || states.includes(p.state)) &&
  (dueFrom === undefined || p.dueAt >= dueFrom) &&
  (dueTo === undefined || p.dueAt < dueTo) &&
  ((error === undefined && provider === undefined) || p.state === 'failed') &&
  (error === undefined || p.cause === error)

/** Whether it has happened since it was looked for. */
const cameTooLate = (p: Publication, { states }: PublicationFilters): boolean =>
  p.state === 'succeeded' && states !== undefined && !states.includes('succeeded')

/** What was canceled or settled without its time having come. */
const unscheduledEvent = (by: By, p: Publication, data: Readonly<Record<string, unknown>>): EventRow => ({
  ...contentEvent(p, 'content.unscheduled', { ...data, before: [shown(p)], after: [] }),
  actor: by.actor,
})

/** The bulk changes of publications: each decided under its own lock as the single call does, in the caller's transaction. */
export const createBulkChange = ({ tables: t, types }: { tables: Tables; types: ContentTypes }) => {
  const execution = createExecutionRepository(t)
  const repository = createBulkRepository(t)
  const revive = createBulkRevive(t, types)

  const lock = async (tx: Database, { ids, projectId, filters }: Batch): Promise<Locked> => {
    const items = await execution.lockItems(tx, ids, false)
    const { now, publications } = await execution.lockDue(tx, ids, [], true)
    const own = publications.filter((p) => p.projectId === projectId && p.releaseId === null)
    const byPlace = new Map(items.map((item) => [placeOf(item), item]))
    return {
      now,
      mine: own.filter((p) => fits(p, filters)),
      tooLate: own.filter((p) => cameTooLate(p, filters)).length,
      itemFor: (p) => byPlace.get(placeOf({ ...itemOf(p), projectId: p.projectId })),
    }
  }

  const keysOf = ({ itemFor }: Locked, changed: readonly Publication[]) => [
    ...new Set(changed.flatMap((p) => itemFor(p)?.key ?? [])),
  ]

  const settleItems = (tx: Database, locked: Locked, changed: readonly Publication[]): Promise<void> =>
    settle(
      tx,
      t,
      keysOf(locked, changed).map((key) => ({ key })),
    )

  const keep = async (tx: Database, { operationId }: Batch, changed: readonly Publication[]) => {
    if (operationId === null) return
    await repository.keep(
      tx,
      operationId,
      changed.map(({ id }) => id),
    )
  }

  const end = async (
    tx: Database,
    b: Batch,
    locked: Locked,
    mine: readonly Publication[],
    ended: (p: Publication) => Ended,
    told: (p: Publication) => EventRow,
  ): Promise<BulkChanged> => {
    await keep(tx, b, mine)
    await execution.end(tx, mine.map(ended), locked.now, mine.map(told))
    await settleItems(tx, locked, mine)
    return { changed: mine.length, tooLate: locked.tooLate, wakeMs: null }
  }

  return {
    async cancel(tx: Database, b: Batch): Promise<BulkChanged> {
      const locked = await lock(tx, b)
      return end(
        tx,
        b,
        locked,
        locked.mine.filter(({ isPending }) => isPending),
        (p) => endingOf(p, { state: 'canceled', reason: 'request' }),
        (p) => unscheduledEvent(b, p, { reason: 'request' }),
      )
    },

    /** An operator's word on what waits, has failed or was missed. What readers see stays as it is. */
    async resolve(
      tx: Database,
      b: Batch,
      { outcome, note }: { outcome: 'succeeded' | 'failed'; note: string | null },
    ): Promise<BulkChanged> {
      const locked = await lock(tx, b)
      const why = { reason: 'operator', ...(note !== null && { note }) }
      return end(
        tx,
        b,
        locked,
        locked.mine.filter(
          ({ state }) =>
            state === 'scheduled' || (outcome === 'succeeded' && (state === 'failed' || state === 'missed')),
        ),
        (p) => endingOf(p, { state: outcome, reason: 'operator' }),
        (p) =>
          outcome === 'failed'
            ? { ...contentEvent(p, 'content.failed', { ...why, error: null }), actor: b.actor }
            : unscheduledEvent(b, p, { ...why, state: outcome }),
      )
    },

    /** From failed, canceled or missed: waits again, at once where no time is given. What may not go live stays as it is. */
    async retry(tx: Database, b: Batch, to: RetryTo): Promise<BulkChanged> {
      const locked = await lock(tx, b)
      const { again, refusals } = await revive.choose(tx, locked, to.dueAt, to.revision)
      const mine = again.map(({ publication }) => publication)
      await keep(tx, b, mine)
      await revive.write(tx, b, again, to.publishAt)
      await settleItems(tx, locked, mine)
      const wakeMs = wakeMsOf(
        again.map(({ dueAt }) => dueAt),
        locked.now,
      )
      const refused = { count: refusals.length, first: refusals[0] ?? null }
      return { changed: mine.length, tooLate: locked.tooLate, wakeMs, refused }
    },

    /** Those of the batch that a retry would leave as they are, and why. */
    async refusals(tx: Database, b: Batch, to: RetryTo): Promise<Refusal[]> {
      return (await revive.choose(tx, await lock(tx, b), to.dueAt, to.revision)).refusals
    },

    /** Puts back what an operation changed, where nobody has changed it since: its generation tells. */
    async restore(tx: Database, by: By, ids: readonly string[], operationId: string): Promise<BulkChanged> {
      const locked = await lock(tx, { ...by, ids, filters: NO_PUBLICATION_FILTERS, operationId: null })
      const mine = await revive.restorable(tx, locked, operationId)
      const byId = new Map(mine.map((p) => [p.id, p]))
      const restored = await repository.restore(tx, operationId, [...byId.keys()])
      await settleItems(tx, locked, mine)
      await tell(
        tx,
        t,
        restored.flatMap((after) => {
          const before = byId.get(after.id)
          if (before === undefined) return []
          const data = { reason: 'undone', undone: operationId, state: after.state }
          const isWaiting = after.state === 'scheduled'
          const of = (p: Parameters<typeof shown>[0], is: boolean) => (is ? [shown(p)] : [])
          return {
            ...contentEvent(before, isWaiting ? 'content.scheduled' : 'content.unscheduled', {
              ...{ ...data, before: of(before, before.isPending), after: of(after, isWaiting) },
            }),
            actor: by.actor,
          }
        }),
      )
      const waiting = restored.filter(({ state }) => state === 'scheduled').map(({ nextAt }) => nextAt)
      return { changed: restored.length, tooLate: 0, wakeMs: wakeMsOf(waiting, locked.now) }
    },
  }
}
