import type { Server } from '../http/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Timers } from '../timers/index.ts'
import { actionRoutes } from './action-routes.ts'
import { createApply } from './apply.ts'
import { createContentCreate } from './content-create.ts'
import { contentRoutes } from './content-routes.ts'
import { type ContentServiceOptions, createContentService } from './content-service.ts'
import type { External } from './external.ts'
import { createExternalActions, refuseRest } from './external-actions.ts'
import { readRoutes } from './read-routes.ts'
import { createContentRepository } from './repository-content.ts'
import { createContentReads } from './repository-read.ts'
import { revisionRoutes } from './revision-routes.ts'
import { createScheduling } from './scheduling.ts'
import { typeRoutes } from './type-routes.ts'
import type { ContentTypes } from './types.ts'

export interface ContentStoreOptions {
  db: Database
  tables: Tables
  clock: Pick<Clock, 'now'>
  types: ContentTypes
  /** Rows in tables of the application's own. */
  external?: External | null
  timers: Pick<Timers, 'wake'>
}

/** The content store: drafts, revisions, what is live, and what is to become of it when. */
export const createContentStore = (o: ContentStoreOptions) => {
  const { db, tables, clock, types, timers } = o
  const external = o.external ? createExternalActions({ external: o.external, clock }) : null
  const reads = createContentReads(tables)
  const options: ContentServiceOptions = {
    ...{ db, types, reads, timers, repository: createContentRepository(tables) },
    scheduling: createScheduling({ tables, types }),
    apply: createApply({ tables, types }),
  }
  const service = createContentService(options)
  return {
    routes(app: Server): void {
      if (external !== null) refuseRest(app, external)
      typeRoutes(app, { types, external: o.external ?? null })
      contentRoutes(app, { create: createContentCreate(options), service })
      readRoutes(app, { db, clock, types, reads, service })
      revisionRoutes(app, { db, reads, service })
      actionRoutes(app, { service, external })
    },
  }
}
