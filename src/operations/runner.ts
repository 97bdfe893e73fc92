import { setTimeout as sleep } from 'node:timers/promises'
import { type Database, describeError } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import type { Logger } from '../platform/log.ts'
import { createSemaphore } from '../platform/semaphore.ts'
import { CHUNK, chunksOf } from './chunks.ts'
import { createPace, type Pace } from './pace.ts'
import type { Operation, Repository } from './repository.ts'
import { isPassing, takeStep } from './step.ts'
import type { BulkSubject, Match } from './subject.ts'

export interface RunnerOptions {
  db: Database
  repository: Repository
  subjects: Readonly<Record<string, BulkSubject>>
  log: Logger
}

export interface Runner {
  /** Looks for operations that nobody runs, now and once a minute, and goes on with them. */
  start(): void
  /** Whether it takes operations. */
  readonly isRunning: boolean
  /** Runs an operation whose lease this process holds. */
  run(operation: Operation): void
  /** It has ended by request: it need not be waited for. */
  ended(id: string): void
  /** Ends between two steps, and gives the leases back. */
  stop(): Promise<void>
}

const LOOK_INTERVAL_MS = 60_000
/** Operations of one process at a time; those with a rate mostly wait. */
const MOST_AT_ONCE = 8
/** Their steps at a time: the others' work must get connections, too. */
const MOST_STEPS_AT_ONCE = 2
/** Ids that are read ahead. Each read looks at all that match, so few reads are better than many. */
const READ_AHEAD = 20_000
/** Where a rate is set, what was read must not be outdated when it is decided. */
const READ_AHEAD_SECONDS = 30
const RENEW_INTERVAL_MS = 5_000
const REPEAT_INTERVAL_MS = 500

/** Runs operations step by step. What it knows is in the database, so that it may end at any moment. */
export const createRunner = (o: RunnerOptions): Runner => {
  const running = new Map<string, { controller: AbortController; done: Promise<void> }>()
  const stopping = new AbortController()
  const steps = createSemaphore(MOST_STEPS_AT_ONCE)
  let timer: NodeJS.Timeout | null = null
  let looking: Promise<void> | null = null

  /** Repeats what may succeed later, for as long as it takes; the lease is kept meanwhile. */
  const insist = async <Value>(
    operation: Operation,
    signal: AbortSignal,
    what: () => Promise<Value>,
  ): Promise<Value> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await what()
      } catch (err) {
        if (!isPassing(err) || signal.aborted) throw err
        if (tries % 20 === 1)
          o.log.warn({ err, operation: operation.id }, 'operations: a step is tried again')
        await sleep(REPEAT_INTERVAL_MS, undefined, { signal })
        await o.repository.renew(o.db, operation.id).catch(() => {})
      }
    }
  }

  const wait = async (operation: Operation, signal: AbortSignal, pace: Pace): Promise<void> => {
    for (let ms = pace.waitMs(); ms > 0; ms = pace.waitMs()) {
      await sleep(Math.min(ms, RENEW_INTERVAL_MS), undefined, { signal })
      if (ms > RENEW_INTERVAL_MS)
        await insist(operation, signal, () => o.repository.renew(o.db, operation.id))
    }
  }

  const read = (operation: Operation, subject: BulkSubject, after: string | null, limit: number) => {
    const window = { until: operation.createdAt, after, limit }
    return operation.undoes === null
      ? subject.match(operation, window)
      : subject.matchChanged(operation.undoes, window)
  }

  const drive = async (operation: Operation, subject: BulkSubject, signal: AbortSignal): Promise<void> => {
    const pace = createPace(operation.ratePerSecond)
    const limit =
      operation.ratePerSecond === null
        ? READ_AHEAD
        : Math.min(READ_AHEAD, Math.ceil(operation.ratePerSecond * READ_AHEAD_SECONDS))
    let { cursor } = operation
    let matches: Match[]
    do {
      const after = cursor
      matches = await insist(operation, signal, () => read(operation, subject, after, limit))
      for (const ids of chunksOf(matches, Math.min(pace.size, subject.chunk?.(operation) ?? CHUNK))) {
        await wait(operation, signal, pace)
        const at = cursor
        const step = await insist(operation, signal, async () => {
          const giveBack = await steps.take(1, signal)
          try {
            signal.throwIfAborted()
            return await takeStep(o, subject, operation, at, ids)
          } finally {
            giveBack?.()
          }
        })
        if (step === null) return
        cursor = step.cursor
        pace.took(ids.length)
        if (step.changed.wakeMs !== null) subject.wake(step.changed.wakeMs)
      }
    } while (matches.length === limit)
    const end = cursor
    await insist(operation, signal, () => o.repository.finish(o.db, operation.id, end))
  }

  const runOne = async (operation: Operation, signal: AbortSignal): Promise<void> => {
    const { id, projectId } = operation
    try {
      const subject = o.subjects[operation.subject]
      if (subject === undefined) throw new Error(`no ${operation.subject} in this process`)
      await drive(operation, subject, signal)
    } catch (err) {
      if (signal.aborted) return
      o.log.error({ err, operation: id }, 'operations: an operation stands still')
      // What a later version, or a channel that is gone, makes unreadable stays so.
      if (err instanceof YeyakError) await o.repository.abort(o.db, projectId, id, null).catch(() => {})
    }
  }

  const run = (operation: Operation): void => {
    if (running.has(operation.id) || stopping.signal.aborted) return
    const controller = new AbortController()
    const signal = AbortSignal.any([controller.signal, stopping.signal])
    const done = runOne(operation, signal).finally(() => {
      running.delete(operation.id)
      // There may be more than were run at once.
      if (running.size === MOST_AT_ONCE - 1) look()
    })
    running.set(operation.id, { controller, done })
  }

  const lookOnce = async (): Promise<void> => {
    const free = MOST_AT_ONCE - running.size
    if (free <= 0 || stopping.signal.aborted) return
    try {
      for (const operation of await o.repository.claim(o.db, free)) run(operation)
    } catch (err) {
      if (!stopping.signal.aborted)
        o.log.warn(`operations: the look for what nobody runs failed: ${describeError(err)}`)
    }
  }

  function look(): void {
    looking ??= lookOnce().finally(() => {
      looking = null
    })
  }

  return {
    start() {
      look()
      timer ??= setInterval(look, LOOK_INTERVAL_MS)
    },
    get isRunning() {
      return timer !== null && !stopping.signal.aborted
    },
    run,
    ended: (id) => running.get(id)?.controller.abort(),
    async stop() {
      stopping.abort()
      if (timer !== null) clearInterval(timer)
      await looking
      const held = [...running]
      await Promise.all(held.map(([, { done }]) => done))
      if (held.length === 0) return
      await o.repository
        .release(
          o.db,
          held.map(([id]) => id),
        )
        .catch((err: unknown) => {
          o.log.warn({ err }, 'operations: the leases lapse by themselves')
        })
    },
  }
}
