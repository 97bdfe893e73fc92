import type { Attempt, Notification } from './repository.ts'
import type { SecretFields } from './secret-fields.ts'

const instant = (date: Date | null): string | null => date?.toISOString() ?? null

const round = (ms: number | null): number | null => (ms === null ? null : Math.round(ms * 10) / 10)

const toAttempt = (attempt: Attempt) => ({
  number: attempt.number,
  outcome: attempt.outcome,
  startedAt: attempt.startedAt.toISOString(),
  finishedAt: attempt.finishedAt.toISOString(),
  lateMs: round(attempt.lateMs),
  provider: attempt.provider,
  providerId: attempt.providerId,
  statusCode: attempt.statusCode,
  error: attempt.error,
  rejected: attempt.answer?.rejected ?? [],
  response: attempt.answer?.response ?? null,
})

/** The attempt under way stands on the notification itself until it has ended. */
const openAttempt = (n: Notification) =>
  n.state !== 'sending' || n.attemptStartedAt === null || n.attemptDueAt === null
    ? []
    : [
        {
          number: n.attemptNo,
          outcome: null,
          startedAt: n.attemptStartedAt.toISOString(),
          finishedAt: null,
          lateMs: n.attemptStartedAt.getTime() - n.attemptDueAt.getTime(),
          provider: null,
          providerId: null,
          statusCode: null,
          error: null,
          rejected: [],
          response: null,
        },
      ]

/** A notification as it is answered; without `attempts` in lists. */
export const createResource =
  (secrets: Pick<SecretFields, 'hide'>) => (n: Notification, attempts?: readonly Attempt[]) => ({
    id: n.id,
    state: n.state,
    reason: n.reason,
    channel: n.channel,
    to: n.recipient ?? null,
    ...secrets.hide(n.channel, n.content),
    sendAt: n.sendAt ?? null,
    dueAt: n.dueAt.toISOString(),
    expiresAt: instant(n.expiresAt),
    nextAttemptAt: n.stored === 'scheduled' || n.stored === 'retrying' ? n.nextAt.toISOString() : null,
    priority: n.priority,
    dedupeKey: n.dedupeKey,
    groupKey: n.groupKey,
    scheduleId: n.scheduleId,
    retry: n.retry,
    onUnknown: n.onUnknown,
    timeoutSeconds: n.timeoutSeconds,
    tags: n.tags,
    metadata: n.metadata,
    attemptCount: n.attemptNo,
    ...(attempts && { attempts: [...attempts.map(toAttempt), ...openAttempt(n)] }),
    lateMs: round(n.lateMs),
    version: n.generation,
    createdAt: n.createdAt.toISOString(),
    updatedAt: n.updatedAt.toISOString(),
    finishedAt: instant(n.finishedAt),
  })

export type ToResource = ReturnType<typeof createResource>
export type Resource = ReturnType<ToResource>
