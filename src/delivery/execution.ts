import { applyLocally, type Database, inTransaction, isUnavailable, sqlState } from '../platform/database.ts'
import type { Logger } from '../platform/log.ts'
import { createSemaphore } from '../platform/semaphore.ts'
import { isPassingState } from '../platform/sql-state.ts'
import { type ClaimedJob, createRunner, type Job, type Queue } from '../queue/index.ts'
import type { Taker } from '../timers/index.ts'
import { DATABASE_RETRY_MS, pause } from './insist.ts'
import { settleBefore } from './settle-before.ts'

export type { Job as ExecutionJob } from '../queue/index.ts'

/** What a transaction came to: its effect is committed when `afterwards` is run. */
export interface Executed {
  /** Jobs that could not be decided in a batch, as somebody else holds what they are about: each is tried alone. */
  left: readonly Job[]
  afterwards(): void
}

/** What is done once the commit stands: it tells people, and wakes the alarm. */
export type Afterwards = () => void

export interface ExecutionOptions {
  /** Commits durably. For batches, which wait for nobody. */
  batchDb: Database
  /** Commits durably. For jobs alone, which wait for a lock for up to 5 s, so that no send waits behind them. */
  db: Database
  queue: Queue
  lane: string
  /** Jobs in one transaction. */
  batchSize: number
  log: Logger
  /** Does what the jobs are for, inside the transaction that removes them. `alone`: one job, which may wait for locks. */
  execute(tx: Database, jobs: readonly Job[], alone: boolean): Promise<Executed>
  /**
   * A job failed by itself, and nothing of it is there: puts that on record, and plants its next try or ends it.
   * `passing`: the database could not serve at the moment, which is not the job's fault.
   */
  fail(tx: Database, job: Job, error: unknown, passing: boolean): Promise<Afterwards>
  /** Told of each step of a transaction; for tests, which break it there. */
  onStep?(step: string): void
  /** Opens the transaction of a job alone, where somebody else's client is to do that: instead of `db`. */
  transaction?<Result>(work: (tx: Database) => Promise<Result>): Promise<Result>
}

export interface Execution extends Taker {
  /** Jobs in hand at once. */
  readonly concurrency: number
  /** Claims no more, and finishes what it has, until `deadlineMs` (of `performance.now()`) at most. */
  stop(deadlineMs: number): Promise<void>
}

const LOCK_TIMEOUT = { lock_timeout: '5s' }
/** Jobs in hand at once, of each lane. */
export const EXECUTION_CONCURRENCY = 200
/** Each holds a connection while it waits for a lock. */
const ALONE_CONCURRENCY = 2

class FencedError extends Error {
  override readonly name = 'FencedError'
}

/** The server is there and has refused: a lock that was held for too long, a deadlock, a statement that took too long. */
const REFUSALS = new Set(['55P03', '40P01', '40001', '57014'])

const isLost = (error: unknown): boolean => isUnavailable(error) && !REFUSALS.has(sqlState(error) ?? '')

/**
 * Takes the jobs of one lane whose whole effect is in this database: it, the events and the removal of the job are one
 * transaction, fenced by the claim. So it happens exactly once, whatever dies when. What fails is tried alone, and delays
 * no other.
 */
export const createExecution = (o: ExecutionOptions): Execution => {
  const stopping = new AbortController()
  const alone = createSemaphore(ALONE_CONCURRENCY)
  const step = (name: string) => o.onStep?.(name)

  const remove = async (tx: Database, jobs: readonly Job[]): Promise<void> => {
    const removed = await o.queue.remove(tx, o.lane, jobs)
    // A claim that has lapsed belongs to another worker now: nothing of this must stay.
    if (removed !== jobs.length) throw new FencedError(`${jobs.length - removed} claims have lapsed`)
    step('removed')
  }

  const begin = <Result>(isAlone: boolean, work: (tx: Database) => Promise<Result>): Promise<Result> => {
    if (!isAlone) return inTransaction(o.batchDb, {}, work)
    if (o.transaction === undefined) return inTransaction(o.db, LOCK_TIMEOUT, work)
    return o.transaction(async (tx) => {
      await applyLocally(tx, LOCK_TIMEOUT)
      return work(tx)
    })
  }

  const run = async (jobs: readonly Job[], isAlone: boolean): Promise<readonly Job[]> => {
    const work = async (tx: Database) => {
      const executed = await o.execute(tx, jobs, isAlone)
      const leftIds = new Set(executed.left.map(({ id }) => id))
      await remove(
        tx,
        jobs.filter(({ id }) => !leftIds.has(id)),
      )
      return executed
    }
    const { left, afterwards } = await begin(isAlone, work)
    step('committed')
    afterwards()
    return left
  }

  const putOnRecord = async (job: Job, error: unknown): Promise<void> => {
    const afterwards = await inTransaction(o.db, LOCK_TIMEOUT, async (tx) => {
      // Other clients wrap the errors of the database.
      const after = await o.fail(tx, job, error, isUnavailable(error) || isPassingState(error))
      await remove(tx, [job])
      return after
    })
    afterwards()
  }

  const tryAlone = async (job: Job): Promise<void> => {
    try {
      await run([job], true)
    } catch (err) {
      if (err instanceof FencedError || isLost(err)) throw err
      o.log.warn({ err, queue: o.lane, id: job.data.s }, `${o.lane}: it failed, and is put on record`)
      await putOnRecord(job, err)
    }
  }

  /** While the database is away the claim is kept alive; where it lapses all the same, another worker has the job. */
  const insistAlone = async (job: Job): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await tryAlone(job)
        return
      } catch (err) {
        if (err instanceof FencedError) {
          o.log.info({ queue: o.lane, id: job.data.s }, `${o.lane}: another worker has the job`)
          return
        }
        o.log.warn(
          { err, queue: o.lane, id: job.data.s },
          `${o.lane}: the database did not answer, trying again`,
        )
        await pause(DATABASE_RETRY_MS)
      }
    }
  }

  const runner = createRunner({
    queue: o.queue,
    name: o.lane,
    concurrency: EXECUTION_CONCURRENCY,
    batchSize: o.batchSize,
    log: o.log,
    async handle(jobs: Job[], release: (job: ClaimedJob) => void) {
      let left: readonly Job[] = jobs
      try {
        // Another client's transactions are for one job each.
        if (o.transaction === undefined) left = await run(jobs, false)
      } catch (err) {
        o.log.warn(
          { err, queue: o.lane, count: jobs.length },
          `${o.lane}: a batch failed, each is tried alone`,
        )
      }
      const leftIds = new Set(left.map(({ id }) => id))
      for (const job of jobs) if (!leftIds.has(job.id)) release(job)
      await Promise.all(
        left.map(async (job) => {
          const giveBack = await alone.take(1, stopping.signal)
          // Not begun before the stop: the claim lapses, and another worker has it.
          if (giveBack !== null) await insistAlone(job).finally(giveBack)
          release(job)
        }),
      )
    },
  })

  return {
    name: o.lane,
    kind: 'lane',
    concurrency: EXECUTION_CONCURRENCY,
    runner,
    async stop(deadlineMs) {
      await settleBefore(runner, deadlineMs)
      stopping.abort()
      runner.close()
    },
  }
}
