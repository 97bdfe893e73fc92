import { RETRYABLE, type TimelineItem, toTimeline } from '../delivery/index.ts'
import { unavailable } from '../http/index.ts'
import type { By } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import { type Database, isUniqueViolation } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import { isId } from '../platform/ids.ts'
import type { Timers } from '../timers/index.ts'
import { errorOf } from '../platform/refusal.ts'
import { type Patch, type Prepare, resolveTimes } from './prepare.ts'
import type { NotificationEdit } from './bulk-edit.ts'
import type { Decision } from './repository-change.ts'
import { NO_FILTERS } from './repository-list.ts'
import type { Times } from './repository-sets.ts'
import type { Detail, Notification, Repository } from './repository.ts'

export type Service = ReturnType<typeof createService>

export interface ServiceOptions {
  db: Database
  clock: Clock
  repository: Repository
  timers: Timers
  prepare: Prepare
  editing: Pick<NotificationEdit, 'retry'>
}

/** The version that a caller has read; null where it does not matter. */
export type IfVersion = number | null

export interface RetryBody {
  sendAt?: unknown
  expiresAt?: unknown
  patch?: Patch
}

/** A patch is decided from a row that may change under it; this often it is decided again. */
const PATCH_TRIES = 10

const notFound = () => new YeyakError('not-found')

/** Refuses what the state of the locked row forbade, with its true state. */
const refusal = (decision: { state: string; generation: number }, ifVersion: IfVersion): YeyakError => {
  const { state, generation } = decision
  if (ifVersion !== null && ifVersion !== generation) {
    return new YeyakError('version-conflict', { members: { expected: ifVersion, actual: generation } })
  }
  if (state === 'sending') return new YeyakError('too-late', { members: { outcome: 'too_late', state } })
  return new YeyakError('already-final', { members: { outcome: 'already_final', state } })
}

