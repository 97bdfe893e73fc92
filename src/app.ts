import type { Access } from './access/index.ts'
import { migrateAll, openDatabase, type OpenDatabase } from './boot/index.ts'
import { closeServer, type Health, listen } from './http/index.ts'
import { INTAKE_QUEUE, laneOf } from './notifications/index.ts'
import { type ConnectionConfig, describeError } from './platform/database.ts'
import { ENCRYPTION_SETTING } from './platform/encryption.ts'
import { SWEEP_INTERVAL_MS } from './publishing/index.ts'
import {
  type App,
  type AppOptions,
  createApi,
  createShared,
  createWorker,
  type Worker,
} from './roles/index.ts'
import { daysBefore, declareSchedules } from './schedules/index.ts'
import { LANE as WEBHOOK_LANE } from './webhooks/index.ts'

export type { App, AppOptions, Moved, Roles } from './roles/index.ts'
export { isRrule, nextRuns } from './schedules/index.ts'
export {
  accessTools,
  checkChannels,
  checkSmtp,
  openZones,
  queueImport,
  ROLES,
  sealedSources,
} from './roles/index.ts'

const RECONCILE_INTERVAL_MS = 10 * 60_000
const UPKEEP_INTERVAL_MS = 3_600_000
const ZONES_INTERVAL_MS = 86_400_000

/** One process of Yeyak, with the roles that it was given: how it starts, how it is, and how it ends. */
export const createApp = (options: AppOptions): App => {
  const { config, roles, log, migrate: shouldMigrate = true } = options
  const aborted = new AbortController()
  let phase: 'starting' | 'ready' | 'draining' = 'starting'
  let opened: OpenDatabase | null = null
  let starting: Promise<void> | null = null
  let stopping: Promise<void> | null = null
  let url: string | null = null

  const connection = (): ConnectionConfig => {
    if (opened === null) throw new Error('the database is not open yet')
    return opened.connection
  }
  const shared = createShared({
    ...options,
    connection,
    keepsSettings: () => opened?.keepsSettings === true,
  })
  const {
    db,
    tables,
    schedules,
    clock,
    queue,
    notifier,
    channels,
    encryption,
    external,
    operations,
    monitor,
    poster,
    pools,
  } = shared
  const worker = roles.worker ? createWorker(shared, { ...options, connection }) : null
  const server = roles.api
    ? createApi(shared, {
        isReady: () =>
          phase === 'ready' ? { ready: true } : { ready: false, reason: phase, retryAfterSeconds: 1 },
        checks: readHealth,
        ...(options.dashboardDirectory !== undefined && { dashboardDirectory: options.dashboardDirectory }),
      })
    : null

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
    encryption?.ready()
    if (encryption === null)
      log.warn(
        `secrets: no ${ENCRYPTION_SETTING}, so the headers of webhooks are stored as they are, and webhook endpoints are refused`,
      )
    if (shouldMigrate) await migrateAll({ db, queue, schema: config.schema, log, signal })
    signal.throwIfAborted()
    await server?.access.start()
    await queue.start()
    log.info('pg-boss가 시작되었습니다.')
    await queue.ensureQueue(INTAKE_QUEUE, 'intake')
    for (const name of channels.names) await queue.ensureQueue(laneOf(name), 'lane')
    await queue.ensureQueue(WEBHOOK_LANE, 'lane')
    for (const { lane } of shared.tasks.all) await queue.ensureQueue(lane, 'lane')
    for (const { name } of worker?.executions ?? []) await queue.ensureQueue(name, 'lane')
    log.info(`'${INTAKE_QUEUE}' 큐가 준비되었습니다.`)
    signal.throwIfAborted()
    if (config.email.kind === 'capture')
      log.info(`email: no YEYAK_SMTP_URL, so mails are not sent but written to ${config.email.directory}`)
    if (worker !== null) await external?.ready()
    if (worker !== null && options.schedules !== undefined)
      await declareSchedules(options.schedules, { db, tables, schedules, log })
    if (worker !== null) await startWorker(worker)
    if (server !== null) await clock.now()
    operations.run()
    signal.throwIfAborted()
    phase = 'ready'
    if (server !== null) tellWhoMayReachIt(server.access)
  }

  async function startWorker({
    timers: timerWorker,
    presence,
    publishing,
    schedules: scheduleWorker,
    tasks,
    reconciler,
    upkeep,
    webhooks,
    zones,
  }: Worker): Promise<void> {
    await timerWorker.start()
    await webhooks.dispatcher.start()
    every(SWEEP_INTERVAL_MS, 'publishing: the search for lost items', publishing.sweep)
    every(RECONCILE_INTERVAL_MS, 'delivery: the search for lost items', reconciler.run)
    every(RECONCILE_INTERVAL_MS, 'schedules: the search for lost items', scheduleWorker.sweep)
    every(UPKEEP_INTERVAL_MS, 'upkeep: the care for history', async () => {
      await upkeep.run()
      await operations.prune()
      await webhooks.prune()
      if (config.retentionDays > 0)
        await scheduleWorker.prune(daysBefore(await clock.now(), config.retentionDays))
      await tasks.prune()
      await monitor.rollups.prune()
      await presence.prune()
      // A rescue pass of pg-boss also removes the jobs that other programs put there, and that were completed long ago.
      await queue.rescue(INTAKE_QUEUE)
    })
    every(ZONES_INTERVAL_MS, 'zones: the look at pending wall-clock times', zones.runIfDue)
    log.info(`'${INTAKE_QUEUE}' 워커가 작업을 대기 중입니다.`)
    publishing.started()
  }

  function tellWhoMayReachIt(access: Access): void {
    const { host } = config.http
    if (access.isOpen())
      log.warn(`open to this machine: no key is needed, and nobody else can connect to ${host}`)
    else if (config.auth === 'off')
      log.warn(`YEYAK_AUTH=off: anyone who can connect to ${host} may schedule, read and cancel`)
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

  async function stop(timeoutSeconds: number): Promise<void> {
    phase = 'draining'
    aborted.abort(new Error('stopped while starting'))
    const limitMs = timeoutSeconds * 1000
    const deadlineMs = performance.now() + limitMs
    // What start() is at ends at its next step; what it opens meanwhile must not outlive the stop.
    await starting?.catch(() => {})
    for (const round of rounds) clearInterval(round)
    const closing = server === null ? null : closeServer(server.app, limitMs).then(() => server.ingest.idle())
    // All at once: a database that hangs must not eat the time of the sends.
    await Promise.all([
      worker?.timers.stop().then(worker.presence.end),
      monitor.stop(),
      worker?.webhooks.dispatcher.stop(),
      worker?.intake.stop(deadlineMs),
      ...(worker?.deliveries ?? []).map((delivery) => delivery.stop(deadlineMs)),
      ...(worker?.executions ?? []).map((taker) => taker.stop(deadlineMs)),
      closing,
      operations.stop(),
    ])
    await worker?.tasks.stop()
    await channels.close()
    await poster.close()
    await notifier.stop()
    await queue.stop()
    await pools.end()
    await opened?.close()
  }

  const stopOnce = (timeoutSeconds = config.shutdownSeconds) => (stopping ??= stop(timeoutSeconds))

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
