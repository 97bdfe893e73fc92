import { readFileSync } from 'node:fs'
import { createAccess } from './access/index.ts'
import { type Channel, createBuiltInChannels, createRegistry } from './channels/index.ts'
import { createPools, migrateAll, openDatabase, type OpenDatabase } from './boot/index.ts'
import type { Config } from './config.ts'
import { createDelivery, createIntake, createReconciler } from './delivery/index.ts'
import { closeServer, createServer, type Health, listen, type Server } from './http/index.ts'
import {
  batchRoutes,
  createBulkSubject,
  createCreate,
  createCreateBatch,
  createDeadLetterSource,
  createIngest,
  createPrepare,
  createQueueImport,
  createRepository,
  createSchemas,
  createSendAlert,
  createSender,
  createService,
  type Ingest,
  INTAKE_QUEUE,
  itemValidator,
  laneOf,
  listRoutes,
  notificationQueues,
  notificationRoutes,
  notificationSubject,
  type QueueImportOptions,
  scheduleNotificationRoutes,
  sendEmailRoutes,
  timeRoutes,
} from './notifications/index.ts'
import { createOperations, createQueues, deadLetterRoutes, queueRoutes } from './operations/index.ts'
import { createClock } from './platform/clock.ts'
import { type ConnectionConfig, describeError } from './platform/database.ts'
import type { Logger } from './platform/log.ts'
import { createSemaphore } from './platform/semaphore.ts'
import { createTables } from './platform/tables.ts'
import { createQueue } from './queue/index.ts'
import { createUpkeep } from './upkeep/index.ts'
import { createNotifier, createTimers, createTimerWorker } from './timers/index.ts'

export interface Roles {
  api: boolean
  worker: boolean
}

export interface AppOptions {
  config: Config
  roles: Roles
  log: Logger
  /** Beside the built-in ones. */
  channels?: readonly Channel[]
}

export interface App {
  /** Resolves when it serves. Rejects with the reason, and leaves nothing running. */
  start(): Promise<void>
  /** Drains and ends everything. Safe to call at any time, and again. */
  stop(): Promise<void>
  /** Where the API listens; null without it. */
  readonly url: string | null
}

/** Everything belongs to a project; until there are keys that say which, to this one. */
const PROJECT_ID = 1
/** Of contents that are too large to come along with the start, in one process. Each is held several times over while sent. */
const LARGE_CONTENT_BYTES = 16 * 1024 * 1024
const RECONCILE_INTERVAL_MS = 10 * 60_000
const UPKEEP_INTERVAL_MS = 3_600_000

export const version = (): string => {
  const { version: text } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  return text
}

