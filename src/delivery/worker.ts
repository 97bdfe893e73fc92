import { type Database, sqlState } from '../platform/database.ts'
import { isId } from '../platform/ids.ts'
import { createBatcher } from '../platform/batcher.ts'
import type { Logger } from '../platform/log.ts'
import type { Tables } from '../platform/tables.ts'
import { type ClaimedJob, createRunner, type Job, type Queue } from '../queue/index.ts'
import type { Taker } from '../timers/index.ts'
import { judge, judgeCutOff } from './policy.ts'
import {
  amendUnknown,
  type Ended,
  readStanding,
  readStarted,
  recordOutcomes,
  replant,
  type Standing,
  startAttempts,
  type Started,
  type Subject,
} from './repository.ts'
import { type Sender, type Sending, startSend } from './send.ts'

export interface DeliveryOptions {
  /** Commits durably: the start and the outcome of an attempt must survive a crash. */
  db: Database
  tables: Tables
  queue: Queue
  lane: string
  subject: Subject
  sender: Sender
  concurrency: number
  batchSize: number
  log: Logger
  /** A timer was planted, due at this instant (milliseconds since 1970). */
  onPlanted(dueMs: number): void
}

export interface Delivery extends Taker {
  /**
   * Claims no more; what was claimed and not begun goes back at once. What is being sent has until `deadlineMs` (of
   * `performance.now()`); then it is cut off, recorded as `unknown` and planted again.
   */
  stop(deadlineMs: number): Promise<void>
}

/** How often a subject that somebody else holds is looked at again. */
const LOCKED_RETRY_MS = 50
const DATABASE_RETRY_MS = 250
/** Outcomes in one transaction; two at a time keep the database busy while one commits. */
const SETTLE_MAX = 200
const SETTLE_CONCURRENCY = 2
/** How long a stopping worker tries to put on record what it knows, once nothing is being sent any more. */
const RECORD_LIMIT_MS = 5_000

interface Settling {
  job: Job
  ended: Ended
}

const isWaiting = (s: Standing | undefined, job: Job): boolean =>
  s !== undefined &&
  (((s.state === 'scheduled' || s.state === 'retrying') && s.generation === job.data.g) ||
    (s.state === 'sending' && s.attemptJob === job.id && (s.attemptTry ?? 0) < job.retryCount))

const isBegun = (s: Standing | undefined, job: Job): boolean =>
  s?.state === 'sending' && s.attemptJob === job.id && s.attemptTry === job.retryCount

const TEXT_LIMIT = 2_000

/** What a channel says, cut to a length and freed of what PostgreSQL does not store. */
const storable = <Text extends string | undefined>(text: Text) =>
  (typeof text === 'string'
    ? text.slice(0, TEXT_LIMIT).toWellFormed().replaceAll('\0', '')
    : null) as Text extends string ? string : string | null

/** A number that is none would fail the statement for good: its batch, and then itself again and again. */
const storableStatus = (status: number | undefined): number | null =>
  status !== undefined && Number.isInteger(status) && Math.abs(status) < 2 ** 31 ? status : null

/**
 * One job a subject: of several the one of the latest generation, the others are no-ops. So are jobs that bear no
 * subject at all, put there by somebody else.
 */
const newestOfEach = (jobs: readonly Job[]): { wanted: Job[]; stale: Job[] } => {
  const newest = new Map<string, Job>()
  for (const job of jobs) {
    const { s, g } = { ...job.data }
    if (typeof s !== 'string' || !isId(s) || !Number.isInteger(g)) continue
    if (g > (newest.get(s)?.data.g ?? Number.NEGATIVE_INFINITY)) newest.set(s, job)
  }
  const wanted = [...newest.values()]
  const kept = new Set(wanted)
  return { wanted, stale: jobs.filter((job) => !kept.has(job)) }
}

