import type { Task } from './registry.ts'
import type { Attempt, Run } from './repository.ts'
import { shownState } from './service.ts'

const instant = (date: Date | null): string | null => date?.toISOString() ?? null
const round = (ms: number | null): number | null => (ms === null ? null : Math.round(ms * 10) / 10)

const toAttempt = (attempt: Attempt) => ({
  number: attempt.number,
  outcome: shownState(attempt.outcome),
  startedAt: attempt.startedAt.toISOString(),
  finishedAt: attempt.finishedAt.toISOString(),
  lateMs: round(attempt.lateMs),
  error: attempt.error,
})

/** The attempt under way stands on the run itself until it has ended. */
const openAttempt = (run: Run) =>
  run.state !== 'running' || run.attemptStartedAt === null || run.attemptDueAt === null
    ? []
    : [
        {
          number: run.attemptNo,
          outcome: null,
          startedAt: run.attemptStartedAt.toISOString(),
          finishedAt: null,
          lateMs: run.attemptStartedAt.getTime() - run.attemptDueAt.getTime(),
          error: null,
        },
      ]

/** A run as it is answered; without `attempts` and `result` in lists. */
export const toResource = (run: Run, attempts?: readonly Attempt[]) => ({
  id: run.id,
  task: run.task,
  state: run.state,
  reason: run.reason,
  data: run.data,
  runAt: run.runAt ?? null,
  dueAt: run.dueAt.toISOString(),
  expiresAt: instant(run.expiresAt),
  nextAttemptAt: run.stored === 'scheduled' || run.stored === 'retrying' ? run.nextAt.toISOString() : null,
  priority: run.priority,
  dedupeKey: run.dedupeKey,
  groupKey: run.groupKey,
  scheduleId: run.scheduleId,
  retry: run.retry,
  timeoutSeconds: run.timeoutSeconds,
  tags: run.tags,
  metadata: run.metadata,
  progress: run.state === 'succeeded' ? 100 : run.progress,
  ...(attempts && { result: run.result ?? null }),
  attemptCount: run.attemptNo,
  ...(attempts && { attempts: [...attempts.map(toAttempt), ...openAttempt(run)] }),
  lateMs: round(run.lateMs),
  version: run.generation,
  createdAt: run.createdAt.toISOString(),
  updatedAt: run.updatedAt.toISOString(),
  finishedAt: instant(run.finishedAt),
})

export type Resource = ReturnType<typeof toResource>

export const toTask = (task: Task) => ({
  name: task.name,
  description: task.description,
  schema: task.schema,
  retry: task.retry,
  timeoutSeconds: task.timeoutSeconds,
  concurrency: task.concurrency,
  concurrencyKey: task.concurrencyKey,
  thread: task.thread,
  upload: task.upload === null ? null : { maxBytes: task.upload.maxBytes },
})