export const createService = (o: ServiceOptions) => {
  const find = async (projectId: number, id: string): Promise<Notification> => {
    const found = isId(id) ? await o.repository.find(o.db, projectId, id) : null
    if (found === null) throw notFound()
    return found
  }

  const detail = async (projectId: number, id: string, events = false): Promise<Detail> => {
    const found = isId(id) ? await o.repository.detail(o.db, projectId, id, events) : null
    if (found === null) throw notFound()
    return found
  }

  /** Runs a change that is one statement on the row, and wakes the alarm where it planted something due soon. */
  const decide = async (id: string, change: () => Promise<Decision | null>): Promise<Decision> => {
    const decision = isId(id) ? await change() : null
    if (decision === null) throw notFound()
    if (decision.soonMs !== null) o.timers.wake(decision.soonMs)
    return decision
  }

  /** What comes back takes its dedupe key again, which another one bears by now. */
  const duplicate = async ({ projectId, dedupeKey }: Notification, cause?: unknown): Promise<YeyakError> => {
    const pending = dedupeKey === null ? null : await o.repository.pending(o.db, projectId, [dedupeKey])
    const existingId = pending?.get(dedupeKey ?? '')?.id
    return new YeyakError('duplicate', { members: { ...(existingId && { existingId }) }, cause })
  }

  const throwDuplicate = async ({ projectId }: By, id: string, error: unknown): Promise<never> => {
    if (!isUniqueViolation(error)) throw error
    throw await duplicate(await find(projectId, id), error)
  }

  /** Why it does not wait again; undefined where its state is no reason. */
  const retryRefusal = (
    decision: Pick<Decision, 'state' | 'reason' | 'generation'>,
    ifVersion: IfVersion,
  ): YeyakError | undefined => {
    const { state, reason, generation } = decision
    const isStale = ifVersion !== null && ifVersion !== generation
    if (state === 'delivered' || reason === 'forgotten' || isStale) return refusal(decision, ifVersion)
    return RETRYABLE.includes(state) ? undefined : new YeyakError('not-final', { members: { state } })
  }

  /** One is edited as many are: under its lock. */
  const editAgain = async (
    by: By,
    id: string,
    ifVersion: IfVersion,
    patch: Patch,
    to: Times & { dueAt: Date },
  ): Promise<void> => {
    if (!isId(id)) throw notFound()
    const batch = { ...by, ids: [id], filters: NO_FILTERS, generation: ifVersion, operationId: null }
    const { changed, wakeMs, refused } = await o.db
      .transaction()
      .execute((tx) => o.editing.retry(tx, batch, patch, to))
      .catch((error: unknown) => throwDuplicate(by, id, error))
    if (refused.first !== null) throw errorOf(refused.first)
    if (wakeMs !== null) o.timers.wake(wakeMs)
    if (changed === 1) return
    const current = await find(by.projectId, id)
    throw retryRefusal({ ...current, state: current.stored }, ifVersion) ?? (await duplicate(current))
  }

  return {
    detail: ({ projectId }: By, id: string): Promise<Detail> => detail(projectId, id),

    async timeline({ projectId }: By, id: string): Promise<TimelineItem[]> {
      const { notification, attempts, events } = await detail(projectId, id, true)
      return toTimeline(notification, attempts, events)
    },

    /** The answer is the truth: `canceled` means that it will not be sent. */
    async cancel(
      by: By,
      id: string,
      ifVersion: IfVersion,
    ): Promise<{ outcome: 'canceled'; state: 'canceled' }> {
      const decision = await decide(id, () => o.repository.cancel(o.db, by, id, ifVersion))
      const waiting = decision.state === 'scheduled' || decision.state === 'retrying'
      const isCanceled = decision.state === 'canceled' || (waiting && decision.changed)
      if (!isCanceled) throw refusal(decision, ifVersion)
      return { outcome: 'canceled', state: 'canceled' }
    },

    async patch(by: By, id: string, patch: Patch, ifVersion: IfVersion): Promise<Detail> {
      for (let tries = 0; tries < PATCH_TRIES; tries += 1) {
        const current = await find(by.projectId, id)
        const isWaiting = current.stored === 'scheduled' || current.stored === 'retrying'
        if (!isWaiting || (ifVersion !== null && ifVersion !== current.generation))
          throw refusal(current, ifVersion)
        const to = o.prepare.rewrite(current, patch, await o.clock.now())
        const decision = await decide(id, () =>
          o.repository.rewrite(o.db, by, { id, generation: current.generation, to }),
        )
        if (decision.changed) return detail(by.projectId, id)
        const moved = decision.state === 'scheduled' || decision.state === 'retrying'
        if (!moved) throw refusal(decision, ifVersion)
      }
      throw unavailable('overloaded', 1)
    },

    async sendNow(by: By, id: string, ifVersion: IfVersion): Promise<Detail> {
      const decision = await decide(id, () => o.repository.sendNow(o.db, by, id, ifVersion))
      const waiting = decision.state === 'scheduled' || decision.state === 'retrying'
      // What is due already is on its way: nothing to change, and nothing to refuse.
      if (!waiting || (ifVersion !== null && !decision.changed && ifVersion !== decision.generation)) {
        throw refusal(decision, ifVersion)
      }
      return detail(by.projectId, id)
    },

    async retry(by: By, id: string, { patch, ...given }: RetryBody, ifVersion: IfVersion): Promise<Detail> {
      const times = resolveTimes(given, await o.clock.now())
      const to = { sendAt: given.sendAt ?? null, ...times }
      if (patch !== undefined) {
        await editAgain(by, id, ifVersion, patch, to)
        return detail(by.projectId, id)
      }
      const decision = await decide(id, () => o.repository.retry(o.db, by, id, ifVersion, to)).catch(
        (error: unknown) => throwDuplicate(by, id, error),
      )
      if (decision.changed) return detail(by.projectId, id)
      throw retryRefusal(decision, ifVersion) ?? refusal(decision, ifVersion)
    },

    async resolve(
      by: By,
      id: string,
      to: { outcome: 'delivered' | 'failed'; note: string | null },
      ifVersion: IfVersion,
    ): Promise<Detail> {
      const decision = await decide(id, () => o.repository.resolve(o.db, by, id, ifVersion, to))
      if (!decision.changed) throw refusal(decision, ifVersion)
      return detail(by.projectId, id)
    },
  }
}
