import { type TimelineItem, toTimeline } from '../delivery/index.ts'
import { unavailable } from '../http/index.ts'
import type { By } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import { type Database, isUniqueViolation } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import { isId } from '../platform/ids.ts'
import type { Timers } from '../timers/index.ts'
import { type Prepare, resolveTimes } from './prepare.ts'
import type { Decision } from './repository-change.ts'
import type { Detail, Notification, Repository } from './repository.ts'
import type { ChangeBody } from './schema.ts'

export type Service = ReturnType<typeof createService>

export interface ServiceOptions {
  db: Database
  clock: Clock
  repository: Repository
  timers: Timers
  prepare: Prepare
}

/** The version that a caller has read; null where it does not matter. */
export type IfVersion = number | null

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

  /** What comes back takes its dedupe key again, which another one may bear by now. */
  const throwDuplicate = async (projectId: number, id: string, error: unknown): Promise<never> => {
    if (!isUniqueViolation(error)) throw error
    const { dedupeKey } = await find(projectId, id)
    const pending = dedupeKey === null ? null : await o.repository.pending(o.db, projectId, [dedupeKey])
    const existingId = pending?.get(dedupeKey ?? '')?.id
    throw new YeyakError('duplicate', { members: { ...(existingId && { existingId }) }, cause: error })
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

    async patch(
      by: By,
      id: string,
      patch: ChangeBody & Record<string, unknown>,
      ifVersion: IfVersion,
    ): Promise<Detail> {
      for (let tries = 0; tries < PATCH_TRIES; tries += 1) {
        const current = await find(by.projectId, id)
        const isWaiting = current.stored === 'scheduled' || current.stored === 'retrying'
        if (!isWaiting || (ifVersion !== null && ifVersion !== current.generation))
          throw refusal(current, ifVersion)
        const rewrite = o.prepare.rewrite(current, patch, await o.clock.now())
        const decision = await decide(id, () =>
          o.repository.rewrite(o.db, by, id, current.generation, rewrite),
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

    async retry(
      by: By,
      id: string,
      body: { sendAt?: unknown; expiresAt?: unknown },
      ifVersion: IfVersion,
    ): Promise<Detail> {
      const now = await o.clock.now()
      const times = resolveTimes(body, now)
      const to = { sendAt: body.sendAt ?? null, ...times }
      const decision = await decide(id, () => o.repository.retry(o.db, by, id, ifVersion, to)).catch(
        (error: unknown) => throwDuplicate(by.projectId, id, error),
      )
      if (decision.changed) return detail(by.projectId, id)
      const isOver = decision.state === 'delivered' || decision.reason === 'forgotten'
      if (isOver || (ifVersion !== null && ifVersion !== decision.generation))
        throw refusal(decision, ifVersion)
      throw new YeyakError('not-final', { members: { state: decision.state } })
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