/** Takes the jobs of one lane: begins an attempt, sends, records how it ended. It knows nothing of what is sent. */
export const createDelivery = (o: DeliveryOptions): Delivery => {
  const sending = new Set<Sending>()
  let stopping = false
  let forced = false

  const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

  /** Repeats what the database refused until it goes through; the claims are kept alive meanwhile. */
  const insist = async <Result>(what: string, run: () => Promise<Result>): Promise<Result | null> => {
    while (!forced) {
      try {
        return await run()
      } catch (err) {
        o.log.warn({ err, queue: o.lane }, `delivery: ${what} failed, trying again`)
        await pause(DATABASE_RETRY_MS)
      }
    }
    return null
  }

  const settle = async (batch: readonly Settling[]): Promise<Set<string>> => {
    const recorded = await o.db.transaction().execute(async (tx) => {
      const rows = await recordOutcomes(
        tx,
        o.tables,
        o.subject,
        batch.map((s) => s.ended),
      )
      const ids = new Set(rows.map((row) => row.id))
      const done = batch.filter((s) => ids.has(s.ended.id))
      // Fewer removed than recorded is no fault: the number of the attempt is the fence, and it held.
      await o.queue.remove(
        tx,
        o.lane,
        done.map((s) => s.job),
      )
      return rows
    })
    for (const row of recorded) if (row.nextMs !== null) o.onPlanted(row.nextMs)
    return new Set(recorded.map((row) => row.id))
  }

  const settler = createBatcher<Settling, boolean>({
    maxItems: SETTLE_MAX,
    concurrency: SETTLE_CONCURRENCY,
    async flush(batch) {
      try {
        const done = await settle(batch)
        return batch.map((s) => ({ status: 'fulfilled', value: done.has(s.ended.id) }))
      } catch (error) {
        // What the server refuses may be the fault of one: each alone, so that it holds up no other.
        if (batch.length === 1 || sqlState(error) === undefined) throw error
        return Promise.allSettled(batch.map(async (s) => (await settle([s])).has(s.ended.id)))
      }
    },
  })

  const drop = (jobs: readonly Job[]) =>
    insist('removing jobs that are no longer wanted', () => o.queue.remove(o.db, o.lane, jobs))

  /** Puts one outcome on record; waits where somebody holds the row, and steps back where another worker took over. */
  const record = async (job: Job, ended: Ended): Promise<void> => {
    let recorded = await insist('recording an outcome', () => settler.add({ job, ended }))
    while (recorded === false) {
      const standing = await insist('reading a subject', () => readStanding(o.db, o.subject, [ended.id]))
      const row = standing?.[0]
      if (row?.state !== 'sending' || row.attempt !== ended.attempt) {
        await insist('amending an attempt', () => amendUnknown(o.db, o.tables, ended))
        await drop([job])
        return
      }
      await pause(LOCKED_RETRY_MS)
      recorded = await insist('recording an outcome', async () =>
        (await settle([{ job, ended }])).has(ended.id),
      )
    }
  }

  const attempt = async (job: Job, started: Started, release: (job: ClaimedJob) => void): Promise<void> => {
    const send = startSend(o.sender, started, (err) =>
      o.log.error(
        { err, id: started.id, attempt: started.attempt },
        'delivery: a channel failed unexpectedly',
      ),
    )
    sending.add(send)
    if (forced) send.cutOff()
    const outcome = await send.outcome
    sending.delete(send)
    const verdict = outcome === 'cut-off' ? judgeCutOff(started) : judge(outcome, started)
    const error =
      outcome === 'cut-off'
        ? { code: 'shutdown', message: 'the send was cut off by a shutdown' }
        : outcome.kind === 'delivered'
          ? null
          : { code: storable(outcome.reason.code), message: storable(outcome.reason.message) }
    if (verdict.state !== 'delivered') {
      const details = {
        id: started.id,
        attempt: started.attempt,
        outcome: verdict.attempt,
        error: error?.code,
      }
      if (verdict.state === 'failed')
        o.log.warn({ ...details, reason: verdict.reason }, 'delivery: failed for good')
      else o.log.info(details, 'delivery: an attempt failed, it is tried again')
    }
    await record(job, {
      id: started.id,
      attempt: started.attempt,
      verdict,
      provider: o.sender.provider(started),
      providerId: outcome !== 'cut-off' && outcome.kind === 'delivered' ? storable(outcome.providerId) : null,
      statusCode: outcome === 'cut-off' ? null : storableStatus(outcome.statusCode),
      error,
    })
    release(job)
  }

  /** Sends what has begun; what was decided without a send (expired, canceled, …) needs only its job removed. */
  const carryOn = async (
    begun: readonly Started[],
    byId: Map<string, Job>,
    release: (job: ClaimedJob) => void,
  ) => {
    const over: Job[] = []
    for (const started of begun) {
      const job = byId.get(started.id)
      if (job === undefined) continue
      if (started.state === 'sending') void attempt(job, started, release)
      else over.push(job)
    }
    if (over.length === 0) return
    await drop(over)
    for (const job of over) release(job)
  }

  const giveBack = async (jobs: readonly Job[], release: (job: ClaimedJob) => void) => {
    await insist('putting jobs back', () =>
      o.db.transaction().execute(async (tx) => {
        const planted = new Set(await replant(tx, o.tables, o.subject, jobs))
        // The claims on the others lapse by themselves, and their next holder sees what they are.
        await o.queue.remove(
          tx,
          o.lane,
          jobs.filter((job) => planted.has(job.data.s)),
        )
      }),
    )
    for (const job of jobs) release(job)
  }

  const begin = async (jobs: Job[], release: (job: ClaimedJob) => void): Promise<void> => {
    let left = jobs
    while (left.length > 0) {
      if (stopping) return giveBack(left, release)
      const byId = new Map(left.map((job) => [job.data.s, job]))
      const begun = await insist('beginning attempts', () => startAttempts(o.db, o.tables, o.subject, left))
      if (begun === null) return giveBack(left, release)
      const missing = left.filter((job) => !begun.some((started) => started.id === job.data.s))
      await carryOn(begun, byId, release)
      if (missing.length === 0) return
      left = await sort(missing, release)
      if (left.length > 0) await pause(LOCKED_RETRY_MS)
    }
  }

  /** Jobs that did not begin: begun before after all, held by somebody (returned, to be tried again), or not wanted any more. */
  const sort = async (jobs: Job[], release: (job: ClaimedJob) => void): Promise<Job[]> => {
    const rows = await insist('reading subjects', () =>
      readStanding(
        o.db,
        o.subject,
        jobs.map((job) => job.data.s),
      ),
    )
    if (rows === null) return jobs
    const byId = new Map(rows.map((row) => [row.id, row]))
    const waiting = jobs.filter((job) => isWaiting(byId.get(job.data.s), job))
    const begun = jobs.filter((job) => isBegun(byId.get(job.data.s), job))
    const gone = jobs.filter((job) => !waiting.includes(job) && !begun.includes(job))
    if (begun.length > 0) {
      const started = await insist('reading begun attempts', () =>
        readStarted(
          o.db,
          o.subject,
          begun.map((job) => job.data.s),
        ),
      )
      await carryOn(started ?? [], new Map(begun.map((job) => [job.data.s, job])), release)
    }
    if (gone.length > 0) {
      await drop(gone)
      for (const job of gone) release(job)
    }
    return waiting
  }

  const runner = createRunner({
    queue: o.queue,
    name: o.lane,
    concurrency: o.concurrency,
    batchSize: o.batchSize,
    log: o.log,
    async handle(jobs: Job[], release) {
      const { wanted, stale } = newestOfEach(jobs)
      const beginning = begin(wanted, release)
      if (stale.length > 0) {
        await drop(stale)
        for (const job of stale) release(job)
      }
      await beginning
    },
  })

  return {
    name: o.lane,
    kind: 'lane',
    get free() {
      return runner.free
    },
    wake: () => runner.wake(),
    pause: (paused) => runner.pause(paused),
    async stop(deadlineMs) {
      stopping = true
      await runner.stop()
      const leftMs = Math.max(0, deadlineMs - performance.now())
      const cutOff = setTimeout(() => {
        for (const send of sending) send.cutOff()
      }, leftMs)
      let giveUp: NodeJS.Timeout | undefined
      const tooLate = new Promise<void>((resolve) => {
        giveUp = setTimeout(() => {
          forced = true
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
