import { createDelivery, type Delivery, type DeliveryOptions, type Subject } from '../delivery/index.ts'
import type { Server } from '../http/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Logger } from '../platform/log.ts'
import type { Tables } from '../platform/tables.ts'
import type { LaneTelemetry } from '../platform/telemetry.ts'
import type { Timers } from '../timers/index.ts'
import { createRunEdit } from './bulk-edit.ts'
import { createBulkSubject } from './bulk.ts'
import { createCreate } from './create.ts'
import { createPrepare } from './prepare.ts'
import { createProgress } from './progress.ts'
import { settingsOf } from './repository-elsewhere.ts'
import type { Task, Tasks, TaskSettings } from './registry.ts'
import { createChanges } from './repository-change.ts'
import { channelOf, createControlRepository } from './repository-control.ts'
import { createSlotRepository } from './repository-slots.ts'
import { createSweepRepository, OVERDUE_SECONDS } from './repository-sweep.ts'
import { createRepository, runSubject } from './repository.ts'
import { taskRoutes } from './routes.ts'
import { runRoutes } from './run-routes.ts'
import { createSender } from './sender.ts'
import { createService } from './service.ts'
import { createSlots, limitsOf, type Slots, UNLIMITED } from './slots.ts'
import { createStarts } from './starts.ts'
import { createStops } from './stops.ts'
import { createThreads, type Threads } from './threads.ts'

export interface TaskOptions {
  db: Database
  tables: Tables
  clock: Clock
  tasks: Tasks
  timers: Timers
}

/** Runs as bulk operations see them. */
export const createRunBulk = (o: TaskOptions) => createBulkSubject({ ...o, ...changing(o) })

const changing = (o: Pick<TaskOptions, 'db' | 'tables' | 'tasks'>) => {
  const repository = createRepository(o.tables)
  const changes = createChanges(o.tables)
  const prepare = createPrepare(o.tasks)
  return { repository, changes, prepare, editing: createRunEdit({ ...o, repository, changes, prepare }) }
}

/** The API's side. `ingestDb` has short time-outs. */
export const createTaskApi = (o: TaskOptions & { ingestDb: Database }) => {
  const { db, tasks } = o
  const { repository, changes, prepare, editing } = changing(o)
  const create = createCreate({ ...o, db: o.ingestDb, repository, changes, prepare })
  const service = createService({ ...o, repository, changes, editing })
  return {
    routes(app: Server): void {
      taskRoutes(app, { tasks, create })
      runRoutes(app, { db, repository, service })
    },
  }
}

export interface TaskWorkerOptions {
  /** Commits durably. */
  deliveryDb: Database
  /** Commits asynchronously: progress that a crash forgets is told again. */
  fastDb: Database
  tables: Tables
  tasks: Tasks
  /** What the threads load; null where there is none. */
  file: string | null
  /** Of each task in this process, where it has no threads. */
  concurrency: number
  /** Claimed by one statement. */
  batchSize: number
  /** Threads of each task. */
  threads: number
  jobsTable: Parameters<typeof createSweepRepository>[1]
  telemetry(lane: string): LaneTelemetry
  delivery: Omit<
    DeliveryOptions,
    'db' | 'tables' | 'lane' | 'subject' | 'sender' | 'concurrency' | 'telemetry' | 'batchSize' | 'log'
  >
  wake(dueMs: number): void
  log: Logger
}

const SLOTS = 'slots '
const CANCEL = 'cancel '

export type TaskWorker = ReturnType<typeof createTaskWorker>

