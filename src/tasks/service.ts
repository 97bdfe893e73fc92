import { RETRYABLE, type TimelineItem, toTimeline } from '../delivery/index.ts'
import type { By } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import { type Database, isUniqueViolation } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import { isId } from '../platform/ids.ts'
import { errorOf } from '../platform/refusal.ts'
import type { Tables } from '../platform/tables.ts'
import type { Timers } from '../timers/index.ts'
import type { RunEdit } from './bulk-edit.ts'
import { type Patch, resolveTimes } from './prepare.ts'
import type { Again, Batch, Change, Changes, Decision } from './repository-change.ts'
import { tellWorkers } from './repository-control.ts'
import type { Detail, Repository } from './repository.ts'

export interface ServiceOptions {
  db: Database
  tables: Tables
  clock: Clock
  repository: Repository
  changes: Change
  editing: Pick<RunEdit, 'retry'>
  timers: Timers
}

export interface RetryBody {
  runAt?: unknown
  expiresAt?: unknown
  patch?: Patch
}

export type Service = ReturnType<typeof createService>

export type Canceled =
  | { outcome: 'canceled'; state: 'canceled' }
  /** It is told to stop. */
  | { outcome: 'canceling'; state: 'running' }

const notFound = () => new YeyakError('not-found')
const SHOWN: Readonly<Record<string, string>> = { sending: 'running', delivered: 'succeeded' }
export const shownState = (stored: string): string => SHOWN[stored] ?? stored

/** Refuses what the state of the locked row forbade, with its true state. */
const refusal = ({ state, generation }: Decision, version: number | null): YeyakError => {
  if (version !== null && version !== generation)
    return new YeyakError('version-conflict', { members: { expected: version, actual: generation } })
  const shown = shownState(state)
  return state === 'sending'
    ? new YeyakError('too-late', { members: { outcome: 'too_late', state: shown } })
    : new YeyakError('already-final', { members: { outcome: 'already_final', state: shown } })
}

/** What other processes must hear of changes, in their transaction. */
export const tellOf = (tx: Database, t: Tables, { decisions, freedLanes }: Changes, canceled: boolean) => {
  const stopped = canceled ? decisions.filter(({ state }) => state === 'sending').map(({ id }) => id) : []
  const chunks = Array.from({ length: Math.ceil(stopped.length / IDS_TOLD) }, (_, i) =>
    stopped.slice(i * IDS_TOLD, (i + 1) * IDS_TOLD),
  )
  return tellWorkers(tx, t, [
    ...chunks.map((ids) => `cancel ${ids.join(',')}`),
    ...freedLanes.map((lane) => `slots ${lane}`),
  ])
}

/** What one notification of PostgreSQL holds is 8,000 bytes. */
const IDS_TOLD = 200

