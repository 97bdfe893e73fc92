import { createPools } from '../boot/index.ts'
import { createBuiltInChannels, createRegistry, createWebhookPoster } from '../channels/index.ts'
import { TROUBLE } from '../delivery/index.ts'
import {
  createBulkSubject,
  createNotificationEdit,
  createPrepare,
  createRepository,
  createResource,
  createSchemas,
  createSecretFields,
  createSender,
  KIND as NOTIFICATION_KIND,
  laneOf,
  notificationSubject,
} from '../notifications/index.ts'
import { createMonitor, createOperations } from '../operations/index.ts'
import { createClock } from '../platform/clock.ts'
import type { ConnectionConfig } from '../platform/database.ts'
import { openEncryption } from '../platform/encryption-keys.ts'
import { createSemaphore } from '../platform/semaphore.ts'
import { createTables } from '../platform/tables.ts'
import { createTelemetry } from '../platform/telemetry.ts'
import {
  createExternal,
  createPublicationBulk,
  createPublicationFigures,
  createReleaseBulk,
  registeredTypes,
} from '../publishing/index.ts'
import { createQueue } from '../queue/index.ts'
import { createSchedules } from '../schedules/index.ts'
import { createImageResize, createRunBulk, createTasks, runFigures } from '../tasks/index.ts'
import { createNotifier, createTimers, type TimerWorker } from '../timers/index.ts'
import { createDeliveryBulk } from '../webhooks/index.ts'
import { createKinds } from './kinds.ts'
import type { AppOptions } from './options.ts'
import { version } from '../platform/version.ts'

/** What a process hands to its own worker, where it has one. */
export interface OwnWorker {
  /** A timer that is due at `dueMs` was planted; false where no alarm runs here. */
  wake(dueMs: number): boolean
  /** There may be an event to dispatch. */
  hint(): void
  /** Something was subscribed to: looked for at once. */
  dispatch(): void
  alarm: TimerWorker['alarm'] | (() => null)
}

export interface SharedOptions extends AppOptions {
  /** Asked for at the first statement. */
  connection(): ConnectionConfig
  keepsSettings(): boolean
}

export type Shared = ReturnType<typeof createShared>

/** Everything belongs to a project; what other programs put in belongs to this one. */
export const PROJECT_ID = 1
/** Of contents that are too large to come along with the start, in one process. Each is held several times over while sent. */
const LARGE_CONTENT_BYTES = 16 * 1024 * 1024

const NO_WORKER: OwnWorker = { wake: () => false, hint: () => {}, dispatch: () => {}, alarm: () => null }

/** What both roles are made of. Nothing connects, listens or starts anything before it is told to. */
export const createShared = (o: SharedOptions) => {
  const { config, roles, log, channels: extra = [], contentTypes = [], external: externalOptions } = o
  /** Filled in by the worker. */
  const own: OwnWorker = { ...NO_WORKER }
  const applicationName = roles.api && roles.worker ? 'yeyak' : roles.api ? 'yeyak-api' : 'yeyak-worker'
  const tables = createTables(config.schema)
  const ownVersion = version()
  const channels = createRegistry([...createBuiltInChannels(config, { version: ownVersion, log }), ...extra])

  const concurrencyOf = (channel: string) =>
    Math.min(config.delivery.concurrency, channels.get(channel)?.concurrency ?? config.delivery.concurrency)

  const pools = createPools({
    connection: o.connection,
    applicationName,
    databasePool: config.databasePool,
    keepsSettings: o.keepsSettings,
    onConnectionLost: (err) => log.warn({ err }, 'database: an idle connection was lost'),
  })
  const { db, deliveryDb, ingestDb, fastDb } = pools

  const clock = createClock(ingestDb)
  const queue = createQueue({ db: fastDb, schema: config.queueSchema, log })
  const notifier = createNotifier(fastDb, log)
  const encryption = openEncryption(config.encryption)
  const secrets = createSecretFields({ channels, encryption })
  const sources = {
    tables,
    lanes: channels.names.map(laneOf),
    jobsTable: queue.jobsTable,
    secretFields: secrets.fields,
  }
  const repository = createRepository(sources)
  const subject = notificationSubject(tables)
  const sender = createSender(channels, secrets)
  const toResource = createResource(secrets)
  const schemas = createSchemas(channels)
  const prepare = createPrepare({ channels, contentFields: schemas.contentFields, secrets })
  const memory = createSemaphore(LARGE_CONTENT_BYTES)
  const poster = createWebhookPoster(config, { version: ownVersion, log })
  const types = registeredTypes(contentTypes, externalOptions?.models)

  const editing = createNotificationEdit({ db, sources, repository, prepare })
  const timers = createTimers({
    db,
    tables,
    notifier,
    wakeOwn: (dueMs) => {
      // What plants a timer writes an event too.
      own.hint()
      return own.wake(dueMs)
    },
  })
  const external =
    externalOptions === undefined
      ? null
      : createExternal({ ...externalOptions, tables, db: ingestDb, channel: timers.channel })
  const images = createImageResize({ db, tables, settings: config.images, version: ownVersion, log })
  const tasks = createTasks([images, ...(o.tasks?.declared ?? [])])
  const running = { db, tables, clock, tasks, timers }
  const kinds = createKinds({
    ...{ tables, channels, repository, secrets, schemas, prepare, timers, types, tasks },
  })
  const schedules = createSchedules({ db, tables, clock, kinds, timers })
  const operations = createOperations({
    db,
    tables,
    subjects: {
      notifications: createBulkSubject({
        ...{ db, clock, repository, sources, channels, timers, schemas, editing, secrets, toResource },
      }),
      publications: createPublicationBulk({ db, tables, clock, types, timers }),
      runs: createRunBulk(running),
      releases: createReleaseBulk({ db, tables, clock, types, timers }),
      'schedule-runs': schedules.bulk,
      'webhook-deliveries': createDeliveryBulk({ db, tables, timers }),
    },
    log,
  })
  const telemetry = createTelemetry()
  const nowMs = () => Date.now() + (clock.offsetMs() ?? 0)
  const monitor = createMonitor({
    ...{ db, fastDb, tables, clock, log, version: ownVersion, jobsTable: queue.jobsTable },
    ...{ kind: NOTIFICATION_KIND, table: tables.notifications, retrying: TROUBLE.retrying },
    others: { runs: runFigures({ tables, tasks }), publications: createPublicationFigures(tables) },
    channels: channels.names.map((name) => ({ name, lane: laneOf(name) })),
    ...{ telemetry, pools: pools.use, alarm: () => own.alarm() },
  })

  return {
    ...{ config, roles, log, own },
    applicationName,
    tables,
    ownVersion,
    channels,
    concurrencyOf,
    pools,
    db,
    deliveryDb,
    ingestDb,
    fastDb,
    clock,
    queue,
    notifier,
    sources,
    repository,
    subject,
    encryption,
    secrets,
    schemas,
    prepare,
    editing,
    sender,
    toResource,
    memory,
    poster,
    types,
    timers,
    external,
    kinds,
    schedules,
    tasks,
    running,
    taskFile: o.tasks?.file ?? null,
    operations,
    telemetry,
    nowMs,
    monitor,
  }
}
