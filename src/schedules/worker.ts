import { createExecution, type Execution, type ExecutionOptions, type Startable } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import type { Logger } from '../platform/log.ts'
import { removeInBatches } from '../platform/remove-in-batches.ts'
import type { Tables } from '../platform/tables.ts'
import { createCompile } from './compiled.ts'
import { createDue, LOG_PREFIX } from './due.ts'
import { createFail } from './fail.ts'
import { createDueRepository } from './repository-due.ts'
import { createSweepRepository } from './repository-sweep.ts'
import { LANE, RUN_LANE } from './row.ts'
import { createRunsDue } from './runs-due.ts'
import { createStarter } from './start.ts'

export interface ScheduleWorkerOptions {
  /** For batches, which wait for nobody. */
  batchDb: Database
  db: Database
  tables: Tables
  queue: ExecutionOptions['queue']
  /** What schedules can start, by the member that says so. */
  kinds: ReadonlyMap<string, Startable>
  log: Logger
  /** A timer was planted, due at this instant (milliseconds since 1970). */
  wake(dueMs: number): void
  /** The queue's jobs. */
  jobsTable: Parameters<typeof createSweepRepository>[1]
  /** Told of each step of a transaction; for tests, which break it there. */
  onStep?: ((step: string) => void) | undefined
}

export interface ScheduleWorker {
  readonly takers: readonly Execution[]
  /** Looks for what has neither a timer nor a job, and plants it again. There should be none. */
  sweep(): Promise<void>
  /** Removes the record of runs that ended before. */
  prune(before: Date): Promise<void>
}

const BATCH_SIZE = 100
const DAY_MS = 86_400_000

/** The lanes of schedules, and of runs that wait for their turn. */
export const createScheduleWorker = (o: ScheduleWorkerOptions): ScheduleWorker => {
  const { tables, log, wake, onStep, kinds } = o
  const repository = createDueRepository(tables)
  const compile = createCompile(kinds)
  const options = {
    tables,
    repository,
    compile,
    log,
    wake,
    onStep,
    start: createStarter({ kinds, compile, repository }),
  }
  const fail = createFail(options)
  const sweep = createSweepRepository(tables, o.jobsTable)
  const common = {
    ...{ batchDb: o.batchDb, db: o.db, queue: o.queue, log, batchSize: BATCH_SIZE },
    ...(onStep && { onStep }),
  }
  return {
    takers: [
      createExecution({ ...common, lane: LANE, execute: createDue(options), fail: fail.schedule }),
      createExecution({ ...common, lane: RUN_LANE, execute: createRunsDue(options), fail: fail.run }),
    ],
    async sweep() {
      const count = await sweep.replant(o.db)
      if (count === 0) return
      log.warn({ count }, `${LOG_PREFIX} schedules or runs without a timer or a job were planted again`)
      wake(0)
    },
    async prune(before) {
      await removeInBatches((limit) => sweep.removeRuns(o.db, before, limit))
    },
  }
}

export const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * DAY_MS)
