import type { RetryPolicy } from '../delivery/index.ts'
import type { By } from '../platform/actor.ts'
import { type FieldError, YeyakError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import { resolveWhen } from '../timers/index.ts'
import type { Task, Tasks } from './registry.ts'
import type { NewRun } from './repository-insert.ts'
import { LIMITS } from './limits.ts'
import type { ScheduleBody } from './schema.ts'

export type Prepare = ReturnType<typeof createPrepare>

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

/** @throws YeyakError where a time cannot be read, or the run would expire before it is due */
export const resolveTimes = (given: { runAt?: unknown; expiresAt?: unknown }, now: Date) => {
  const { runAt = null, expiresAt: expiry = null } = given
  const dueAt = runAt === null ? now : resolveWhen(runAt, { path: 'runAt', now }).at
  const expiresAt =
    expiry === null ? null : resolveWhen(expiry, { path: 'expiresAt', now, base: dueAt, past: 'allow' }).at
  if (expiresAt !== null && expiresAt <= dueAt) throw expiresBeforeDue(dueAt)
  return { dueAt, expiresAt }
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

const overLimit = (path: string, value: unknown, limit: number): FieldError[] => {
  const bytes = bytesOf(value)
  return bytes <= limit
    ? []
    : [
        {
          path,
          message: {
            en: `takes at most ${limit} bytes of JSON, this has ${bytes}`,
            ko: `JSON으로 ${limit}바이트까지 쓸 수 있습니다. 지금은 ${bytes}바이트입니다.`,
          },
        },
      ]
}

/** From validated bodies to rows: all that can be refused about a run is refused here, and nothing is written. */
export const createPrepare = (tasks: Pick<Tasks, 'require'>) => {
  const dataOf = (task: Task, data: Record<string, unknown>, hasFile: boolean): Record<string, unknown> => {
    if (hasFile) task.validate(data)
    else task.validateWithout(data)
    return data
  }

  return {
    /** `now`: when the request was taken up, by the database's clock. */
    row({ projectId, actor }: By, name: string, body: ScheduleBody, now: Date, hasFile = false): NewRun {
      const task = tasks.require(name)
      const { data: given = {}, metadata = {} } = body
      const faults = [
        ...overLimit('data', given, LIMITS.dataBytes),
        ...overLimit('metadata', metadata, LIMITS.metadataBytes),
      ]
      if (faults.length > 0) throw new YeyakError('invalid-request', { errors: faults })
      const data = dataOf(task, given, hasFile)
      const retry: RetryPolicy = { ...task.retry, ...body.retry }
      return {
        ...{ id: newId(), projectId, actor, task: task.name, lane: task.lane, data, metadata, retry },
        ...resolveTimes(body, now),
        runAt: body.runAt ?? null,
        priority: body.priority ?? 0,
        dedupeKey: body.dedupeKey ?? null,
        groupKey: body.groupKey ?? null,
        concurrencyKey: task.keyOf(data),
        scheduleId: null,
        timeoutSeconds: body.timeoutSeconds ?? task.timeoutSeconds,
        tags: body.tags ?? [],
        requestedAt: now,
        idempotencyKey: null,
        requestHash: null,
      }
    },
  }
}
