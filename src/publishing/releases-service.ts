import { checkSameRequest, type Idempotency, inProgress } from '../http/index.ts'
import type { By } from '../platform/actor.ts'
import { type Database, inTransaction, isLockTimeout, isUniqueViolation } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import { isId, newId } from '../platform/ids.ts'
import type { KeysetPage } from '../platform/keyset.ts'
import type { Tables } from '../platform/tables.ts'
import { resolveWhen } from '../timers/index.ts'
import type { Expected } from './content-service.ts'
import { LOCK_TIMEOUT } from './publication-service.ts'
import { createReleaseApply } from './releases-apply.ts'
import { type Checked, repeated } from './releases-check.ts'
import { type Held, isResolvable } from './releases-parts.ts'
import { createReleaseList, type ReleaseFilters } from './repository-release-list.ts'
import { createReleaseRepository, type Release, type ReleaseItem } from './repository-releases.ts'
import { tell } from './repository-settle.ts'
import { wakeMsOf } from './scheduling.ts'
import type { ContentTypes } from './types.ts'

export type ReleaseService = ReturnType<typeof createReleaseService>

export interface ReleaseServiceOptions {
  db: Database
  tables: Tables
  types: ContentTypes
  /** After the commit of what is due soon. */
  wake(dueMs: number): void
}

export interface ReleaseBody {
  title: string
  items: readonly (Pick<ReleaseItem, 'type' | 'id'> & Partial<ReleaseItem>)[]
}

/** What waits for its time, or has done what it was for, is not changed any more; what came to nothing may be mended. */
const FROZEN = new Set(['scheduled', 'succeeded'])

const itemsOf = (given: ReleaseBody['items']): ReleaseItem[] => {
  const items = given.map(({ type, id, locale = '', action = 'publish', revision = null }) => ({
    ...{ type, id, locale, action, revision },
  }))
  const errors = repeated(items)
  if (errors.length > 0) throw new YeyakError('invalid-request', { errors })
  return items
}

