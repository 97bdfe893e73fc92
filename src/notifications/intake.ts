import { DEFAULT_RETRY } from '../delivery/index.ts'
import type { Clock } from '../platform/clock.ts'
import { type Database, sqlState } from '../platform/database.ts'
import { newId } from '../platform/ids.ts'
import type { Logger } from '../platform/log.ts'
import { type ClaimedJob, createRunner, type Job, type Queue } from '../queue/index.ts'
import type { Taker, Timers } from '../timers/index.ts'
import type { NewNotification, Repository } from './repository.ts'
import { laneOf } from './service.ts'

/** A queue that other programs fill, with any pg-boss client: `{"message"}` is delivered at once on channel `log`. */
export const INTAKE_QUEUE = 'send-alert'

export interface Intake extends Taker {
  stop(): Promise<void>
}

export interface IntakeOptions {
  db: Database
  clock: Clock
  repository: Repository
  queue: Queue
  timers: Timers
  log: Logger
  projectId: number
}

const BATCH_SIZE = 100
const CONCURRENCY = 200

const messageOf = (job: Job<unknown>): string | null => {
  const { data } = job
  if (typeof data !== 'object' || data === null || !('message' in data)) return null
  return typeof data.message === 'string' && data.message !== '' ? data.message : null
}

/**
 * Turns the jobs of the intake queue into notifications. In one transaction the notification is there and the job is
 * completed, so that a crash neither loses nor doubles one.
 */
export const createIntake = (o: IntakeOptions): Intake => {
  const toNotification = (message: string, dueAt: Date): NewNotification => ({
    id: newId(),
    projectId: o.projectId,
    channel: 'log',
    lane: laneOf('log'),
    recipient: null,
    content: { message },
    sendAt: null,
    dueAt,
    expiresAt: null,
    priority: 0,
    groupKey: null,
    retry: DEFAULT_RETRY,
    onUnknown: 'retry',
    timeoutSeconds: 15,
    tags: [],
    metadata: { source: INTAKE_QUEUE },
  })

  const take = async (jobs: readonly Job<unknown>[]): Promise<void> => {
    const dueAt = new Date(Math.ceil((await o.clock.now()).getTime()))
    const rows = jobs
      .map(messageOf)
      .flatMap((message) => (message === null ? [] : [toNotification(message, dueAt)]))
    await o.db.transaction().execute(async (tx) => {
      if (rows.length > 0) await o.repository.insert(tx, rows)
      const completed = await o.queue.complete(tx, INTAKE_QUEUE, jobs)
      // A claim that has lapsed belongs to another worker now, which takes the job itself: nothing of this must stay.
      if (completed !== jobs.length) throw new Error(`${jobs.length - completed} claims have lapsed`)
    })
    for (const job of jobs) if (messageOf(job) === null) o.log.warn(`⚠️ [알림 데이터 없음] jobId=${job.id}`)
    if (rows.length > 0) o.timers.wake(dueAt.getTime())
  }

  const takeAlone = async (job: Job<unknown>): Promise<void> => {
    try {
      await take([job])
    } catch (err) {
      o.log.warn({ err, jobId: job.id }, `${INTAKE_QUEUE}: a job could not be taken, it is tried again`)
    }
  }

  const runner = createRunner<unknown>({
    queue: o.queue,
    name: INTAKE_QUEUE,
    concurrency: CONCURRENCY,
    batchSize: BATCH_SIZE,
    log: o.log,
    async handle(jobs, release: (job: ClaimedJob) => void) {
      try {
        await take(jobs)
      } catch (err) {
        o.log.debug({ err }, `${INTAKE_QUEUE}: a batch could not be taken, each job alone`)
        // One that the database refuses holds up no other. A lost connection fails all: their claims lapse.
        if (jobs.length > 1 || sqlState(err) !== undefined) for (const job of jobs) await takeAlone(job)
      }
      for (const job of jobs) release(job)
    },
  })

  return {
    name: INTAKE_QUEUE,
    kind: 'intake',
    get free() {
      return runner.free
    },
    wake: () => runner.wake(),
    pause: (paused) => runner.pause(paused),
    async stop() {
      await runner.stop()
      await runner.settled()
      runner.close()
    },
  }
}
