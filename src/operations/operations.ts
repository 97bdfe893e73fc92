import type { Server } from '../http/index.ts'
import type { Database } from '../platform/database.ts'
import type { Logger } from '../platform/log.ts'
import type { Tables } from '../platform/tables.ts'
import { bulkRoutes } from './bulk-routes.ts'
import { createBulk } from './bulk.ts'
import { createRepository } from './repository.ts'
import { operationRoutes } from './routes.ts'
import { createRunner } from './runner.ts'
import { createService } from './service.ts'
import type { BulkSubject } from './subject.ts'

export interface OperationsOptions {
  /** Durable: a step that was answered is there after a crash. */
  db: Database
  tables: Tables
  /** What can be changed in bulk, by name. */
  subjects: Readonly<Record<string, BulkSubject>>
  log: Logger
}

export interface Operations {
  /** The bulk calls of every subject, and `/v1/operations`. */
  routes(app: Server): void
  /** Goes on with what nobody runs, now and once a minute; from now on this process also runs what is asked of it. */
  run(): void
  /** Ends between two steps, and leaves the rest to others. */
  stop(): Promise<void>
  /** Forgets what can no longer be undone. Once an hour is enough. */
  prune(): Promise<void>
}

/** Changes of many items: at once where they are few, as an operation that survives its process where they are many. */
export const createOperations = ({ db, tables, subjects, log }: OperationsOptions): Operations => {
  const repository = createRepository(tables)
  const runner = createRunner({ db, repository, subjects, log })
  return {
    routes(app) {
      const bulk = createBulk({ db, repository, runner })
      for (const subject of Object.values(subjects)) bulkRoutes(app, subject, { bulk })
      operationRoutes(app, { service: createService({ db, repository, subjects, runner }) })
    },
    run: runner.start,
    stop: runner.stop,
    async prune() {
      while ((await repository.prune(db)) > 0);
    },
  }
}
