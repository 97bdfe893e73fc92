import { type Database, isUnavailable } from '../platform/database.ts'
import type { Logger } from '../platform/log.ts'
import { type ClaimedJob, createRunner, type Job, type Queue } from '../queue/index.ts'
import type { Taker } from '../timers/index.ts'
import { settleBefore } from './settle-before.ts'

export interface Intake extends Taker {
  /** Claims no more, and finishes what it has, until `deadlineMs` (of `performance.now()`) at most. */
  stop(deadlineMs: number): Promise<void>
}

export interface IntakeOptions {
  /** Commits durably: what is taken over is ours to keep from then on. */
  db: Database
  queue: Queue
  name: string
  log: Logger
  /**
   * Turns jobs into rows of a feature, inside the transaction that completes them. What it returns is run after the
   * commit.
   */
  accept(tx: Database, jobs: readonly Job<unknown>[]): Promise<() => void>
}

const BATCH_SIZE = 100
const CONCURRENCY = 200

/**
 * Takes jobs from a queue that other programs fill. In one transaction the rows are there and the jobs completed, so
 * that a crash neither loses nor doubles one.
 */
export const createIntake = (o: IntakeOptions): Intake => {
  const take = async (jobs: readonly Job<unknown>[]): Promise<void> => {
    const afterwards = await o.db.transaction().execute(async (tx) => {
      const after = await o.accept(tx, jobs)
      const completed = await o.queue.complete(tx, o.name, jobs)
      // A claim that has lapsed belongs to another worker now, which takes the job itself: nothing of this must stay.
      if (completed !== jobs.length) throw new Error(`${jobs.length - completed} claims have lapsed`)
      return after
    })
    afterwards()
  }

  const takeAlone = async (job: Job<unknown>): Promise<void> => {
    try {
      await take([job])
    } catch (err) {
      o.log.warn({ err, jobId: job.id }, `${o.name}: a job could not be taken, it is tried again`)
    }
  }

  const runner = createRunner<unknown>({
    queue: o.queue,
    name: o.name,
    concurrency: CONCURRENCY,
    batchSize: BATCH_SIZE,
    log: o.log,
    async handle(jobs, release: (job: ClaimedJob) => void) {
      try {
        await take(jobs)
      } catch (err) {
        o.log.warn({ err, count: jobs.length }, `${o.name}: a batch could not be taken`)
        // One that the database refuses holds up no other. After a lost connection the claims lapse by themselves.
        if (!isUnavailable(err)) for (const job of jobs) await takeAlone(job)
      }
      for (const job of jobs) release(job)
    },
  })

  return {
    name: o.name,
    kind: 'intake',
    runner,
    async stop(deadlineMs) {
      await settleBefore(runner, deadlineMs)
      runner.close()
    },
  }
}
