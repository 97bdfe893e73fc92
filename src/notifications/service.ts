import type { Channel, ChannelRegistry } from '../channels/index.ts'
import { DEFAULT_RETRY, type RetryPolicy } from '../delivery/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import { isId, newId } from '../platform/ids.ts'
import { resolveWhen, type Timers } from '../timers/index.ts'
import { contentFor } from './content.ts'
import type { Ingest } from './ingest.ts'
import { mergePatch } from './merge-patch.ts'
import { type Decision, type Detail, type Notification, type Repository, type Rewrite } from './repository.ts'
import { DEFAULTS, type NewNotification } from './repository-insert.ts'
import type { ChangeBody, CreateBody, Schemas } from './schema.ts'
import { type TimelineItem, toTimeline } from './timeline.ts'

export type Service = ReturnType<typeof createService>

export interface ServiceOptions {
  db: Database
  clock: Clock
  repository: Repository
  ingest: Ingest
  timers: Timers
  channels: ChannelRegistry
  contentFields: Schemas['contentFields']
}

/** The version that a caller has read; null where it does not matter. */
export type IfVersion = number | null

export const laneOf = (channel: string): string => `notifications.${channel}`

/** A patch is decided from a row that may change under it; this often it is decided again. */
const PATCH_TRIES = 10

const notFound = () => new YeyakError('not-found')