/** The worker's side: a lane of its own for each task, as a worker takes those that it knows. */
export const createTaskWorker = (o: TaskWorkerOptions) => {
  const { tables, tasks, log } = o
  const subject: Subject = runSubject(tables)
  const control = createControlRepository(o.fastDb, tables)
  const starts = createStarts({ repository: control, log })
  const stops = createStops({ repository: control, log })
  const progress = createProgress({ repository: control, log })
  const sweeps = createSweepRepository(tables, o.jobsTable)
  const slotRows = createSlotRepository(tables)
  const slots = new Map<string, Slots>()
  const threads: Threads[] = []
  const startedMs = performance.now()

  const threadsOf = (task: Task): Threads | null => {
    if (!task.thread) return null
    if (o.file === null)
      throw new Error(
        `task "${task.name}" is marked thread: its threads load yeyak.config.* of the working directory, and there is none`,
      )
    const made = createThreads({ file: o.file, task: task.name, memoryMb: task.threadMemoryMb, log })
    threads.push(made)
    return made
  }

  const deliveryOf = (task: Task): Delivery => {
    const limits = limitsOf(task)
    const limited = limits === null ? null : createSlots(tables, task.lane, limits)
    if (limited !== null) slots.set(task.lane, limited)
    const own = threadsOf(task)
    // Where the database decides who may begin, so many are asked at a time as one statement takes.
    const others =
      limits === null ? o.concurrency : Math.max(o.batchSize, Math.min(limits.total, o.concurrency))
    return createDelivery({
      ...o.delivery,
      ...{ db: o.deliveryDb, tables, log, subject, lane: task.lane, batchSize: o.batchSize },
      telemetry: o.telemetry(task.lane),
      sender: createSender({ task, starts, stops, progress, threads: own }),
      concurrency: own === null ? Math.min(others, task.concurrencyOfWorker ?? others) : o.threads,
      ...(limited !== null && { admission: limited.admission }),
    })
  }
  const deliveries = tasks.all.map(deliveryOf)

  const mend = async (lane: string): Promise<void> => {
    const known = tasks.all.some((task) => task.lane === lane)
    if (!known) return
    const ofLane = slots.get(lane) ?? createSlots(tables, lane, UNLIMITED)
    const dueMs = await ofLane.mend(o.deliveryDb)
    if (dueMs !== null) o.wake(dueMs)
  }

  let sweeping: Promise<void> | null = null
  /** Looks for what should not be. */
  const sweep = async (): Promise<void> => {
    for (const lane of await slotRows.lanes(o.deliveryDb)) await mend(lane)
    // Right after an outage the worker that knows a task may still be on its way.
    if ((performance.now() - startedMs) / 1000 < OVERDUE_SECONDS) return
    const ids = await sweeps.orphans(o.deliveryDb)
    if (ids.length === 0) return
    const given = await sweeps.giveUp(o.deliveryDb, ids)
    for (const [task, runs] of Map.groupBy(given, (name) => name))
      log.warn({ task, count: runs.length }, `tasks: failed, as no worker has it: Unknown task: ${task}`)
  }

  const hear = (payload: string): void => {
    if (payload.startsWith(CANCEL)) stops.hear(payload.slice(CANCEL.length).split(','))
    else if (payload.startsWith(SLOTS))
      mend(payload.slice(SLOTS.length)).catch((err: unknown) =>
        log.warn({ err }, 'tasks: a slot could not be given to the next run, the next round does it'),
      )
  }

  return {
    deliveries,
    subject,
    /** What other processes are told of a lane, where it is one of a task. */
    presenceOf(lane: string): { task?: TaskSettings } {
      const task = tasks.all.find((one) => one.lane === lane)
      return task === undefined ? {} : { task: settingsOf(task) }
    },
    /** What other processes tell, by the channel that they tell it on. */
    signals: { [channelOf(tables)]: hear },

    /** For the tick: whether `sweep` has anything to do. */
    hasWork: sweeps.hasWork,
    sweep(): void {
      sweeping ??= sweep()
        .catch((err: unknown) =>
          log.warn({ err }, 'tasks: the search for lost runs failed, the next tick tries again'),
        )
        .finally(() => {
          sweeping = null
        })
    },

    async prune(): Promise<void> {
      for (const task of tasks.all) await task.prune?.()
    },

    async stop(): Promise<void> {
      stops.close()
      await sweeping
      await Promise.all(threads.map((one) => one.close()))
      for (const task of tasks.all) await task.close?.()
    },
  }
}
