import { checkSameRequest, type Idempotency, unavailable } from '../http/index.ts'
import type { By } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import type { Timers } from '../timers/index.ts'
import type { Added, Ingest } from './ingest.ts'
import type { Prepare } from './prepare.ts'
import type { NewNotification } from './repository-insert.ts'
import type { Attempt, Notification, Repository } from './repository.ts'
import type { CreateBody } from './schema.ts'

export type Create = ReturnType<typeof createCreate>

/** What a request to schedule came to. */
export interface Created {
  /** `replayed`: an earlier request with this idempotency key made it. `deduplicated`: its dedupe key was pending. */
  how: 'created' | 'replayed' | 'deduplicated'
  notification: Notification
  attempts: Attempt[]
}

export type OnDuplicate = NonNullable<CreateBody['onDuplicate']>

export interface CreateOptions {
  db: Database
  clock: Clock
  repository: Repository
  ingest: Ingest
  timers: Timers
  prepare: Prepare
}

/** What is pending may end while it is looked at; this often it is tried again. */
const TRIES = 10

/** A namespace for each route: the same key on another one is another key. */
export const singleKey = (key: string): string => `create:${key}`

/** A row as it stands right after it was written. */
export const asWritten = (
  row: NewNotification,
  { createdAt, state }: Extract<Added, { kind: 'written' }>,
): Notification => ({
  ...row,
  state,
  stored: state === 'queued' ? 'scheduled' : state,
  reason: state === 'canceled' ? 'group' : null,
  nextAt: row.dueAt,
  generation: 1,
  attemptNo: 0,
  lateMs: null,
  attemptStartedAt: null,
  attemptDueAt: null,
  handedAt: null,
  cancelRequested: state === 'canceled',
  createdAt,
  updatedAt: createdAt,
  finishedAt: state === 'canceled' ? createdAt : null,
})

/** Accepts notifications: each method resolves once row, timer and event are committed. */
export const createCreate = (o: CreateOptions) => {
  const found = async (how: Created['how'], projectId: number, id: string): Promise<Created | null> => {
    const detail = await o.repository.detail(o.db, projectId, id, false)
    return detail === null ? null : { how, notification: detail.notification, attempts: detail.attempts }
  }

  /** The one that is pending with the row's dedupe key, dealt with as asked; null where it has ended meanwhile. */
  const meetDuplicate = async (row: NewNotification, onDuplicate: OnDuplicate): Promise<Created | null> => {
    if (row.dedupeKey === null) return null
    const pending = (await o.repository.pending(o.db, row.projectId, [row.dedupeKey])).get(row.dedupeKey)
    if (pending === undefined) return null
    if (onDuplicate === 'reject') throw new YeyakError('duplicate', { members: { existingId: pending.id } })
    if (onDuplicate === 'replace') {
      const decision = await o.repository.rewrite(o.db, row, o.prepare.replace(row, pending))
      if (decision?.state === 'sending')
        throw new YeyakError('too-late', { members: { outcome: 'too_late', state: decision.state } })
      if (decision?.changed !== true) return null
      if (decision.soonMs !== null) o.timers.wake(decision.soonMs)
    }
    return found('deduplicated', row.projectId, pending.id)
  }

  const settle = async (
    row: NewNotification,
    onDuplicate: OnDuplicate,
    idempotency: Idempotency | null,
  ): Promise<Created> => {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const added = await o.ingest.add(row)
      if (added.kind === 'written')
        return { how: 'created', notification: asWritten(row, added), attempts: [] }
      if (added.kind === 'replayed' && idempotency !== null)
        checkSameRequest(idempotency, added.first.requestHash)
      const earlier =
        added.kind === 'replayed'
          ? await found('replayed', row.projectId, added.first.id)
          : await meetDuplicate(row, onDuplicate)
      if (earlier !== null) return earlier
    }
    throw unavailable('overloaded', 1)
  }

  /** A request that was accepted once is answered so again, even where it would be refused now: its time may be past. */
  const replayOf = async (projectId: number, idempotency: Idempotency): Promise<Created | null> => {
    const key = singleKey(idempotency.key)
    const first = (await o.repository.byIdempotencyKeys(o.db, projectId, [key])).get(key)
    if (first === undefined) return null
    checkSameRequest(idempotency, first.requestHash)
    return found('replayed', projectId, first.id)
  }

  return {
    settle,

    async one(by: By, body: CreateBody, idempotency: Idempotency | null): Promise<Created> {
      let row: NewNotification
      try {
        row = o.prepare.row(by, body, await o.clock.now())
      } catch (error) {
        const earlier = idempotency === null ? null : await replayOf(by.projectId, idempotency)
        if (earlier === null) throw error
        return earlier
      }
      const keyed =
        idempotency === null
          ? row
          : { ...row, idempotencyKey: singleKey(idempotency.key), requestHash: idempotency.hash }
      return settle(keyed, body.onDuplicate ?? 'ignore', idempotency)
    },
  }
}
