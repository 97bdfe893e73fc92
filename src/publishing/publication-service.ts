import type { By } from '../platform/actor.ts'
import { type Database, inTransaction, isUniqueViolation } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import { isId } from '../platform/ids.ts'
import type { KeysetPage } from '../platform/keyset.ts'
import type { Tables } from '../platform/tables.ts'
import { resolveWhen } from '../timers/index.ts'
import type { Content } from './content-row.ts'
import type { External } from './external.ts'
import { checkMayGoLive, type RevisionChoice, revisionAgain } from './may-go-live.ts'
import { endingOf, itemOf, numberOf } from './plan.ts'
import { createExternalDue } from './repository-external-due.ts'
import { createExecutionRepository, type Publication } from './repository-execution.ts'
import { createPublications } from './repository-publications.ts'
import { createPublicationList, type PublicationFilters } from './repository-publication-list.ts'
import { settle, tell } from './repository-settle.ts'
import { shown, wakeMsOf } from './scheduling.ts'
import { type ContentTypes, subjectOf } from './types.ts'

export type PublicationService = ReturnType<typeof createPublicationService>

export interface PublicationServiceOptions {
  db: Database
  tables: Tables
  types: ContentTypes
  /** Rows in tables of the application's own. */
  external?: External | null
  /** After the commit of what is due soon. */
  wake(dueMs: number): void
}

/** How long a request waits for somebody else's transaction on the item. */
export const LOCK_TIMEOUT = { lock_timeout: '5s' }
/** Two at one instant for one item are one too many: the next millisecond is free. */
const RETRY_TRIES = 5

/** What people do to single publications. The item is locked first, then its publication, as everywhere. */
export const createPublicationService = (o: PublicationServiceOptions) => {
  const { tables: t } = o
  const list = createPublicationList(t)
  const execution = createExecutionRepository(t)
  const publications = createPublications(t)
  const due = createExternalDue(t)

  const detail = async (projectId: number, id: string) => {
    const found = isId(id) ? await list.find(o.db, projectId, id) : null
    if (found === null) throw new YeyakError('not-found')
    return found
  }

  /** A release decides about its items as a whole. */
  const locked = async (
    tx: Database,
    by: By,
    id: string,
  ): Promise<{ now: Date; publication: Publication; item: Content | null }> => {
    const [item = null] = await execution.lockItems(tx, [id], false)
    const { now, publications: found } = await execution.lockDue(tx, [id], [], true)
    const [publication] = found
    if (publication === undefined || publication.projectId !== by.projectId) throw new YeyakError('not-found')
    if (publication.releaseId !== null) throw new YeyakError('release-frozen')
    return { now, publication, item }
  }

  const alreadyFinal = (p: Publication) =>
    new YeyakError('already-final', { members: { outcome: 'already_final', state: p.state } })

  const eventOf = (by: By, p: Publication, type: string, data: Readonly<Record<string, unknown>>) => ({
    ...{ projectId: p.projectId, kind: 'content' as const, type, actor: by.actor, data },
    subjectId: subjectOf(itemOf(p)),
  })

  const checkRevision = async (
    tx: Database,
    p: Publication,
    item: Content | null,
    revision: number | null,
  ): Promise<void> => {
    if (item === null || p.action !== 'publish') return checkMayGoLive(o.types, p, item, undefined)
    const number = numberOf(item, { revision })
    const found = await publications.revisions(tx, item.key, [number])
    checkMayGoLive(o.types, p, item, found.get(number)?.data)
  }

  /** Where it is of a row of the application's: that is written by its own client, and may be repeated. */
  const settleRow = async (id: string): Promise<void> => {
    const { external } = o
    if (!external) return
    const target = await due.target(o.db, id)
    if (target === null || !external.has(target.model)) return
    const row = { projectId: target.projectId, model: target.model, id: target.resourceId }
    await external.transaction(async ({ db: tx }) => {
      if (await external.hold(tx, row)) await external.settle(tx, row)
    })
  }

  const retryOnce = (
    by: By,
    id: string,
    publishAt: unknown,
    choice: RevisionChoice,
  ): Promise<number | null> =>
    inTransaction(o.db, LOCK_TIMEOUT, async (tx) => {
      const { now, publication, item } = await locked(tx, by, id)
      const { state } = publication
      if (publication.isPending) throw new YeyakError('not-final', { members: { state } })
      if (state === 'succeeded' || state === 'superseded') throw alreadyFinal(publication)
      const revision = revisionAgain(publication, item, choice)
      await checkRevision(tx, publication, item, revision)
      const dueAt =
        publishAt === undefined ? now : resolveWhen(publishAt, { path: 'publishAt', now, past: 'refuse' }).at
      await publications.revive(tx, [{ id, dueAt, revision }], publishAt ?? null)
      if (item !== null) await settle(tx, t, [{ key: item.key }])
      const data = { reason: 'retried', before: [], after: [shown({ ...publication, dueAt, revision })] }
      await tell(tx, t, [eventOf(by, publication, 'content.scheduled', data)])
      return wakeMsOf([dueAt], now)
    })

  return {
    list: ({ projectId }: By, filters: PublicationFilters, page: KeysetPage) =>
      list.list(o.db, projectId, filters, page),
    detail: ({ projectId }: By, id: string) => detail(projectId, id),

    /** `canceled` means that it will not happen. */
    async cancel(by: By, id: string): Promise<{ outcome: 'canceled'; state: 'canceled' }> {
      const done = { outcome: 'canceled', state: 'canceled' } as const
      if (!isId(id)) throw new YeyakError('not-found')
      await inTransaction(o.db, LOCK_TIMEOUT, async (tx) => {
        const { now, publication, item } = await locked(tx, by, id)
        if (publication.state === 'canceled') return
        if (!publication.isPending) throw alreadyFinal(publication)
        const ended = endingOf(publication, { state: 'canceled', reason: 'request' })
        const data = { reason: 'request', before: [shown(publication)], after: [] }
        await execution.end(tx, [ended], now, [eventOf(by, publication, 'content.unscheduled', data)])
        if (item !== null) await settle(tx, t, [{ key: item.key }])
      })
      await settleRow(id)
      return done
    },

    /** From failed, canceled or missed: waits again, with a fresh budget of tries; at once where no time is given. */
    async retry(by: By, id: string, publishAt: unknown, choice: RevisionChoice = 'pinned') {
      if (!isId(id)) throw new YeyakError('not-found')
      for (let tries = 1; ; tries += 1) {
        try {
          const wakeMs = await retryOnce(by, id, publishAt, choice)
          await settleRow(id)
          if (wakeMs !== null) o.wake(wakeMs)
          return await detail(by.projectId, id)
        } catch (error) {
          if (!isUniqueViolation(error)) throw error
          if (publishAt !== undefined || tries >= RETRY_TRIES)
            throw new YeyakError('already-exists', { cause: error })
        }
      }
    },
  }
}
