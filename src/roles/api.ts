import { type Access, createAccess } from '../access/index.ts'
import {
  auditRoutes,
  createAuditRepository,
  createEventRepository,
  eventRoutes,
  streamRoutes,
} from '../events/index.ts'
import { createServer, type Server, type ServerOptions } from '../http/index.ts'
import {
  batchRoutes,
  channelRoutes,
  createCalendarSource,
  createCreate,
  createCreateBatch,
  createDeadLetterSource,
  createIngest,
  createList,
  createService,
  createWaits,
  type Ingest,
  itemValidator,
  listRoutes,
  notificationQueues,
  notificationRoutes,
  scheduleNotificationRoutes,
  sendEmailRoutes,
  timeRoutes,
} from '../notifications/index.ts'
import { createQueues, deadLetterRoutes, queueRoutes } from '../operations/index.ts'
import { isLoopback } from '../platform/loopback.ts'
import {
  createContentStore,
  createPublicationCalendar,
  createPublicationWaits,
  createPublicationDeadLetters,
  createPublishingApi,
  createReleaseDeadLetters,
  publishingQueue,
} from '../publishing/index.ts'
import { createScheduleDeadLetters, scheduleQueue } from '../schedules/index.ts'
import {
  createDeadLetters as createWebhookDeadLetters,
  createWebhooks,
  LANE as WEBHOOK_LANE,
} from '../webhooks/index.ts'
import {
  createCalendarSource as createRunCalendar,
  createDeadLetters as createRunDeadLetters,
  createTaskApi,
  taskQueues,
} from '../tasks/index.ts'
import type { Shared } from './shared.ts'
import { dashboardDirectory } from '../platform/version.ts'
import { whenBy } from './when.ts'

export type ApiOptions = Pick<ServerOptions, 'isReady' | 'checks'> &
  Partial<Pick<ServerOptions, 'dashboardDirectory'>>

export interface Api {
  app: Server
  ingest: Ingest
  access: Access
}

/** The role that serves HTTP. */
export const createApi = (shared: Shared, o: ApiOptions): Api => {
  const {
    tables,
    ownVersion,
    channels,
    concurrencyOf,
    db,
    ingestDb,
    fastDb,
    clock,
    queue,
    sources,
    repository,
    encryption,
    schemas,
    prepare,
    editing,
    toResource,
    poster,
    types,
    timers,
    external,
    schedules,
    tasks,
    running,
    operations,
    monitor,
    config,
    log,
    own,
  } = shared
  const waits = createWaits({ db, repository })
  const publicationWaits = createPublicationWaits({ db, tables })
  const access = createAccess({
    auth: config.auth,
    isLoopback: isLoopback(config.http.host),
    apiKey: config.client.apiKey,
    rateLimitPerMinute: config.rateLimitPerMinute,
    db,
    lookUpDb: ingestDb,
    tables,
    time: whenBy(clock),
    isWaiting: async (projectId) =>
      (await waits(projectId)) || (await publicationWaits(projectId)) || schedules.waits(projectId),
    log,
  })
  const app = createServer({
    log,
    version: ownVersion,
    isOpen: access.isOpen,
    authenticate: access.authenticate,
    isReady: o.isReady,
    checks: o.checks,
    dashboardDirectory: o.dashboardDirectory ?? dashboardDirectory(),
  })
  const ingest = createIngest({ db: ingestDb, repository, timers })
  const service = createService({ db, clock, repository, timers, prepare, editing })
  const creating = { db, clock, repository, ingest, timers, prepare }
  const create = createCreate(creating)
  const batch = createCreateBatch({ ...creating, create, validate: itemValidator(schemas) })
  notificationRoutes(app, { create, service, schemas, channels, toResource })
  batchRoutes(app, { batch })
  listRoutes(app, { list: createList({ db, repository, sources }), channels, toResource })
  channelRoutes(app, { channels })
  timeRoutes(app, clock)
  createContentStore({ db, tables, clock, types, timers, external }).routes(app)
  createPublishingApi({ db, tables, types, external, timers }).routes(app)
  schedules.routes(app)
  createTaskApi({ ...running, ingestDb }).routes(app)
  operations.routes(app)
  const otherQueues = [
    ...notificationQueues(channels, concurrencyOf),
    { name: WEBHOOK_LANE, lane: WEBHOOK_LANE, concurrency: config.delivery.concurrency },
    publishingQueue(types, external?.lanes),
    scheduleQueue(),
  ]
  const taken = otherQueues.map(({ name }) => name)
  const queues = createQueues({
    db,
    tables,
    jobsTable: queue.jobsTable,
    others: [tables.webhookDeliveries, tables.publications, tables.scheduleRuns],
    rollups: monitor.rollups,
    queues: [...otherQueues, ...taskQueues(tasks, config.delivery.concurrency, taken)],
    timers,
  })
  queueRoutes(app, queues)
  monitor.routes(app, {
    queues,
    calendar: [
      createCalendarSource({ db, tables }),
      createPublicationCalendar({ db, tables }),
      schedules.calendar,
      createRunCalendar({ db, tables }),
    ],
  })
  deadLetterRoutes(app, {
    sources: [
      createDeadLetterSource({ db, tables, channels }),
      createWebhookDeadLetters(db, tables),
      createPublicationDeadLetters({ db, tables, types }),
      createReleaseDeadLetters({ db, tables }),
      createScheduleDeadLetters({ db, tables }),
      createRunDeadLetters({ db, tables, tasks, taken }),
    ],
  })
  const webhooks = createWebhooks({
    ...{ db, tables, poster, encryption, timers },
    onEnabled() {
      own.dispatch()
      timers.tick()
    },
  })
  webhooks.routes(app)
  const events = createEventRepository(tables)
  eventRoutes(app, { db, repository: events })
  streamRoutes(app, { db, tailDb: fastDb, repository: events, authenticate: access.authenticate, log })
  auditRoutes(app, { db, audit: createAuditRepository(tables) })
  scheduleNotificationRoutes(app, { create, log })
  sendEmailRoutes(app, { create, log })
  access.routes(app)
  return { app, ingest, access }
}
