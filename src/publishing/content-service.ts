import type { By } from '../platform/actor.ts'
import { type Database, inTransaction } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import { mergePatch } from '../platform/merge-patch.ts'
import type { Timers } from '../timers/index.ts'
import type { Apply } from './apply.ts'
import type { Content, Revision } from './content-row.ts'
import { writtenOf } from './data.ts'
import type { Act } from './effect.ts'
import { type ContentRepository, takenName } from './repository-content.ts'
import type { ContentReads, Shown } from './repository-read.ts'
import type { View } from './repository-view.ts'
import type { Scheduling, Wanted } from './scheduling.ts'
import type { CompiledType, ContentTypes, Identity } from './types.ts'

/** An item with the data of the revision that was asked for. */
export interface Found {
  shown: Shown
  data: Revision['data']
}

/** The version that a caller has read, as `If-Match` names it. */
export type Expected = number | 'any'

export interface ContentServiceOptions {
  db: Database
  types: ContentTypes
  repository: ContentRepository
  reads: ContentReads
  scheduling: Scheduling
  apply: Apply
  timers: Pick<Timers, 'wake'>
}

/** A request that waits longer than this for another's row is answered so, and may be repeated. */
export const LOCK_TIMEOUT = { lock_timeout: '2s' }

/** Throws `not-found` where the item is not there, or the view shows nothing of it. */
export const foundIn = async (
  db: Database,
  { reads }: Pick<ContentServiceOptions, 'reads'>,
  { projectId }: Pick<By, 'projectId'>,
  item: Identity,
  view: View,
): Promise<Found> => {
  const found = await reads.find(db, projectId, item, view)
  if (found === null || found.revision === null) throw new YeyakError('not-found')
  return { shown: found.shown, data: found.revision.data }
}

const SLUG_TAKEN = {
  en: 'is the slug of another item of this type and locale',
  ko: '같은 유형과 로캘의 다른 항목이 이미 쓰고 있는 슬러그입니다.',
}

/** Throws `already-exists` for a write that a unique name has refused, and any other error as it is. */
export const refuseTaken = (type: CompiledType | undefined, error: unknown): never => {
  const name = takenName(error)
  if (name === 'id') throw new YeyakError('already-exists', { cause: error })
  if (name !== 'slug') throw error
  throw new YeyakError('already-exists', {
    errors: [{ path: `data.${type?.slug}`, message: SLUG_TAKEN }],
    cause: error,
  })
}

export type ContentService = ReturnType<typeof createContentService>

/** Drafts, and what is done to an item at once or is to be done later. Each change is one transaction. */
export const createContentService = (o: ContentServiceOptions) => {
  /** The item's row, locked and of the version that was expected. */
  const lock = async (tx: Database, by: By, item: Identity, expected: Expected): Promise<Content> => {
    const locked = await o.repository.lock(tx, by, item)
    if (locked === null) throw new YeyakError('not-found')
    if (expected !== 'any' && expected !== locked.version)
      throw new YeyakError('version-conflict', { members: { expected, actual: locked.version } })
    return locked
  }

  /** Lets `work` change the item, and answers it as it is then. `work` may return when the alarm is to ring. */
  const change = async (
    by: By,
    item: Identity,
    expected: Expected,
    work: (tx: Database, locked: Content, type: CompiledType) => Promise<number | null>,
  ): Promise<Found> => {
    const type = o.types.require(item.type)
    const done = await inTransaction(o.db, LOCK_TIMEOUT, async (tx) => {
      const wakeMs = await work(tx, await lock(tx, by, item, expected), type)
      return { wakeMs, found: await foundIn(tx, o, by, item, 'draft') }
    }).catch((error: unknown) => refuseTaken(type, error))
    if (done.wakeMs !== null) o.timers.wake(done.wakeMs)
    return done.found
  }

  return {
    /** Throws `unknown-model` and `not-found`. */
    find: async (by: By, item: Identity, view: View): Promise<Found> => {
      o.types.require(item.type)
      return foundIn(o.db, o, by, item, view)
    },

    /** Merges into the draft. What comes to the same makes no revision. */
    patch: (by: By, item: Identity, expected: Expected, patch: object) =>
      change(by, item, expected, async (tx, locked, type) => {
        const before = await o.reads.revision(tx, locked.key, locked.draftRevision)
        if (before === null) throw new Error('a draft without its revision')
        const written = writtenOf(type, mergePatch(before.data, patch) as Revision['data'])
        if (written.sha256 === before.sha256) return null
        const edited = await o.repository.revise(tx, by, locked, written)
        if (edited.dueAt !== null) await o.scheduling.edited(tx, by, edited)
        return null
      }),

    /** With all its revisions; nothing of it stays pending. */
    async remove(by: By, item: Identity, expected: Expected): Promise<void> {
      const type = o.types.require(item.type)
      await inTransaction(o.db, LOCK_TIMEOUT, async (tx) => {
        const locked = await lock(tx, by, item, expected)
        const canceled = await o.apply.remove(tx, locked)
        await o.repository.remove(tx, by, locked, {
          ...type.cacheHints(item, locked.slug),
          ...(canceled.length > 0 && { canceled: canceled.map(({ id }) => id) }),
        })
      })
    },

    /** Replaces what is pending for the item. */
    schedule: (by: By, item: Identity, expected: Expected, wanted: Wanted) =>
      change(
        by,
        item,
        expected,
        async (tx, locked) => (await o.scheduling.schedule(tx, by, locked, wanted)).wakeMs,
      ),

    unschedule: (by: By, item: Identity, expected: Expected) =>
      change(by, item, expected, async (tx, locked) => {
        await o.scheduling.unschedule(tx, by, locked, 'request')
        return null
      }),

    /** At once. What was pending for the item is superseded. */
    act: (by: By, item: Identity, expected: Expected, action: Act, revision: number | null = null) =>
      change(by, item, expected, async (tx, locked) => {
        await o.apply.byHand(tx, by, locked, action, revision)
        return null
      }),
  }
}
