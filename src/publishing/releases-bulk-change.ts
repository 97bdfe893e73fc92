import type { BulkChanged } from '../delivery/index.ts'
import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import { type FieldError, YeyakError } from '../platform/errors.ts'
import { addRefusals, NO_REFUSALS, refusalOf } from '../platform/refusal.ts'
import type { Tables } from '../platform/tables.ts'
import { createReleaseApply } from './releases-apply.ts'
import { createLetGo } from './releases-drop.ts'
import { isResolvable, releaseEvent } from './releases-parts.ts'
import { createReleaseBulkRepository } from './repository-release-bulk.ts'
import { fitsRelease, type ReleaseFilters } from './repository-release-list.ts'
import { createReleaseRepository, type Release } from './repository-releases.ts'
import { tell } from './repository-settle.ts'
import { wakeMsOf } from './scheduling.ts'
import type { ContentTypes } from './types.ts'

export interface ReleaseBatch extends By {
  ids: readonly string[]
  /** What they were found by: whatever no longer fits is left alone. */
  filters: ReleaseFilters
  /** The operation that keeps what they were before; null where nothing is kept. */
  operationId: string | null
}

const NOTHING: BulkChanged = { changed: 0, tooLate: 0, wakeMs: null }
const refused = (id: string, errors: readonly FieldError[]): BulkChanged => ({
  ...{
    ...NOTHING,
    refused: { count: 1, first: refusalOf(id, new YeyakError('invalid-request', { errors })) },
  },
})
const RETRIED = new Set(['failed', 'missed', 'canceled'])

const plus = (a: BulkChanged, b: BulkChanged): BulkChanged => ({
  changed: a.changed + b.changed,
  tooLate: a.tooLate + b.tooLate,
  ...((a.refused ?? b.refused) !== undefined && {
    refused: addRefusals(a.refused ?? NO_REFUSALS, b.refused ?? NO_REFUSALS),
  }),
  wakeMs: a.wakeMs === null || b.wakeMs === null ? (a.wakeMs ?? b.wakeMs) : Math.min(a.wakeMs, b.wakeMs),
})

/** The bulk changes of releases: each decided under its own locks as the single call does, in the caller's transaction. */
export const createReleaseBulkChange = ({ tables: t, types }: { tables: Tables; types: ContentTypes }) => {
  const repository = createReleaseRepository(t)
  const bulk = createReleaseBulkRepository(t)
  const apply = createReleaseApply({ tables: t, types })
  const letGo = createLetGo(t)

  type Change = (release: Release, now: Date) => Promise<BulkChanged>
  const each = async (tx: Database, { projectId }: By, ids: readonly string[], change: Change) => {
    let all = NOTHING
    for (const id of ids) {
      const found = await repository.lock(tx, id)
      if (found === null || found.projectId !== projectId) continue
      const { now, ...release } = found
      all = plus(all, await change(release, now))
    }
    return all
  }
  const eachOf = (tx: Database, b: ReleaseBatch, change: Change): Promise<BulkChanged> =>
    each(tx, b, b.ids, async (release, now) => {
      if (fitsRelease(release, b.filters)) return change(release, now)
      const { states } = b.filters
      const cameTooLate =
        release.state === 'succeeded' && states !== undefined && !states.includes('succeeded')
      return { ...NOTHING, tooLate: cameTooLate ? 1 : 0 }
    })
  const keep = async (tx: Database, { operationId }: ReleaseBatch, { id }: Release) => {
    if (operationId !== null) await bulk.keep(tx, operationId, id)
  }

  return {
    /** From failed, canceled or missed: waits again, at once where no time is given. What may not go live stays as it is. */
    retry: (
      tx: Database,
      b: ReleaseBatch,
      to: { publishAt: unknown; dueAt: Date | null; maxLateSeconds: number | null },
    ): Promise<BulkChanged> =>
      eachOf(tx, b, async (release, now) => {
        if (!RETRIED.has(release.state)) return NOTHING
        const held = await apply.hold(tx, release, now)
        const checked = await apply.check(tx, held)
        if (checked.errors.length > 0) return refused(release.id, checked.errors)
        const dueAt = to.dueAt ?? now
        const maxLateSeconds = to.maxLateSeconds ?? release.maxLateSeconds
        await keep(tx, b, release)
        await apply.schedule(tx, b, held, checked, { publishAt: to.publishAt, dueAt, maxLateSeconds })
        return { changed: 1, tooLate: 0, wakeMs: wakeMsOf([dueAt], now) }
      }),

    /** An operator's word on what has failed or was missed. Its items stay as they are. */
    resolve: (tx: Database, b: ReleaseBatch, note: string | null): Promise<BulkChanged> =>
      eachOf(tx, b, async (release) => {
        if (!isResolvable(release)) return NOTHING
        await keep(tx, b, release)
        await apply.resolve(tx, b, release, note)
        return { ...NOTHING, changed: 1 }
      }),

    /** Puts back what an operation changed, where nothing has happened to it since. */
    restore: (tx: Database, by: By, ids: readonly string[], operationId: string): Promise<BulkChanged> =>
      each(tx, by, ids, async (release, now) => {
        const before = await bulk.kept(tx, operationId, release)
        if (before === null) return NOTHING
        const events =
          release.state === 'scheduled'
            ? await letGo(tx, by, await apply.hold(tx, release, now), { state: 'canceled', reason: 'undone' })
            : []
        await repository.write(tx, release, { ...before, nextAt: null })
        const data = { reason: 'undone', undone: operationId, state: before.state }
        await tell(tx, t, [releaseEvent(release, 'release.updated', by, data), ...events])
        return { ...NOTHING, changed: 1 }
      }),
  }
}
