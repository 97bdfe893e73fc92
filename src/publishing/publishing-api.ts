import type { Server } from '../http/index.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Timers } from '../timers/index.ts'
import type { External } from './external.ts'
import { createPublicationService } from './publication-service.ts'
import { publicationRoutes } from './publication-routes.ts'
import { releaseRoutes } from './releases-routes.ts'
import { createReleaseService } from './releases-service.ts'
import type { ContentTypes } from './types.ts'

/** Publications and releases over HTTP. */
export const createPublishingApi = (o: {
  db: Database
  tables: Tables
  types: ContentTypes
  external?: External | null
  timers: Pick<Timers, 'wake'>
}) => {
  const options = {
    db: o.db,
    tables: o.tables,
    types: o.types,
    external: o.external ?? null,
    wake: o.timers.wake,
  }
  return {
    routes(app: Server): void {
      publicationRoutes(app, { service: createPublicationService(options) })
      releaseRoutes(app, { service: createReleaseService(options) })
    },
  }
}
