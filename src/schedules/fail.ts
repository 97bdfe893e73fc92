import { type Afterwards, type ExecutionJob, retryDelayMs } from '../delivery/index.ts'
import { type Database, describeError, sqlState } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import { type DueOptions, LOG_PREFIX, movedTo, told } from './due.ts'
import { eventOf, faultOf, type Outcome } from './outcome.ts'
import { write } from './repository-write.ts'
import { type Fault, pendingRun, type Run, type Schedule } from './row.ts'
import { endedAs } from './runs-due.ts'

/** After the first try. */
const RETRY_LIMIT = 3
const RETRY_DELAY_SECONDS = 5
const RETRY = { backoff: 'exponential', delaySeconds: RETRY_DELAY_SECONDS, maxDelaySeconds: 3_600 } as const
const LONGEST_MESSAGE = 500

const faultOfError = (error: unknown): Fault =>
  error instanceof YeyakError
    ? faultOf(error)
    : { code: sqlState(error) ?? 'error', message: describeError(error).slice(0, LONGEST_MESSAGE) }

const inSeconds = (now: Date, seconds: number): Date => new Date(now.getTime() + seconds * 1000)

/** What becomes of runs whose transaction failed. */
export const createFail = ({ tables: t, repository, compile, log, wake }: Omit<DueOptions, 'start'>) => {
  /** The run waits for its next try by itself, and the schedule goes on to its next one. */
  const goOn = async (tx: Database, schedule: Schedule, at: Date, now: Date, fault: Fault) => {
    const { rule } = compile(schedule)
    const nextAt = inSeconds(now, retryDelayMs(RETRY, 1) / 1000)
    const run = pendingRun(schedule, {
      ...{ id: newId(), occurrenceAt: at, dueAt: rule.dueAt(at), cause: 'schedule', nextAt },
      ...{ error: fault, failures: 1, attemptNo: 1 },
    })
    const next = rule.next(at)
    await write(tx, t, now, {
      ...{ moved: [movedTo(schedule, next)], runs: [run] },
      events: next === null ? [told(schedule, 'schedule.finished', {})] : [],
    })
    return Math.min(nextAt.getTime(), next?.dueAt.getTime() ?? Infinity)
  }

  /** Its next run cannot be told: it stands still until somebody has mended it, and disturbs nobody. */
  const stop = async (tx: Database, schedule: Schedule, now: Date, fault: Fault) => {
    const { nextOccurrence, nextAt } = schedule
    const moved = movedTo(schedule, null, { state: 'paused', nextOccurrence, nextAt, isChange: true })
    const event = told(schedule, 'schedule.paused', { reason: 'rule_unreadable', error: fault })
    await write(tx, t, now, { moved: [moved], events: [event] })
    return Infinity
  }

  const schedule = async (
    tx: Database,
    job: ExecutionJob,
    error: unknown,
    passing: boolean,
  ): Promise<Afterwards> => {
    const [found] = await repository.lockSchedules(tx, [job.data.s], false)
    if (found?.state !== 'active' || found.generation !== job.data.g || found.nextOccurrence === null)
      return () => {}
    const now = await repository.now(tx)
    const fault = faultOfError(error)
    const at = found.nextOccurrence
    if (passing) {
      // That the database could not serve says nothing about the schedule.
      const nextAt = inSeconds(now, RETRY_DELAY_SECONDS)
      const moved = movedTo(found, { at, dueAt: nextAt, local: '' })
      await write(tx, t, now, { moved: [moved] })
      return () => wake(nextAt.getTime())
    }
    const wakeMs = isReadable(() => void compile(found).rule.next(at))
      ? await goOn(tx, found, at, now, fault)
      : await stop(tx, found, now, fault)
    return () => {
      log.warn(`${LOG_PREFIX} ${found.name}: a run failed, and is tried again by itself: ${fault.message}`)
      if (Number.isFinite(wakeMs)) wake(wakeMs)
    }
  }

  const again = (run: Run, nextAt: Date, failures: number, fault: Fault, now: Date) =>
    endedAs(
      run,
      {
        ...{ state: 'pending', reason: null, error: fault, itemKind: null, itemId: null },
        ...{ lateMs: null, startedAt: now, finishedAt: null },
      },
      { nextAt, failures },
    )

  const run = async (
    tx: Database,
    job: ExecutionJob,
    error: unknown,
    passing: boolean,
  ): Promise<Afterwards> => {
    const [found] = await repository.lockRuns(tx, [job.data.s], false)
    if (found === undefined || found.nextAt === null || found.generation !== job.data.g) return () => {}
    const now = await repository.now(tx)
    const fault = faultOfError(error)
    const failures = found.failures + (passing ? 0 : 1)
    if (failures <= RETRY_LIMIT) {
      const seconds = passing ? RETRY_DELAY_SECONDS : retryDelayMs(RETRY, failures) / 1000
      const nextAt = inSeconds(now, seconds)
      await write(tx, t, now, { ended: [again(found, nextAt, failures, fault, now)] })
      return () => {
        wake(nextAt.getTime())
        log.warn(
          `${LOG_PREFIX} ${found.name}: a run is tried again in ${Math.round(seconds)} s: ${fault.message}`,
        )
      }
    }
    const outcome: Outcome = {
      ...{ state: 'failed', reason: 'retries_exhausted', error: fault, itemKind: null, itemId: null },
      ...{ lateMs: now.getTime() - found.dueAt.getTime(), startedAt: now, finishedAt: now },
    }
    const event = eventOf(found, outcome)
    await write(tx, t, now, {
      ended: [endedAs(found, outcome, { failures })],
      events: event === null ? [] : [event],
    })
    return () => log.warn(`${LOG_PREFIX} ${found.name}: a run failed: ${fault.message}`)
  }

  return { schedule, run }
}

const isReadable = (read: () => void): boolean => {
  try {
    read()
    return true
  } catch {
    return false
  }
}
