import type { Channel, ChannelRegistry } from '../channels/index.ts'
import { DEFAULT_RETRY, type RetryPolicy } from '../delivery/index.ts'
import type { By } from '../platform/actor.ts'
import { YeyakError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import { mergePatch, patchedObject, patchedValue } from '../platform/merge-patch.ts'
import { resolveWhen } from '../timers/index.ts'
import { contentFor } from './content.ts'
import type { Notification } from './repository.ts'
import { DEFAULTS, type NewNotification } from './repository-insert.ts'
import type { Rewrite, Rewriting } from './repository-rewrite.ts'
import type { Edit } from './repository-sets.ts'
import type { ChangeBody, CreateBody, Schemas } from './schema.ts'
import type { SecretFields } from './secret-fields.ts'

export type Prepare = ReturnType<typeof createPrepare>

/** A merge patch, as validated. */
export type Patch = ChangeBody & Record<string, unknown>

export const laneOf = (channel: string): string => `notifications.${channel}`

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

const unknownChannel = (name: string, names: readonly string[]) => ({
  path: 'channel',
  message: {
    en: `"${name}" is not one of ${names.join(', ')}`,
    ko: `"${name}"은(는) ${names.join(', ')} 중 하나가 아닙니다.`,
  },
})

const resolveSendAt = (sendAt: unknown, now: Date): Date =>
  sendAt === undefined || sendAt === null ? now : resolveWhen(sendAt, { path: 'sendAt', now }).at

const resolveExpiresAt = (expiresAt: unknown, now: Date, dueAt: Date): Date | null =>
  expiresAt === undefined || expiresAt === null
    ? null
    : resolveWhen(expiresAt, { path: 'expiresAt', now, base: dueAt, past: 'allow' }).at

/** What an expiry is resolved from again when zones change; an instant is one for ever. */
const intentOf = (given: unknown): unknown =>
  typeof given === 'object' && given !== null && !(given instanceof Date) ? given : null

/** @throws YeyakError where a time cannot be read, or the notification would expire before it is due */
export const resolveTimes = (given: { sendAt?: unknown; expiresAt?: unknown }, now: Date) => {
  const dueAt = resolveSendAt(given.sendAt, now)
  const expiresAt = resolveExpiresAt(given.expiresAt, now, dueAt)
  if (expiresAt !== null && expiresAt <= dueAt) throw expiresBeforeDue(dueAt)
  return { dueAt, expiresAt, expiresGiven: intentOf(given.expiresAt) }
}

/** From validated bodies to rows: all that can be refused about a notification is refused here, and nothing is written. */
export const createPrepare = (o: {
  channels: ChannelRegistry
  contentFields: Schemas['contentFields']
  secrets: SecretFields
}) => {
  const channelOf = (name: string): Channel => {
    const channel = o.channels.get(name)
    if (channel === undefined)
      throw new YeyakError('invalid-request', { errors: [unknownChannel(name, o.channels.names)] })
    return channel
  }

  const contentOf = (current: Notification, patch: Record<string, unknown>) => {
    const given = o.contentFields.filter((field) => field in patch).map((field) => [field, patch[field]])
    const shown = o.secrets.hide(current.channel, current.content)
    return mergePatch(shown, Object.fromEntries(given)) as Record<string, unknown>
  }

  /** What stands there, as a merge patch changes it; its times apart. */
  const edit = (current: Notification, patch: Patch): Edit => {
    const channel = channelOf(current.channel)
    const metadata = patchedObject<object>(patch.metadata, current.metadata, DEFAULTS.metadata)
    const content = contentFor(
      channel,
      { ...contentOf(current, patch), to: current.recipient, metadata },
      o.contentFields,
    )
    return {
      content: o.secrets.seal(channel, current.id, content, current.content),
      priority: patchedValue(patch.priority, current.priority, DEFAULTS.priority),
      groupKey: patchedValue<string | null>(patch.groupKey, current.groupKey, null),
      retry: { ...DEFAULT_RETRY, ...patchedObject<Partial<RetryPolicy>>(patch.retry, current.retry, {}) },
      onUnknown: patchedValue(patch.onUnknown, current.onUnknown, DEFAULTS.onUnknown),
      timeoutSeconds: patchedValue(patch.timeoutSeconds, current.timeoutSeconds, DEFAULTS.timeoutSeconds),
      tags: patchedValue<readonly string[]>(patch.tags, current.tags, []),
      metadata,
    }
  }

  return {
    /** `now`: when the request was taken up, by the database's clock. */
    row({ projectId, actor }: By, body: CreateBody, now: Date): NewNotification {
      const channel = channelOf(body.channel ?? 'log')
      const content = contentFor(channel, body, o.contentFields)
      const { dueAt, expiresAt, expiresGiven } = resolveTimes(body, now)
      const id = newId()
      return {
        id,
        projectId,
        actor,
        channel: channel.name,
        lane: laneOf(channel.name),
        recipient: body.to ?? DEFAULTS.recipient,
        content: o.secrets.seal(channel, id, content),
        sendAt: body.sendAt ?? DEFAULTS.sendAt,
        dueAt,
        expiresAt,
        expiresGiven,
        priority: body.priority ?? DEFAULTS.priority,
        dedupeKey: body.dedupeKey ?? DEFAULTS.dedupeKey,
        groupKey: body.groupKey ?? DEFAULTS.groupKey,
        scheduleId: DEFAULTS.scheduleId,
        retry: body.retry === undefined ? DEFAULTS.retry : { ...DEFAULTS.retry, ...body.retry },
        onUnknown: body.onUnknown ?? DEFAULTS.onUnknown,
        timeoutSeconds: body.timeoutSeconds ?? DEFAULTS.timeoutSeconds,
        tags: body.tags ?? DEFAULTS.tags,
        metadata: body.metadata ?? DEFAULTS.metadata,
        requestedAt: now,
        idempotencyKey: DEFAULTS.idempotencyKey,
        requestHash: DEFAULTS.requestHash,
      }
    },

    edit,

    /** What stands there, as a merge patch changes it. */
    rewrite(current: Notification, patch: Patch, now: Date): Rewrite {
      const nextAt = 'sendAt' in patch ? resolveSendAt(patch.sendAt, now) : current.nextAt
      // Once an attempt was made, dueAt stays; a delay counts from it all the same.
      const dueAt = current.attemptNo === 0 ? nextAt : current.dueAt
      const expiresAt =
        'expiresAt' in patch ? resolveExpiresAt(patch.expiresAt, now, dueAt) : current.expiresAt
      // Where neither is changed: a next attempt that would come after the expiry is planted at that very instant.
      const isRetimed = 'sendAt' in patch || 'expiresAt' in patch
      if (isRetimed && expiresAt !== null && expiresAt <= nextAt) throw expiresBeforeDue(nextAt)
      return {
        ...edit(current, patch),
        channel: current.channel,
        lane: current.lane,
        recipient: current.recipient,
        sendAt: 'sendAt' in patch ? (patch.sendAt ?? null) : current.sendAt,
        nextAt,
        expiresAt,
        expiresGiven: 'expiresAt' in patch ? intentOf(patch.expiresAt) : current.expiresGiven,
      }
    },

    /** A new notification in the place of one that waits. */
    replace: (
      { dueAt, ...row }: NewNotification,
      { id, generation }: Pick<Notification, 'id' | 'generation'>,
    ): Rewriting => ({
      id,
      generation,
      to: { ...row, content: o.secrets.move(row.channel, row.content, row.id, id), nextAt: dueAt },
    }),
  }
}