export const createApp = ({ config, roles, log, channels: extra = [] }: AppOptions): App => {
  const applicationName = roles.api && roles.worker ? 'yeyak' : roles.api ? 'yeyak-api' : 'yeyak-worker'
  const tables = createTables(config.schema)
  const ownVersion = version()
  const channels = createRegistry([...createBuiltInChannels(config, { version: ownVersion, log }), ...extra])
  const aborted = new AbortController()
  let phase: 'starting' | 'ready' | 'draining' = 'starting'
  let opened: OpenDatabase | null = null
  let starting: Promise<void> | null = null
  let stopping: Promise<void> | null = null
  let url: string | null = null

  const concurrencyOf = (channel: string) =>
    Math.min(config.delivery.concurrency, channels.get(channel)?.concurrency ?? config.delivery.concurrency)

  // Nothing below connects, listens or starts anything before start() says so.
  const connection = (): ConnectionConfig => {
    if (opened === null) throw new Error('the database is not open yet')
    return opened.connection
  }
  const pools = createPools({
    connection,
    applicationName,
    databasePool: config.databasePool,
    keepsSettings: () => opened?.keepsSettings === true,
    onConnectionLost: (err) => log.warn({ err }, 'database: an idle connection was lost'),
  })
  const { db, deliveryDb, ingestDb, fastDb } = pools

  const clock = createClock(ingestDb)
  const queue = createQueue({ db: fastDb, schema: config.queueSchema, log })
  const notifier = createNotifier(fastDb, log)
  const sources = { tables, lanes: channels.names.map(laneOf), jobsTable: queue.jobsTable }
  const repository = createRepository(sources)
  const subject = notificationSubject(tables)
  const sender = createSender(channels)
  const memory = createSemaphore(LARGE_CONTENT_BYTES)

  const timers = createTimers({
    db,
    tables,
    notifier,
    wakeOwn: (dueMs) => worker?.timers.wake(dueMs) ?? false,
  })
  const operations = createOperations({
    db,
    tables,
    subjects: { notifications: createBulkSubject({ db, clock, repository, sources, channels, timers }) },
    log,
  })
  const worker = roles.worker ? createWorker() : null
  const server = roles.api ? createApi() : null

  type Worker = ReturnType<typeof createWorker>
  function createWorker() {
    const deliveries = channels.names.map((name) =>
      createDelivery({
        db: deliveryDb,
        tables,
        queue,
        lane: laneOf(name),
        subject,
        sender,
        memory,
        ...config.delivery,
        concurrency: concurrencyOf(name),
        log,
        onPlanted: timers.wake,
      }),
    )
    const intake = createIntake({
      db,
      queue,
      name: INTAKE_QUEUE,
      log,
      accept: createSendAlert({ clock, repository, timers, log, projectId: PROJECT_ID }),
    })
    const timerWorker = createTimerWorker({
      connection: () => ({ ...connection(), application_name: applicationName }),
      db: fastDb,
      tables,
      queue,
      takers: [...deliveries, intake],
      notifier,
      pollSeconds: config.pollSeconds,
      log,
    })
    const reconciler = createReconciler({ db, tables, subject, jobsTable: queue.jobsTable, log })
    const upkeep = createUpkeep({ db, tables, clock, retentionDays: config.retentionDays, log })
    return { deliveries, intake, timers: timerWorker, reconciler, upkeep }
  }

  function createApi(): { app: Server; ingest: Ingest } {
    const access = createAccess({ auth: config.auth })
    const app = createServer({
      log,
      version: ownVersion,
      isOpen: access.isOpen,
      authenticate: access.authenticate,
      isReady: () =>
        phase === 'ready' ? { ready: true } : { ready: false, reason: phase, retryAfterSeconds: 1 },
      checks: readHealth,
    })
    const schemas = createSchemas(channels)
    const ingest = createIngest({ db: ingestDb, repository, timers })
    const prepare = createPrepare({ channels, contentFields: schemas.contentFields })
    const service = createService({ db, clock, repository, timers, prepare })
    const creating = { db, clock, repository, ingest, timers, prepare }
    const create = createCreate(creating)
    const batch = createCreateBatch({ ...creating, create, validate: itemValidator(schemas) })
    notificationRoutes(app, { create, service, schemas, channels })
    batchRoutes(app, { batch })
    listRoutes(app, { db, repository, channels })
    timeRoutes(app, clock)
    operations.routes(app)
    const queues = createQueues({
      db,
      tables,
      jobsTable: queue.jobsTable,
      subjects: { notification: tables.notifications },
      queues: notificationQueues(channels, concurrencyOf),
      timers,
    })
    queueRoutes(app, queues)
    deadLetterRoutes(app, { sources: [createDeadLetterSource({ db, tables, channels })] })
    scheduleNotificationRoutes(app, { create, log })
    sendEmailRoutes(app, { create, log })
    return { app, ingest }
  }

  async function readHealth(): Promise<Health> {
    if (phase !== 'ready')
      return { status: 'not_ready', checks: { database: { state: phase, detail: null } } }
    const database = await clock.check().then(
      () => null,
      (error: unknown) => describeError(error),
    )
    const degraded = worker?.timers.degraded() ?? null
    return {
      status: database !== null ? 'not_ready' : degraded === null ? 'ready' : 'degraded',
      checks: {
        database: { state: database === null ? 'up' : 'down', detail: database },
        migrations: { state: 'done', detail: null },
        queue: { state: 'started', detail: null },
        alarm:
          worker === null
            ? { state: 'elsewhere', detail: null }
            : { state: degraded === null ? 'set' : 'polling', detail: degraded },
      },
    }
  }

  /** Each step is left at once when a stop comes in between. */
  async function start(): Promise<void> {
    const { signal } = aborted
    signal.throwIfAborted()
    if (server !== null) url = await listen(server.app, config.http)
    opened = await openDatabase({ config, log, signal })
    await migrateAll({ db, queue, schema: config.schema, log, signal })
    signal.throwIfAborted()
    await queue.start()
    log.info('pg-boss가 시작되었습니다.')
    await queue.ensureQueue(INTAKE_QUEUE, 'intake')
    for (const name of channels.names) await queue.ensureQueue(laneOf(name), 'lane')
    log.info(`'${INTAKE_QUEUE}' 큐가 준비되었습니다.`)
    signal.throwIfAborted()
    if (config.email.kind === 'capture')
      log.info(`email: no YEYAK_SMTP_URL, so mails are not sent but written to ${config.email.directory}`)
    if (worker !== null) await startWorker(worker)
    if (server !== null) await clock.now()
    operations.run()
    signal.throwIfAborted()
    phase = 'ready'
    if (server !== null) tellWhoMayReachIt()
  }

  async function startWorker({ timers: timerWorker, reconciler, upkeep }: Worker): Promise<void> {
    await timerWorker.start()
    every(RECONCILE_INTERVAL_MS, 'delivery: the search for lost items', reconciler.run)
    every(UPKEEP_INTERVAL_MS, 'upkeep: the care for history', async () => {
      await upkeep.run()
      await operations.prune()
      // A rescue pass of pg-boss also removes the jobs that other programs put there, and that were completed long ago.
      await queue.rescue(INTAKE_QUEUE)
    })
    log.info(`'${INTAKE_QUEUE}' 워커가 작업을 대기 중입니다.`)
  }

  function tellWhoMayReachIt(): void {
    const { host } = config.http
    if (config.auth === 'on')
      log.warn(`open to this machine: no key is needed, and nobody else can connect to ${host}`)
    else log.warn(`YEYAK_AUTH=off: anyone who can connect to ${host} may schedule, read and cancel`)
    log.info(`알림 API 서버가 ${url} 에서 실행 중입니다.`)
  }

  const rounds: NodeJS.Timeout[] = []
  /** Runs it now and at each interval; what fails is said, and tried again at the next one. */
  function every(intervalMs: number, what: string, run: () => Promise<unknown>): void {
    const round = () =>
      void run().catch((err: unknown) => {
        if (phase !== 'draining') log.warn({ err }, `${what} failed, the next round tries again`)
      })
    round()
    rounds.push(setInterval(round, intervalMs))
  }

  async function stop(): Promise<void> {
    phase = 'draining'
    aborted.abort(new Error('stopped while starting'))
    const limitMs = config.shutdownSeconds * 1000
    const deadlineMs = performance.now() + limitMs
    // What start() is at ends at its next step; what it opens meanwhile must not outlive the stop.
    await starting?.catch(() => {})
    for (const round of rounds) clearInterval(round)
    const closing = server === null ? null : closeServer(server.app, limitMs).then(() => server.ingest.idle())
    // All at once: a database that hangs must not eat the time of the sends.
    await Promise.all([
      worker?.timers.stop(),
      worker?.intake.stop(deadlineMs),
      ...(worker?.deliveries ?? []).map((delivery) => delivery.stop(deadlineMs)),
      closing,
      operations.stop(),
    ])
    await channels.close()
    await notifier.stop()
    await queue.stop()
    await pools.end()
    await opened?.close()
  }

  const stopOnce = () => (stopping ??= stop())

  return {
    async start() {
      try {
        starting = start()
        await starting
      } catch (error) {
        await stopOnce()
        throw error
      }
    },
    stop: stopOnce,
    get url() {
      return url
    },
  }
}

/** What `yeyak import` does, on a database that is open and migrated. */
export const queueImport = (o: Omit<QueueImportOptions, 'projectId'>) =>
  createQueueImport({ ...o, projectId: PROJECT_ID })
