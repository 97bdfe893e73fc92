import { createExecution, type Execution, type ExecutionOptions } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import type { Logger } from '../platform/log.ts'
import type { Tables } from '../platform/tables.ts'
import { createExecute, LOG_PREFIX } from './execute.ts'
import type { External } from './external.ts'
import { createFail } from './fail.ts'
import { createReleaseWork } from './releases-worker.ts'
import { RELEASE_LANE } from './repository-releases.ts'
import { createSweep, type SweepOptions } from './sweep.ts'
import { type ContentTypes, laneOfType } from './types.ts'

export interface PublishWorkerOptions {
  /** For batches, which wait for nobody. */
  batchDb: Database
  db: Database
  tables: Tables
  queue: ExecutionOptions['queue']
  /** Of the others nothing is taken: another process may know them. */
  types: ContentTypes
  /** Rows in tables of the application's own. */
  external?: External | null
  log: Logger
  /** A timer was planted, due at this instant (milliseconds since 1970). */
  wake(dueMs: number): void
  /** The queue's jobs. */
  jobsTable: SweepOptions['jobsTable']
  /** Told of each step of a transaction; for tests, which break it there. */
  onStep?: ((step: string) => void) | undefined
}

export interface PublishWorker {
  /** One a type, and one for releases. */
  readonly takers: readonly Execution[]
  /** Says that it waits for what falls due. */
  started(): void
  /** To be called every `SWEEP_INTERVAL_MS`: looks for what is due and not done. */
  sweep(): Promise<void>
}

export const SWEEP_INTERVAL_MS = 30_000

/** More in one transaction do not make it faster, and one that fails makes the others go alone. */
const BATCH_SIZE = 100

/** The lanes of content types: what falls due in them is done, each item once. */
export const createPublishWorker = (o: PublishWorkerOptions): PublishWorker => {
  const { tables, types, log, wake, onStep } = o
  const execute = createExecute({ tables, types, log, wake, onStep })
  const fail = createFail({ tables, log, wake })
  const startedMs = performance.now()
  const sweep = createSweep({
    ...{ db: o.db, tables, jobsTable: o.jobsTable, log, wake },
    ageSeconds: () => (performance.now() - startedMs) / 1000,
  })
  const common = {
    ...{ batchDb: o.batchDb, db: o.db, queue: o.queue, log, batchSize: BATCH_SIZE },
    ...(onStep && { onStep }),
  }
  const externalTakers = (): Execution[] => {
    if (!o.external) return []
    const work = o.external.work({ log, wake, onStep })
    const alone = { ...common, ...work, fail, batchSize: 1 }
    return o.external.lanes.map((lane) => createExecution({ ...alone, lane }))
  }

  return {
    takers: [
      ...types.names.map((name) => createExecution({ ...common, lane: laneOfType(name), execute, fail })),
      ...externalTakers(),
      createExecution({
        ...{ ...common, lane: RELEASE_LANE },
        ...createReleaseWork({ tables, types, log, wake, onStep }),
      }),
    ],
    started: () => log.info(`${LOG_PREFIX} started`),
    sweep: sweep.run,
  }
}
