import type { Startable } from '../delivery/index.ts'
import { bodyChecker, createOnce, type Server } from '../http/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Timers } from '../timers/index.ts'
import { createRunBulk } from './bulk.ts'
import { createScheduleCalendar } from './calendar.ts'
import { createCompile } from './compiled.ts'
import { createLifecycle } from './lifecycle.ts'
import { createPrepare } from './prepare.ts'
import { previewRoutes } from './preview-routes.ts'
import { createRepair } from './repair.ts'
import { createRepository } from './repository.ts'
import { createDueRepository } from './repository-due.ts'
import { createLookRepository } from './repository-look.ts'
import { createRunChanges } from './repository-run-change.ts'
import { createRunList } from './repository-run-list.ts'
import { RUN_ROUTE } from './repository-sweep.ts'
import { createResources } from './resource.ts'
import { scheduleRoutes } from './routes.ts'
import { runListRoutes } from './run-list.ts'
import { runRoutes } from './run-routes.ts'
import { createSchemas } from './schema.ts'
import { createService } from './service.ts'
import { createStarter } from './start.ts'

export interface SchedulesOptions {
  db: Database
  tables: Tables
  clock: Pick<Clock, 'now'>
  /** What schedules can start, by the member that says so. */
  kinds: ReadonlyMap<string, Startable>
  timers: Pick<Timers, 'wake'>
}

/** What a process knows of schedules, beside running them. */
export const createSchedules = (o: SchedulesOptions) => {
  const { db, tables, clock, kinds, timers } = o
  const schemas = createSchemas(kinds)
  const repository = createRepository(tables)
  const due = createDueRepository(tables)
  const compile = createCompile(kinds)
  const validate = bodyChecker(schemas.create)
  const service = createService({
    ...{ db, tables, clock, repository, kinds, compile, timers, validate },
    ...createPrepare(kinds),
    once: createOnce({ db, tables, route: 'schedules' }),
  })
  const lifecycle = createLifecycle({
    ...{ db, tables, repository, due, compile, timers },
    start: createStarter({ kinds, compile, repository: due }),
    once: createOnce({ db, tables, route: RUN_ROUTE }),
  })
  const look = createLookRepository(tables)
  const repair = createRepair({
    ...{ db, repository, timers, service, changes: createRunChanges(tables) },
  })
  const resources = createResources({ db, kinds, compile })
  return {
    service,
    /** Throws what is wrong with the shape of a body that has a name. */
    validate,
    calendar: createScheduleCalendar({ db, tables, compile, clock }),
    /** Whether anything of a project is still to come. */
    waits: (projectId: number): Promise<boolean> => look.waits(db, projectId),
    /** Their runs, as bulk operations see them. */
    bulk: createRunBulk({ db, tables, resources, timers }),
    routes(app: Server): void {
      // Before the one whose path has a name in its place.
      previewRoutes(app, { clock })
      scheduleRoutes(app, { service, resources, schemas, kinds })
      runRoutes(app, { db, repository, service, lifecycle, repair, resources, schemas })
      runListRoutes(app, { db, runs: createRunList(tables), resources })
    },
  }
}

export type Schedules = ReturnType<typeof createSchedules>
