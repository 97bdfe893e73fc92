import type { Logger } from '../platform/log.ts'
import { type ClaimedJob, type Job, type Queue, TOUCH_INTERVAL_MS } from './boss.ts'

export interface RunnerOptions<Data> {
  queue: Queue
  name: string
  /** Jobs in hand at once. */
  concurrency: number
  /** Jobs claimed by one statement. */
  batchSize: number
  log: Logger
  /**
   * Takes a batch of claimed jobs. It must call `release` once for each, as soon as that one is settled: the slot is
   * free again then, whatever the others of its batch still do.
   */
  handle(jobs: Job<Data>[], release: (job: ClaimedJob) => void): Promise<void>
}

export interface Runner {
  /** There may be jobs: claims as many as there are free slots. Cheap, and safe to call at any time. */
  wake(): void
  /** The same, where they may be old ones: given back by a rescue, or put in by a transaction that took long. */
  wakeForAll(): void
  readonly free: number
  /** Renews the claims in hand now; rejects where that cannot be done. */
  keepAlive(): Promise<void>
  pause(paused: boolean): void
  /** Claims no more. Resolves once no claim is under way; jobs in hand go on, and are still kept alive. */
  stop(): Promise<void>
  /** Resolves once nothing is in hand any more. */
  settled(): Promise<void>
  /** Forgets what is in hand, and keeps it alive no longer. */
  close(): void
}

/** More than two fetch loops were slower on two cores (three: −8 %, four: −28 %). */
const FETCH_LOOPS = 2
const RETRY_MS = 250
/** Jobs bear the time at which their transaction began; what commits later than this is found by the safety tick. */
const FLOOR_MARGIN_MS = 2_000

/** A worker that was frozen may take a job over from itself: the old claim's end must not end the new one. */
const claimOf = (job: ClaimedJob) => `${job.id}:${job.retryCount}`

/**
 * Slots instead of pg-boss's `work()`: that one fetches again only when the slowest send of its batch is done. With
 * 0.1 % of the sends hanging for 5 s it was 2 s late at the median; slots are 3 ms late.
 */
export const createRunner = <Data>(o: RunnerOptions<Data>): Runner => {
  const inHand = new Map<string, ClaimedJob>()
  let reserved = 0
  let loops = 0
  let mayHaveMore = false
  /** When a fetch began that left nothing behind it: what was put in before needs not be looked for. */
  let drainedMs: number | null = null
  let rounds = 0
  let paused = false
  let stopped = false
  let whenQuiet: (() => void) | null = null
  let whenEmpty: (() => void) | null = null
  let retry: NodeJS.Timeout | null = null

  const free = () => Math.max(0, o.concurrency - inHand.size - reserved)
  const lookForAll = () => {
    drainedMs = null
    rounds += 1
  }
  const canFetch = () => mayHaveMore && !paused && !stopped && free() > 0

  const release = (job: ClaimedJob) => {
    if (!inHand.delete(claimOf(job))) return
    if (inHand.size === 0) whenEmpty?.()
    fill()
  }

  const fetchOnce = async (): Promise<void> => {
    const limit = Math.min(free(), o.batchSize)
    reserved += limit
    // Before the fetch, not after: a wake-up that arrives while it runs asks for another one.
    mayHaveMore = false
    const beganMs = performance.now()
    const round = rounds
    const maxAgeSeconds = drainedMs === null ? null : (beganMs - drainedMs + FLOOR_MARGIN_MS) / 1000
    try {
      const jobs = await o.queue.fetch<Data>(o.name, limit, maxAgeSeconds)
      if (jobs.length === limit) mayHaveMore = true
      else if (round === rounds) drainedMs = beganMs
      for (const job of jobs) inHand.set(claimOf(job), job)
      if (jobs.length > 0) void take(jobs)
    } finally {
      reserved -= limit
    }
  }

  const take = async (jobs: Job<Data>[]): Promise<void> => {
    try {
      await o.handle(jobs, release)
    } catch (err) {
      // A bug: the claims lapse, and the jobs are given out again.
      o.log.error({ err, queue: o.name }, 'queue: a batch could not be handled')
      for (const job of jobs) release(job)
    }
  }

  const loop = async (): Promise<void> => {
    try {
      while (canFetch()) await fetchOnce()
    } catch (err) {
      o.log.warn({ err, queue: o.name }, 'queue: jobs could not be fetched, trying again')
      mayHaveMore = true
      lookForAll()
      retry ??= setTimeout(() => {
        retry = null
        fill()
      }, RETRY_MS)
    } finally {
      loops -= 1
      if (loops === 0) whenQuiet?.()
    }
  }

  const fill = () => {
    if (retry !== null) return
    while (loops < FETCH_LOOPS && canFetch()) {
      loops += 1
      void loop()
      // A second loop is worth its statement only when the first one finds more than it can take.
      if (loops === 1 && inHand.size < o.batchSize) return
    }
  }

  const keepAlive = (): Promise<void> => o.queue.touch(o.name, [...inHand.values()])
  const touching = setInterval(() => {
    keepAlive().catch((err: unknown) =>
      o.log.warn({ err, queue: o.name }, 'queue: claims could not be renewed'),
    )
  }, TOUCH_INTERVAL_MS)

  return {
    wake() {
      mayHaveMore = true
      fill()
    },
    wakeForAll() {
      lookForAll()
      mayHaveMore = true
      fill()
    },
    get free() {
      return paused || stopped ? 0 : free()
    },
    pause(value) {
      paused = value
      if (!paused) fill()
    },
    async stop() {
      stopped = true
      if (retry !== null) clearTimeout(retry)
      if (loops > 0) {
        await new Promise<void>((resolve) => {
          whenQuiet = resolve
        })
      }
    },
    settled: () =>
      inHand.size === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            whenEmpty = resolve
          }),
    keepAlive,
    close() {
      clearInterval(touching)
      inHand.clear()
    },
  }
}
