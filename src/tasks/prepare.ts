import type { RetryPolicy } from '../delivery/index.ts'
import type { By } from '../platform/actor.ts'
import { type FieldError, YeyakError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import { patchedObject, patchedValue } from '../platform/merge-patch.ts'
import { resolveWhen } from '../timers/index.ts'
import type { Task, Tasks, TaskSettings } from './registry.ts'
import type { NewRun } from './repository-insert.ts'
import { LIMITS } from './limits.ts'
import type { Run } from './repository.ts'
import type { PATCHED, ScheduleBody } from './schema.ts'

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

const LONGEST_KEY = 255

const keyOf = (name: string | null, data: Readonly<Record<string, unknown>>): string | null => {
  const value = name === null ? undefined : data[name]
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, LONGEST_KEY) : null
}

/** What a row needs of its task. */
export type RowTask = TaskSettings &
  Pick<Task, 'name' | 'lane'> & { check(data: Record<string, unknown>): void }

/** The row of a run. @throws YeyakError for all that can be refused about it, and nothing is written */
export const rowOf = (task: RowTask, { projectId, actor }: By, body: ScheduleBody, now: Date): NewRun => {
  const { data = {}, metadata = {} } = body
  checkSizes(data, metadata)
  task.check(data)
  const retry: RetryPolicy = { ...task.retry, ...body.retry }
  return {
    ...{ id: newId(), projectId, actor, task: task.name, lane: task.lane, data, metadata, retry },
    ...resolveTimes(body, now),
    runAt: body.runAt ?? null,
    priority: body.priority ?? 0,
    dedupeKey: body.dedupeKey ?? null,
    groupKey: body.groupKey ?? null,
    concurrencyKey: keyOf(task.concurrencyKey, data),
    scheduleId: null,
    timeoutSeconds: body.timeoutSeconds ?? task.timeoutSeconds,
    tags: body.tags ?? [],
    requestedAt: now,
    idempotencyKey: null,
    requestHash: null,
  }
}

/** A merge patch of a run, as validated. */
export type Patch = { [Name in Patched]?: ScheduleBody[Name] | null }
type Patched = (typeof PATCHED)[number]

/** What a merge patch makes of a run, all of it as it shall stand afterwards. */
export type Edit = Pick<
  NewRun,
  'data' | 'concurrencyKey' | 'priority' | 'groupKey' | 'retry' | 'timeoutSeconds' | 'tags' | 'metadata'
>

const checkSizes = (data: object, metadata: object): void => {
  const faults = [
    ...overLimit('data', data, LIMITS.dataBytes),
    ...overLimit('metadata', metadata, LIMITS.metadataBytes),
  ]
  if (faults.length > 0) throw new YeyakError('invalid-request', { errors: faults })
}

/** Whether it came with a file: its data alone are not what the task takes. */
const cameWithFile = (task: Task, data: Readonly<Record<string, unknown>>): boolean => {
  try {
    task.validateWithout(data)
    return false
  } catch {
    return task.upload !== null
  }
}

/** From validated bodies to rows of the tasks that this process has. */
export const createPrepare = (tasks: Pick<Tasks, 'require'>) => ({
  /** `now`: when the request was taken up, by the database's clock. */
  row(by: By, name: string, body: ScheduleBody, now: Date, hasFile = false): NewRun {
    const task = tasks.require(name)
    const check = (data: Record<string, unknown>) =>
      hasFile ? task.validate(data) : task.validateWithout(data)
    return rowOf({ ...task, check }, by, body, now)
  },

  /** @throws YeyakError where its task is not known here, or does not take the data that this makes of them */
  edit(run: Run, patch: Patch): Edit {
    const task = tasks.require(run.task)
    const data = patchedObject(patch.data, run.data, {})
    const metadata = patchedObject<object>(patch.metadata, run.metadata, {})
    checkSizes(data, metadata)
    if (cameWithFile(task, run.data)) task.validate(data)
    else task.validateWithout(data)
    return {
      ...{ data, metadata, concurrencyKey: keyOf(task.concurrencyKey, data) },
      priority: patchedValue(patch.priority, run.priority, 0),
      groupKey: patchedValue<string | null>(patch.groupKey, run.groupKey, null),
      retry: { ...task.retry, ...patchedObject<Partial<RetryPolicy>>(patch.retry, run.retry, {}) },
      timeoutSeconds: patchedValue(patch.timeoutSeconds, run.timeoutSeconds, task.timeoutSeconds),
      tags: patchedValue<readonly string[]>(patch.tags, run.tags, []),
    }
  },
})