/** Releases as people make, change, schedule and publish them. Each call is one transaction on the locked row. */
export const createReleaseService = ({ db, tables: t, types, wake }: ReleaseServiceOptions) => {
  const repository = createReleaseRepository(t)
  const releases = createReleaseList(t)
  const apply = createReleaseApply({ tables: t, types })

  const find = async ({ projectId }: By, id: string): Promise<Release> => {
    const found = isId(id) ? await repository.find(db, projectId, id) : null
    if (found === null) throw new YeyakError('not-found')
    return found
  }

  const locked = async (tx: Database, by: By, id: string, expected: Expected) => {
    const found = isId(id) ? await repository.lock(tx, id) : null
    if (found === null || found.projectId !== by.projectId) throw new YeyakError('not-found')
    if (expected !== 'any' && expected !== found.generation)
      throw new YeyakError('version-conflict', { members: { expected, actual: found.generation } })
    return found
  }

  const assertOpen = ({ state }: Release): void => {
    if (FROZEN.has(state)) throw new YeyakError('release-frozen')
  }

  /** Lets `work` change the locked release, and answers it as it is then. */
  const change = async (
    by: By,
    id: string,
    expected: Expected,
    work: (tx: Database, release: Release, now: Date) => Promise<number | null>,
  ): Promise<Release> => {
    const wakeMs = await inTransaction(db, LOCK_TIMEOUT, async (tx) => {
      const { now, ...release } = await locked(tx, by, id, expected)
      return work(tx, release, now)
    })
    if (wakeMs !== null) wake(wakeMs)
    return find(by, id)
  }

  const checked = async (tx: Database, held: Held): Promise<Checked> => {
    const found = await apply.check(tx, held)
    if (found.errors.length > 0) throw new YeyakError('invalid-request', { errors: found.errors })
    return found
  }

  const told = (
    tx: Database,
    by: By,
    { projectId, id }: Release,
    type: string,
    data: object,
  ): Promise<void> =>
    tell(tx, t, [
      { ...{ projectId, kind: 'release', subjectId: id, type, actor: by.actor }, data: { ...data } },
    ])

  return {
    find,
    list: ({ projectId }: By, filters: ReleaseFilters, page: KeysetPage) =>
      releases.list(db, projectId, filters, page),

    async create(
      by: By,
      body: ReleaseBody,
      idempotency: Idempotency | null,
    ): Promise<{ release: Release; replayed: boolean }> {
      const row = { id: newId(), title: body.title, items: itemsOf(body.items) }
      try {
        const release = await inTransaction(db, LOCK_TIMEOUT, async (tx) => {
          const made = await repository.insert(tx, by, row, idempotency)
          await told(tx, by, made, 'release.created', { title: made.title, items: made.items.length })
          return made
        })
        return { release, replayed: false }
      } catch (error) {
        if (idempotency === null) throw error
        if (isLockTimeout(error)) throw inProgress(error)
        if (!isUniqueViolation(error)) throw error
        const first = await repository.byIdempotencyKey(db, by.projectId, idempotency.key)
        if (first === null) throw error
        checkSameRequest(idempotency, first.requestHash)
        return { release: first, replayed: true }
      }
    },

    patch: (by: By, id: string, expected: Expected, patch: Partial<ReleaseBody>) =>
      change(by, id, expected, async (tx, release) => {
        assertOpen(release)
        const to = {
          title: patch.title ?? release.title,
          items: patch.items === undefined ? release.items : itemsOf(patch.items),
        }
        await repository.write(tx, release, { ...to, state: 'draft', reason: null, error: null })
        await told(tx, by, release, 'release.updated', {
          before: { title: release.title, items: release.items.length },
          after: { title: to.title, items: to.items.length },
        })
        return null
      }),

    async remove(by: By, id: string, expected: Expected): Promise<void> {
      await inTransaction(db, LOCK_TIMEOUT, async (tx) => {
        const release = await locked(tx, by, id, expected)
        assertOpen(release)
        await repository.remove(tx, id)
        await told(tx, by, release, 'release.deleted', { title: release.title })
      })
    },

    schedule: (
      by: By,
      id: string,
      expected: Expected,
      body: { publishAt?: unknown; maxLateSeconds?: number },
    ) =>
      change(by, id, expected, async (tx, release, now) => {
        assertOpen(release)
        const { at: dueAt } = resolveWhen(body.publishAt, { path: 'publishAt', now, past: 'refuse' })
        const held = await apply.hold(tx, release, now)
        const maxLateSeconds = body.maxLateSeconds ?? null
        const to = { publishAt: body.publishAt, dueAt, maxLateSeconds }
        await apply.schedule(tx, by, held, await checked(tx, held), to)
        return wakeMsOf([dueAt], now)
      }),

    /** What has come to nothing waits again, as it was scheduled, with a fresh budget of tries; at once without a time. */
    retry: (by: By, id: string, expected: Expected, body: { publishAt?: unknown; maxLateSeconds?: number }) =>
      change(by, id, expected, async (tx, release, now) => {
        const { state } = release
        if (state === 'draft' || state === 'scheduled')
          throw new YeyakError('not-final', { members: { state } })
        if (state === 'succeeded')
          throw new YeyakError('already-final', { members: { outcome: 'already_final', state } })
        const publishAt = body.publishAt ?? null
        const dueAt =
          publishAt === null ? now : resolveWhen(publishAt, { path: 'publishAt', now, past: 'refuse' }).at
        const held = await apply.hold(tx, release, now)
        const maxLateSeconds = body.maxLateSeconds ?? release.maxLateSeconds
        await apply.schedule(tx, by, held, await checked(tx, held), { publishAt, dueAt, maxLateSeconds })
        return wakeMsOf([dueAt], now)
      }),

    /** What has come to nothing is called off, and is a dead letter no longer. */
    resolve: (by: By, id: string, expected: Expected, note: string | null) =>
      change(by, id, expected, async (tx, release) => {
        const { state } = release
        if (state === 'draft' || state === 'scheduled')
          throw new YeyakError('not-final', { members: { state } })
        if (!isResolvable(release))
          throw new YeyakError('already-final', { members: { outcome: 'already_final', state } })
        await apply.resolve(tx, by, release, note)
        return null
      }),

    /** Changes nothing: whether it could be published now. */
    async validate(by: By, id: string): Promise<Checked['errors']> {
      return inTransaction(db, LOCK_TIMEOUT, async (tx) => {
        const { now, ...release } = await locked(tx, by, id, 'any')
        return (await apply.check(tx, await apply.hold(tx, release, now))).errors
      })
    },

    /** At once, whether or not it is scheduled. */
    publish: (by: By, id: string, expected: Expected) =>
      change(by, id, expected, async (tx, release, now) => {
        if (release.state === 'succeeded')
          throw new YeyakError('already-final', {
            members: { outcome: 'already_final', state: release.state },
          })
        const held = await apply.hold(tx, release, now)
        await apply.publish(tx, by, held, await checked(tx, held))
        return null
      }),

    cancel: (by: By, id: string, expected: Expected) =>
      change(by, id, expected, async (tx, release, now) => {
        const { state } = release
        if (state === 'canceled') return null
        if (state !== 'scheduled' && state !== 'draft')
          throw new YeyakError('already-final', { members: { outcome: 'already_final', state } })
        const held = await apply.hold(tx, release, now)
        await apply.drop(tx, by, held, { state: 'canceled', reason: 'request', error: null })
        return null
      }),
  }
}