export const createService = (o: ServiceOptions) => {
  const { db, tables } = o

  const detail = async ({ projectId }: By, id: string, events = false): Promise<Detail> => {
    const found = isId(id) ? await o.repository.detail(db, projectId, id, events) : null
    if (found === null) throw notFound()
    return found
  }

  /** Runs a change of one run under its lock; throws `not-found` where there is none. */
  const change = async (
    by: By,
    id: string,
    generation: number | null,
    run: (tx: Database, batch: Batch) => Promise<Changes>,
    cancels = false,
  ): Promise<Decision> => {
    if (!isId(id)) throw notFound()
    const done = await db.transaction().execute(async (tx) => {
      const changes = await run(tx, { ...by, ids: [id], generation })
      await tellOf(tx, tables, changes, cancels)
      return changes
    })
    if (done.wakeMs !== null) o.timers.wake(done.wakeMs)
    const [decision] = done.decisions
    if (decision === undefined) throw notFound()
    return decision
  }

  /** Why it does not wait again. */
  const retryRefusal = async (
    by: By,
    id: string,
    decision: Decision | null,
    version: number | null,
  ): Promise<YeyakError> => {
    const isStale = decision !== null && version !== null && version !== decision.generation
    const isOver = decision?.state === 'delivered' || decision?.reason === 'forgotten'
    if (decision !== null && (isStale || isOver)) return refusal(decision, version)
    const isFinal = RETRYABLE.some((state) => state === (decision?.state ?? 'failed'))
    if (!isFinal)
      return new YeyakError('not-final', { members: { state: shownState(decision?.state ?? '') } })
    // Another one has its dedupe key, and is pending.
    const { run } = await detail(by, id)
    const { dedupeKey, projectId, task } = run
    const other = dedupeKey === null ? null : await o.repository.pending(db, projectId, task, dedupeKey)
    return new YeyakError('duplicate', { members: { existingId: other?.id ?? null } })
  }

  /** One is edited as many are: under its lock. */
  const editAgain = async (
    by: By,
    id: string,
    version: number | null,
    patch: Patch,
    to: Again,
  ): Promise<void> => {
    if (!isId(id)) throw notFound()
    const batch = { ...by, ids: [id], generation: version }
    const done = await db
      .transaction()
      .execute((tx) => o.editing.retry(tx, batch, patch, to))
      .catch((error: unknown) => {
        if (isUniqueViolation(error)) return null
        throw error
      })
    if (done?.refused.first != null) throw errorOf(done.refused.first)
    if (done !== null && done.wakeMs !== null) o.timers.wake(done.wakeMs)
    if (done?.changed === 1) return
    const { run } = await detail(by, id)
    throw await retryRefusal(by, id, { ...run, state: run.stored, changed: false }, version)
  }

  return {
    detail,

    async timeline(by: By, id: string): Promise<TimelineItem[]> {
      const { run, attempts, events } = await detail(by, id, true)
      const named = attempts.map((attempt) => ({ ...attempt, outcome: shownState(attempt.outcome) }))
      return toTimeline(run, named, events)
    },

    /** Waiting: canceled. Running: told to stop. */
    async cancel(by: By, id: string, version: number | null): Promise<Canceled> {
      const decision = await change(
        by,
        id,
        version,
        (tx, batch) => o.changes.cancel(tx, batch, 'request'),
        true,
      )
      const { state, changed } = decision
      const isStale = version !== null && version !== decision.generation
      if (state === 'canceled' && !isStale) return { outcome: 'canceled', state: 'canceled' }
      // A repeat tells it again: the notice may have been lost.
      if (state === 'sending' && !isStale) return { outcome: 'canceling', state: 'running' }
      if (!changed) throw refusal(decision, version)
      return { outcome: 'canceled', state: 'canceled' }
    },

    async sendNow(by: By, id: string, version: number | null): Promise<Detail> {
      const decision = await change(by, id, version, (tx, batch) => o.changes.sendNow(tx, batch))
      const isWaiting = decision.state === 'scheduled' || decision.state === 'retrying'
      const isStale = version !== null && version !== decision.generation
      // What is due already is left as it is.
      if (!decision.changed && (!isWaiting || isStale)) throw refusal(decision, version)
      return detail(by, id)
    },

    async retry(by: By, id: string, { patch, ...given }: RetryBody, version: number | null): Promise<Detail> {
      const { dueAt, expiresAt } = resolveTimes(given, await o.clock.now())
      const to = { runAt: given.runAt ?? null, dueAt, expiresAt }
      if (patch !== undefined) {
        await editAgain(by, id, version, patch, to)
        return detail(by, id)
      }
      const decision = await change(by, id, version, (tx, batch) => o.changes.retry(tx, batch, to)).catch(
        (error: unknown) => {
          if (isUniqueViolation(error)) return null
          throw error
        },
      )
      if (decision?.changed !== true) throw await retryRefusal(by, id, decision, version)
      return detail(by, id)
    },

    async resolve(
      by: By,
      id: string,
      to: { outcome: 'succeeded' | 'failed'; note: string | null },
      version: number | null,
    ): Promise<Detail> {
      const decision = await change(by, id, version, (tx, batch) => o.changes.resolve(tx, batch, to))
      if (!decision.changed) throw refusal(decision, version)
      return detail(by, id)
    },
  }
}
