import type { Database } from '../platform/database.ts'
import type { Logger } from '../platform/log.ts'
import type { Tables } from '../platform/tables.ts'
import { countAttempt, type LaneTelemetry } from '../platform/telemetry.ts'
import { type ClaimedJob, createRunner, type Job, type Queue } from '../queue/index.ts'
import type { Taker } from '../timers/index.ts'
import type { Admission } from './admission.ts'
import { createAttempts } from './attempt.ts'
import { createBegin } from './begin.ts'
import { createInsist } from './insist.ts'
import { createRecorder } from './record.ts'
import type { Semaphore } from '../platform/semaphore.ts'
import { readContent, type Started, type Subject } from './repository.ts'
import type { Sender } from './send.ts'

export interface DeliveryOptions {
  /** Commits durably: the start and the outcome of an attempt must survive a crash. */
  db: Database
  tables: Tables
  queue: Queue
  lane: string
  subject: Subject
  sender: Sender
  /** Limits how many are begun at a time, over all workers. */
  admission?: Admission
  /** Shared by all lanes of the process. */
  memory: Semaphore
  concurrency: number
  batchSize: number
  log: Logger
  /** A timer was planted, due at this instant (milliseconds since 1970). */
  onPlanted(dueMs: number): void
  /** Outcomes, and the events that tell of them, are committed. */
  onRecorded?(): void
  /** What this lane counts its attempts in. */
  telemetry: LaneTelemetry
  /** As near to the clock of the database as is known, in milliseconds since 1970. */
  nowMs(): number
}

export interface Delivery extends Taker {
  /** Sends at a time. */
  readonly concurrency: number
  /**
   * Claims no more; what was claimed and not begun goes back at once. What is being sent has until `deadlineMs` (of
   * `performance.now()`); then it is cut off, recorded as `unknown` and planted again.
   */
  stop(deadlineMs: number): Promise<void>
}

/** How long a stopping worker tries to put on record what it knows, once nothing is being sent any more. */
const RECORD_LIMIT_MS = 5_000

/** Takes the jobs of one lane: begins an attempt, sends, records how it ended. It knows nothing of what is sent. */
export const createDelivery = (o: DeliveryOptions): Delivery => {
  let isStopping = false
  let isGivenUp = false
  const insist = createInsist({ queue: o.lane, log: o.log, givenUp: () => isGivenUp })
  const attempts = createAttempts({
    sender: o.sender,
    memory: o.memory,
    read: (id) => insist('reading a content', () => readContent(o.db, o.subject, id)),
    observe(outcome, times) {
      const took = times && { lateMs: times.startedMs - times.dueMs, tookMs: o.nowMs() - times.startedMs }
      countAttempt(o.telemetry, outcome, took)
    },
    nowMs: o.nowMs,
    log: o.log,
  })
  const record = createRecorder({ ...o, insist })

  const deliver = async (job: Job, started: Started, release: (job: ClaimedJob) => void): Promise<void> => {
    await record(job, await attempts.run(started))
    release(job)
  }

  const runner = createRunner({
    queue: o.queue,
    name: o.lane,
    concurrency: o.concurrency,
    batchSize: o.batchSize,
    log: o.log,
    handle: (jobs: Job[], release) =>
      createBegin({
        ...o,
        insist,
        isStopping: () => isStopping,
        onBegun: (job, started) => void deliver(job, started, release),
        release,
      })(jobs),
  })

  return {
    name: o.lane,
    kind: 'lane',
    concurrency: o.concurrency,
    runner,
    async stop(deadlineMs) {
      isStopping = true
      await runner.stop()
      const leftMs = Math.max(0, deadlineMs - performance.now())
      const cutOff = setTimeout(() => attempts.cutOff(), leftMs)
      let giveUp: NodeJS.Timeout | undefined
      const tooLate = new Promise<void>((resolve) => {
        giveUp = setTimeout(() => {
          isGivenUp = true
          resolve()
        }, leftMs + RECORD_LIMIT_MS)
      })
      await Promise.race([runner.settled(), tooLate])
      clearTimeout(cutOff)
      clearTimeout(giveUp)
      runner.close()
    },
  }
}
