import { availableParallelism } from 'node:os'
import { createDelivery, createIntake, createReconciler, type DeliveryOptions } from '../delivery/index.ts'
import { createSendAlert, INTAKE_QUEUE, laneOf } from '../notifications/index.ts'
import { createPresence } from '../operations/index.ts'
import type { ConnectionConfig } from '../platform/database.ts'
import { createPublishWorker } from '../publishing/index.ts'
import { createScheduleWorker } from '../schedules/index.ts'
import { createTaskWorker } from '../tasks/index.ts'
import { createTimerWorker } from '../timers/index.ts'
import { createUpkeep } from '../upkeep/index.ts'
import { createWebhookWorker, hasWork as hasWebhookWork, LANE as WEBHOOK_LANE } from '../webhooks/index.ts'
import type { AppOptions } from './options.ts'
import { PROJECT_ID, type Shared } from './shared.ts'
import { createZones } from './zones.ts'

export interface WorkerOptions extends Pick<AppOptions, 'onPublishStep' | 'onScheduleStep'> {
  connection(): ConnectionConfig
}

/** Of each task that has threads: one a core, and each holds some 20 MB. */
const MOST_THREADS = 8

export type Worker = ReturnType<typeof createWorker>

/** The role that hands over, delivers and publishes. */
export const createWorker = (shared: Shared, o: WorkerOptions) => {
  const {
    applicationName,
    tables,
    ownVersion,
    channels,
    concurrencyOf,
    db,
    deliveryDb,
    fastDb,
    clock,
    queue,
    notifier,
    repository,
    subject,
    encryption,
    sender,
    memory,
    poster,
    types,
    timers,
    external,
    kinds,
    tasks,
    taskFile,
    telemetry,
    nowMs,
    monitor,
    config,
    roles,
    log,
    own,
  } = shared
  const webhooks = createWebhookWorker({ db: fastDb, deliveryDb, tables, poster, encryption, timers, log })
  const deliver = (of: Pick<DeliveryOptions, 'lane' | 'subject' | 'sender' | 'concurrency' | 'onRecorded'>) =>
    createDelivery({
      ...{ db: deliveryDb, tables, queue, memory, log, nowMs, onPlanted: timers.wake },
      telemetry: telemetry.lane(of.lane),
      batchSize: config.delivery.batchSize,
      ...of,
    })
  const taskWorker = createTaskWorker({
    ...{ deliveryDb, fastDb, tables, tasks, file: taskFile, log, wake: timers.wake },
    ...{ jobsTable: queue.jobsTable, telemetry: telemetry.lane },
    ...{ concurrency: config.delivery.concurrency, batchSize: config.delivery.batchSize },
    threads: Math.min(MOST_THREADS, availableParallelism()),
    delivery: {
      ...{ queue, memory, nowMs, onPlanted: timers.wake },
      onRecorded: webhooks.dispatcher.hint,
    },
  })
  const deliveries = [
    ...taskWorker.deliveries,
    ...channels.names.map((name) =>
      deliver({
        ...{ lane: laneOf(name), subject, sender, concurrency: concurrencyOf(name) },
        onRecorded: webhooks.dispatcher.hint,
      }),
    ),
    deliver({
      ...{ lane: WEBHOOK_LANE, subject: webhooks.subject, sender: webhooks.sender },
      concurrency: config.delivery.concurrency,
    }),
  ]
  const intake = createIntake({
    db,
    queue,
    name: INTAKE_QUEUE,
    log,
    accept: createSendAlert({ clock, repository, timers, log, projectId: PROJECT_ID }),
  })
  const publishing = createPublishWorker({
    ...{ batchDb: deliveryDb, db, tables, queue, types, log, wake: timers.wake },
    ...{ jobsTable: queue.jobsTable, onStep: o.onPublishStep, external },
  })
  const schedules = createScheduleWorker({
    ...{ batchDb: deliveryDb, db, tables, queue, kinds, log, wake: timers.wake },
    ...{ jobsTable: queue.jobsTable, onStep: o.onScheduleStep },
  })
  const executions = [...publishing.takers, ...schedules.takers]
  const presence = createPresence({
    ...{ db: fastDb, tables, version: ownVersion, beatSeconds: config.pollSeconds },
    roles: roles.api ? ['api', 'worker'] : ['worker'],
    lanes: () =>
      [...deliveries, ...executions].map(({ name, concurrency, runner }) => ({
        ...{ queue: name, running: concurrency - runner.free, concurrency, ...taskWorker.presenceOf(name) },
      })),
  })
  const timerWorker = createTimerWorker({
    connection: () => ({ ...o.connection(), application_name: applicationName }),
    db: fastDb,
    tables,
    queue,
    takers: [...deliveries, ...executions, intake],
    notifier,
    pollSeconds: config.pollSeconds,
    errands: { webhooks: hasWebhookWork(tables), rollups: monitor.rollups.due, tasks: taskWorker.hasWork },
    onErrand(name) {
      if (name === 'rollups') monitor.rollups.run()
      else if (name === 'tasks') taskWorker.sweep()
      else webhooks.dispatcher.wake()
    },
    beat: presence.beat,
    signals: taskWorker.signals,
    log,
  })
  const reconcilers = [subject, webhooks.subject, taskWorker.subject].map((one) =>
    createReconciler({ db, tables, subject: one, jobsTable: queue.jobsTable, log }),
  )
  const reconciler = {
    async run() {
      const lost = await Promise.all(reconcilers.map(({ run }) => run()))
      telemetry.lost += lost.reduce((sum, count) => sum + count, 0)
    },
  }
  const upkeep = createUpkeep({ db, tables, clock, retentionDays: config.retentionDays, log })
  const zones = createZones(shared, { db, log })
  own.wake = timerWorker.wake
  own.hint = webhooks.dispatcher.hint
  own.dispatch = webhooks.dispatcher.wake
  own.alarm = timerWorker.alarm
  return {
    ...{ deliveries, intake, publishing, schedules, executions, webhooks, tasks: taskWorker },
    ...{ presence, timers: timerWorker, reconciler, upkeep, zones },
  }
}
