import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../platform/database.ts'
import type { Logger } from '../platform/log.ts'
import {
  hasNewEvents,
  pruneRollups,
  type RollupSources,
  type Taken,
  takeEvents,
} from './repository-rollups.ts'

export interface RollupsOptions extends RollupSources {
  /** Commits asynchronously: what a crash forgets is added up again. */
  db: Database
  log: Logger
  /** Events that one statement takes; 5,000 unless told. */
  batchSize?: number
}

export interface Rollups {
  /** Adds up what is new before somebody reads, as far as a few statements go. */
  catchUp(): Promise<void>
  /** The work of a worker's tick: at most every 10 s, until nothing is left. Never rejects. */
  run(): void
  /** For the tick: whether there is something new. */
  readonly due: ReturnType<typeof hasNewEvents>
  /** Removes what is older than 400 days. */
  prune(): Promise<void>
  /** Resolves once no round is under way, and begins none any more. */
  stop(): Promise<void>
}

/** Events in one statement where somebody waits for the sums, about 10 µs each. */
const BATCH_SIZE = 5_000
/**
 * Of a worker, who is in no hurry: 5 ms of a core, and then a pause, so that no hand-over waits behind 50 ms of sums.
 */
const UNHURRIED = { batchSize: 500, pauseMs: 50 } as const
const INTERVAL_MS = 10_000
/** Of a reader: 20,000 events. What waits beyond that is a worker's to add up. */
const READ_ROUNDS = 4
const BUSY_ROUNDS = 20
const BUSY_PAUSE_MS = 5
const RETENTION_DAYS = 400
const PRUNE_BATCH = 5_000

/** Keeps the sums that the overview reads. One reader at a time, in any process; the others wait for it or leave it to it. */
export const createRollups = (o: RollupsOptions): Rollups => {
  const size = o.batchSize ?? BATCH_SIZE
  let lastMs = Number.NEGATIVE_INFINITY
  let running: Promise<void> | null = null
  let reading: Promise<void> | null = null
  let stopped = false

  const take = (limit = size): Promise<Taken> => takeEvents(o.db, o, limit)

  const runToEnd = async (): Promise<void> => {
    try {
      const limit = Math.min(size, UNHURRIED.batchSize)
      for (;;) {
        const { count } = await take(limit)
        if (count < limit || stopped) return
        await sleep(UNHURRIED.pauseMs)
      }
    } catch (err) {
      if (!stopped) o.log.warn({ err }, 'operations: events could not be added up, the next tick tries again')
    }
  }

  const read = async (): Promise<void> => {
    let busy = 0
    for (let round = 0; round < READ_ROUNDS && busy < BUSY_ROUNDS;) {
      const taken = await take()
      if (taken.busy) {
        busy += 1
        await sleep(BUSY_PAUSE_MS)
      } else if (taken.count < size) return
      else round += 1
    }
  }

  return {
    async catchUp() {
      // Whoever asks while one reads could miss what came since it began: he has a round of his own, shared with all who wait.
      await reading?.catch(() => {})
      reading ??= read().finally(() => {
        reading = null
      })
      await reading
    },
    run() {
      const nowMs = performance.now()
      if (stopped || running !== null || nowMs - lastMs < INTERVAL_MS) return
      lastMs = nowMs
      running = runToEnd().finally(() => {
        running = null
      })
    },
    due: hasNewEvents(o.tables),
    async prune() {
      while ((await pruneRollups(o.db, o.tables, RETENTION_DAYS, PRUNE_BATCH)) === PRUNE_BATCH);
    },
    async stop() {
      stopped = true
      await running
    },
  }
}
