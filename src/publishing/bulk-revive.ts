import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import { orRefusal, type Refusal } from '../platform/refusal.ts'
import type { Tables } from '../platform/tables.ts'
import type { Locked } from './bulk-change.ts'
import { checkMayGoLive, type RevisionChoice, revisionAgain } from './may-go-live.ts'
import { contentEvent, numberOf, revisionKey } from './plan.ts'
import { createBulkRepository } from './repository-bulk.ts'
import { createExecutionRepository, type Publication } from './repository-execution.ts'
import { createPublications } from './repository-publications.ts'
import { tell } from './repository-settle.ts'
import { shown } from './scheduling.ts'
import type { ContentTypes } from './types.ts'

export interface Again {
  publication: Publication
  /** Null for none of its own. */
  revision: number | null
  dueAt: Date
}

const ENDED = new Set(['failed', 'canceled', 'missed'])

const inOrder = (a: Publication, b: Publication): number =>
  a.dueAt.getTime() - b.dueAt.getTime() || a.createdAt.getTime() - b.createdAt.getTime()

const nameOf = (p: Publication): string => [p.type, p.resourceId, p.locale].join(' ')

/** What of many publications may wait again, and when. */
export const createBulkRevive = (t: Tables, types: ContentTypes) => {
  const repository = createBulkRepository(t)
  const execution = createExecutionRepository(t)
  const publications = createPublications(t)

  const instantsOf = async (tx: Database, some: readonly Publication[]) => {
    const taken = new Map<string, Set<number>>()
    const of = (place: string) => {
      const set = taken.get(place) ?? new Set<number>()
      taken.set(place, set)
      return set
    }
    for (const { place, dueMs } of await repository.taken(
      tx,
      some.map(({ id }) => id),
    ))
      of(place).add(dueMs)
    return of
  }

  /** As the single call refuses: an item that is gone, a revision that is not there or that may not go live. */
  const mayGoLive = async (
    tx: Database,
    { itemFor }: Locked,
    some: readonly Publication[],
    choice: RevisionChoice,
  ) => {
    const asked = some.map((p) => {
      const item = itemFor(p) ?? null
      return { publication: p, item, revision: revisionAgain(p, item, choice) }
    })
    const wanted = asked.flatMap(({ publication: p, item, revision }) =>
      item === null || p.action !== 'publish'
        ? []
        : [{ key: item.key, number: numberOf(item, { revision }) }],
    )
    const found = new Map(
      (await execution.revisions(tx, wanted)).map((r) => [revisionKey(r.key, r.number), r.data]),
    )
    return asked.map((one) =>
      orRefusal(one.publication.id, () => {
        const { publication, item, revision } = one
        const data =
          item === null ? undefined : found.get(revisionKey(item.key, numberOf(item, { revision })))
        checkMayGoLive(types, publication, item, data)
        return one
      }),
    )
  }

  return {
    /** Several of one item follow each other by a millisecond, in the order in which they were due. */
    async choose(
      tx: Database,
      locked: Locked,
      dueAt: Date | null,
      choice: RevisionChoice,
    ): Promise<{ again: Again[]; refusals: Refusal[] }> {
      const ended = locked.mine.filter(({ state }) => ENDED.has(state)).toSorted(inOrder)
      const looked = await mayGoLive(tx, locked, ended, choice)
      const some = looked.flatMap((one) => ('value' in one ? [one.value] : []))
      const takenOf = await instantsOf(
        tx,
        some.map(({ publication }) => publication),
      )
      const again = some.map(({ publication, revision }) => {
        const taken = takenOf(nameOf(publication))
        let ms = (dueAt ?? locked.now).getTime()
        while (taken.has(ms)) ms += 1
        taken.add(ms)
        return { publication, revision, dueAt: new Date(ms) }
      })
      return { again, refusals: looked.flatMap((one) => ('refusal' in one ? [one.refusal] : [])) }
    },

    async write(tx: Database, by: By, again: readonly Again[], publishAt: unknown): Promise<void> {
      await publications.revive(
        tx,
        again.map(({ publication: { id }, dueAt, revision }) => ({ id, dueAt, revision })),
        publishAt,
      )
      await tell(
        tx,
        t,
        again.map(({ publication, dueAt, revision }) => ({
          ...contentEvent(publication, 'content.scheduled', {
            ...{ reason: 'retried', before: [], after: [shown({ ...publication, dueAt, revision })] },
          }),
          actor: by.actor,
        })),
      )
    },

    /** What an operation changed, nobody has changed since, and can be as it was. */
    async restorable(tx: Database, { mine, itemFor }: Locked, operationId: string): Promise<Publication[]> {
      const ids = mine.map(({ id }) => id)
      const kept = new Map((await repository.kept(tx, operationId, ids)).map((k) => [k.id, k]))
      const takenOf = await instantsOf(tx, mine)
      return mine.filter((p) => {
        const before = kept.get(p.id)
        if (before === undefined || before.generation !== p.generation) return false
        if (before.state !== 'scheduled') return true
        const taken = takenOf(nameOf(p))
        const ms = before.dueAt.getTime()
        const isFree = p.external || itemFor(p) !== undefined
        if (!isFree || taken.has(ms)) return false
        taken.add(ms)
        return true
      })
    },
  }
}