const expiresBeforeDue = (dueAt: Date) =>
  new YeyakError('expires-before-due', {
    errors: [
      {
        path: 'expiresAt',
        message: {
          en: `must be after ${dueAt.toISOString()}`,
          ko: `${dueAt.toISOString()} 이후여야 합니다.`,
        },
      },
    ],
  })

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
  const channelOf = (name: string): Channel => {
    const channel = o.channels.get(name)
    if (channel === undefined)
      throw new YeyakError('invalid-request', { errors: [unknownChannel(name, o.channels.names)] })
    return channel
  }

  const resolveSendAt = (sendAt: unknown, now: Date): Date =>
    sendAt === undefined || sendAt === null ? now : resolveWhen(sendAt, { path: 'sendAt', now }).at

  const resolveExpiresAt = (expiresAt: unknown, now: Date, dueAt: Date): Date | null =>
    expiresAt === undefined || expiresAt === null
      ? null
      : resolveWhen(expiresAt, { path: 'expiresAt', now, base: dueAt, past: 'allow' }).at

  const resolveTimes = (given: { sendAt?: unknown; expiresAt?: unknown }, now: Date) => {
    const dueAt = resolveSendAt(given.sendAt, now)
    const expiresAt = resolveExpiresAt(given.expiresAt, now, dueAt)
    if (expiresAt !== null && expiresAt <= dueAt) throw expiresBeforeDue(dueAt)
    return { dueAt, expiresAt }
  }

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

  const rewriteOf = (
    current: Notification,
    patch: ChangeBody & Record<string, unknown>,
    now: Date,
  ): Rewrite => {
    const channel = channelOf(current.channel)
    const pick = <Value>(value: Value | null | undefined, currentValue: Value, cleared: Value): Value =>
      value === undefined ? currentValue : (value ?? cleared)
    const nextAt = 'sendAt' in patch ? resolveSendAt(patch.sendAt, now) : current.nextAt
    // Once an attempt was made, dueAt stays; a delay counts from it all the same.
    const dueAt = current.attemptNo === 0 ? nextAt : current.dueAt
    const expiresAt = 'expiresAt' in patch ? resolveExpiresAt(patch.expiresAt, now, dueAt) : current.expiresAt
    // Where neither is changed: a next attempt that would come after the expiry is planted at that very instant.
    const isRetimed = 'sendAt' in patch || 'expiresAt' in patch
    if (isRetimed && expiresAt !== null && expiresAt <= nextAt) throw expiresBeforeDue(nextAt)
    const metadata =
      patch.metadata === null
        ? DEFAULTS.metadata
        : (mergePatch(current.metadata, patch.metadata ?? {}) as object)
    const retry = {
      ...DEFAULT_RETRY,
      ...(patch.retry === null ? {} : (mergePatch(current.retry, patch.retry ?? {}) as Partial<RetryPolicy>)),
    }
    return {
      content: contentFor(
        channel,
        { ...current.content, ...patch, to: current.recipient, metadata },
        o.contentFields,
      ),
      sendAt: 'sendAt' in patch ? (patch.sendAt ?? null) : current.sendAt,
      nextAt,
      expiresAt,
      priority: pick(patch.priority, current.priority, DEFAULTS.priority),
      groupKey: pick<string | null>(patch.groupKey, current.groupKey, null),
      retry,
      onUnknown: pick(patch.onUnknown, current.onUnknown, DEFAULTS.onUnknown),
      timeoutSeconds: pick(patch.timeoutSeconds, current.timeoutSeconds, DEFAULTS.timeoutSeconds),
      tags: pick<readonly string[]>(patch.tags, current.tags, []),
      metadata,
    }
  }

  return {
    detail,

    /** Accepts a notification: resolves once row, timer and event are committed. */
    async create(projectId: number, body: CreateBody): Promise<Notification> {
      const channel = channelOf(body.channel ?? 'log')
      const content = contentFor(channel, body, o.contentFields)
      const now = await o.clock.now()
      const { dueAt, expiresAt } = resolveTimes(body, now)
      const row: NewNotification = {
        id: newId(),
        projectId,
        channel: channel.name,
        lane: laneOf(channel.name),
        recipient: body.to ?? DEFAULTS.recipient,
        content,
        sendAt: body.sendAt ?? DEFAULTS.sendAt,
        dueAt,
        expiresAt,
        priority: body.priority ?? DEFAULTS.priority,
        groupKey: body.groupKey ?? DEFAULTS.groupKey,
        retry: body.retry === undefined ? DEFAULTS.retry : { ...DEFAULTS.retry, ...body.retry },
        onUnknown: body.onUnknown ?? DEFAULTS.onUnknown,
        timeoutSeconds: body.timeoutSeconds ?? DEFAULTS.timeoutSeconds,
        tags: body.tags ?? DEFAULTS.tags,
        metadata: body.metadata ?? DEFAULTS.metadata,
      }
      const { createdAt, isQueued } = await o.ingest.add(row)
      return {
        ...row,
        state: isQueued ? 'queued' : 'scheduled',
        stored: 'scheduled',
        reason: null,
        nextAt: dueAt,
        generation: 1,
        attemptNo: 0,
        lateMs: null,
        attemptStartedAt: null,
        attemptDueAt: null,
        handedAt: null,
        cancelRequested: false,
        createdAt,
        updatedAt: createdAt,
        finishedAt: null,
      }
    },

    async timeline(projectId: number, id: string): Promise<TimelineItem[]> {
      const { notification, attempts, events } = await detail(projectId, id, true)
      return toTimeline(notification, attempts, events)
    },

    /** The answer is the truth: `canceled` means that it will not be sent. */
    async cancel(
      projectId: number,
      id: string,
      ifVersion: IfVersion,
    ): Promise<{ outcome: 'canceled'; state: 'canceled' }> {
      const decision = await decide(id, () => o.repository.cancel(o.db, projectId, id, ifVersion))
      const waiting = decision.state === 'scheduled' || decision.state === 'retrying'
      const isCanceled = decision.state === 'canceled' || (waiting && decision.changed)
      if (!isCanceled) throw refusal(decision, ifVersion)
      return { outcome: 'canceled', state: 'canceled' }
    },

    async patch(
      projectId: number,
      id: string,
      patch: ChangeBody & Record<string, unknown>,
      ifVersion: IfVersion,
    ): Promise<Detail> {
      for (let tries = 0; tries < PATCH_TRIES; tries += 1) {
        const current = await find(projectId, id)
        const isWaiting = current.stored === 'scheduled' || current.stored === 'retrying'
        if (!isWaiting || (ifVersion !== null && ifVersion !== current.generation))
          throw refusal(current, ifVersion)
        const rewrite = rewriteOf(current, patch, await o.clock.now())
        const decision = await decide(id, () =>
          o.repository.rewrite(o.db, projectId, id, current.generation, rewrite),
        )
        if (decision.changed) return detail(projectId, id)
        const moved = decision.state === 'scheduled' || decision.state === 'retrying'
        if (!moved) throw refusal(decision, ifVersion)
      }
      throw new YeyakError('unavailable', {
        members: { reason: 'overloaded' },
        headers: { 'retry-after': '1' },
      })
    },

    async sendNow(projectId: number, id: string, ifVersion: IfVersion): Promise<Detail> {
      const decision = await decide(id, () => o.repository.sendNow(o.db, projectId, id, ifVersion))
      const waiting = decision.state === 'scheduled' || decision.state === 'retrying'
      // What is due already is on its way: nothing to change, and nothing to refuse.
      if (!waiting || (ifVersion !== null && !decision.changed && ifVersion !== decision.generation)) {
        throw refusal(decision, ifVersion)
      }
      return detail(projectId, id)
    },

    async retry(
      projectId: number,
      id: string,
      body: { sendAt?: unknown; expiresAt?: unknown },
      ifVersion: IfVersion,
    ): Promise<Detail> {
      const now = await o.clock.now()
      const times = resolveTimes(body, now)
      const decision = await decide(id, () =>
        o.repository.retry(o.db, projectId, id, ifVersion, { sendAt: body.sendAt ?? null, ...times }),
      )
      if (decision.changed) return detail(projectId, id)
      if (decision.state === 'delivered' || (ifVersion !== null && ifVersion !== decision.generation))
        throw refusal(decision, ifVersion)
      throw new YeyakError('not-final', { members: { state: decision.state } })
    },

    async resolve(
      projectId: number,
      id: string,
      to: { outcome: 'delivered' | 'failed'; note: string | null },
      ifVersion: IfVersion,
    ): Promise<Detail> {
      const decision = await decide(id, () => o.repository.resolve(o.db, projectId, id, ifVersion, to))
      if (!decision.changed) throw refusal(decision, ifVersion)
      return detail(projectId, id)
    },
  }
}

const unknownChannel = (name: string, names: readonly string[]) => ({
  path: 'channel',
  message: {
    en: `"${name}" is not one of ${names.join(', ')}`,
    ko: `"${name}"은(는) ${names.join(', ')} 중 하나가 아닙니다.`,
  },
})
