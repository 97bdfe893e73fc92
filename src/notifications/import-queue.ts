import type { Actor } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import { newId } from '../platform/ids.ts'
import type { Logger } from '../platform/log.ts'
import type { Tables } from '../platform/tables.ts'
import { createNotifier, createTimers } from '../timers/index.ts'
import { laneOf } from './prepare.ts'
import {
  countLeft,
  findOldTable,
  type Left,
  type Lookup,
  type OldJob,
  type OldQueue,
  otherQueues,
  removeNext,
  sample,
  summarize,
} from './repository-import.ts'
import { createInsert, DEFAULTS, type NewNotification } from './repository-insert.ts'

export interface QueueImportOptions {
  db: Database
  tables: Tables
  log: Logger
  projectId: number
}

/** What was taken over, or would be; what stays in the old queue, by its reason. */
export interface ImportReport {
  found: true
  taken: number
  /** When the first and the last of them are due. */
  earliest: Date | null
  latest: Date | null
  left: Left
  /** The first of them; in a dry run only. */
  sample: Pick<OldJob, 'message' | 'dueAt'>[]
  /** Where nothing was found: other queues that have something. */
  otherQueues: string[]
}

/** Why nothing can be taken over. */
export type ImportRefusal = Extract<Lookup, { found: false }>

export interface QueueImport {
  /** Changes nothing. */
  preview(from: OldQueue): Promise<ImportReport | ImportRefusal>
  /** Everything or nothing, in one transaction. A second one finds nothing that the first has taken. */
  run(from: OldQueue): Promise<ImportReport | ImportRefusal>
}

const SAMPLE = 10
const ACTOR: Actor = { kind: 'operator', id: 'import' }

/** Takes over what still waits in a pg-boss queue of the same database; it becomes notifications on channel `log`. */
export const createQueueImport = ({ db, tables, log, projectId }: QueueImportOptions): QueueImport => {
  const insert = createInsert(tables)

  const toNotification = (job: OldJob, { queue }: OldQueue): NewNotification => ({
    ...DEFAULTS,
    id: newId(),
    projectId,
    actor: ACTOR,
    channel: 'log',
    lane: laneOf('log'),
    content: { message: job.message },
    sendAt: job.dueAt.toISOString(),
    dueAt: job.dueAt,
    // Of no consequence where there is no group.
    requestedAt: job.dueAt,
    priority: job.priority,
    metadata: { source: queue, jobId: job.id },
  })

  const takeAll = (from: OldQueue) =>
    db.transaction().execute(async (tx): Promise<ImportReport | ImportRefusal> => {
      const lookup = await findOldTable(tx, from.schema)
      if (!lookup.found) return lookup
      const { table } = lookup
      let taken = 0
      let earliestMs = Number.POSITIVE_INFINITY
      let latestMs = Number.NEGATIVE_INFINITY
      let batch = await removeNext(tx, table, from.queue, null)
      while (batch !== null) {
        const { jobs, last } = batch
        if (jobs.length > 0)
          await insert(
            tx,
            jobs.map((job) => toNotification(job, from)),
          )
        for (const { dueAt } of jobs) {
          earliestMs = Math.min(earliestMs, dueAt.getTime())
          latestMs = Math.max(latestMs, dueAt.getTime())
        }
        taken += jobs.length
        batch = await removeNext(tx, table, from.queue, last)
      }
      return {
        found: true,
        taken,
        earliest: taken === 0 ? null : new Date(earliestMs),
        latest: taken === 0 ? null : new Date(latestMs),
        left: await countLeft(tx, table, from.queue),
        sample: [],
        otherQueues: taken === 0 ? await otherQueues(tx, table, from.queue) : [],
      }
    })

  /** Workers that run must not find what is due soon at their next tick only. */
  const wake = async (dueMs: number): Promise<void> => {
    const notifier = createNotifier(db, log)
    createTimers({ db, tables, notifier, wakeOwn: () => false }).wake(dueMs)
    await notifier.stop()
  }

  return {
    async preview(from) {
      const lookup = await findOldTable(db, from.schema)
      if (!lookup.found) return lookup
      const { table } = lookup
      const { waiting, earliest, latest } = await summarize(db, table, from.queue)
      return {
        found: true,
        taken: waiting,
        earliest,
        latest,
        left: await countLeft(db, table, from.queue),
        sample: await sample(db, table, from.queue, SAMPLE),
        otherQueues: waiting === 0 ? await otherQueues(db, table, from.queue) : [],
      }
    },
    async run(from) {
      const report = await takeAll(from)
      if (report.found && report.earliest !== null) await wake(report.earliest.getTime())
      return report
    },
  }
}
