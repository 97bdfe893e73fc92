import { createBatcher } from '../platform/batcher.ts'
import { type Database, isUnavailable } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Job, Queue } from '../queue/index.ts'
import type { Admission } from './admission.ts'
import { type Insist, LOCKED_RETRY_MS, pause } from './insist.ts'
import { readStanding, type Subject } from './repository.ts'
import { amendUnknown, type Ended, recordOutcomes } from './repository-record.ts'

/** Outcomes in one transaction; two at a time keep the database busy while one commits. */
const MAX_OUTCOMES = 200
const CONCURRENCY = 2

export interface RecorderOptions {
  db: Database
  tables: Tables
  queue: Queue
  lane: string
  subject: Subject
  insist: Insist
  /** Limits how many are begun at a time, where anything does. */
  admission?: Admission | undefined
  onPlanted(dueMs: number): void
  /** Outcomes, and the events that tell of them, are committed. */
  onRecorded?(): void
}

/** Resolves once the outcome is on record, or belongs to another worker. */
export type Recorder = (job: Job, ended: Ended) => Promise<void>

interface Item {
  job: Job
  ended: Ended
}

/** Puts outcomes on record in micro-batches, so that one slow send delays no other. */
export const createRecorder = (o: RecorderOptions): Recorder => {
  /** In one transaction the outcomes are recorded and their jobs gone. Returns the subjects that were. */
  const settle = async (batch: readonly Item[]): Promise<Set<string>> => {
    const { rows: recorded, dueMs } = await o.db.transaction().execute(async (tx) => {
      const ended = batch.map((item) => item.ended)
      const rows = await recordOutcomes(tx, o.tables, o.subject, ended)
      const ids = new Set(rows.map((row) => row.id))
      const jobs = batch.filter((item) => ids.has(item.ended.id)).map((item) => item.job)
      // Fewer removed than recorded is no fault: the number of the attempt is the fence, and it held.
      await o.queue.remove(tx, o.lane, jobs)
      return { rows, dueMs: (await o.admission?.release(tx, [...ids])) ?? null }
    })
    if (dueMs !== null) o.onPlanted(dueMs)
    for (const row of recorded) if (row.nextMs !== null) o.onPlanted(row.nextMs)
    o.onRecorded?.()
    return new Set(recorded.map((row) => row.id))
  }

  const settleAlone = async (item: Item): Promise<boolean> => (await settle([item])).has(item.ended.id)

  const settler = createBatcher<Item, boolean>({
    maxItems: MAX_OUTCOMES,
    concurrency: CONCURRENCY,
    async flush(batch) {
      try {
        const done = await settle(batch)
        return batch.map((item) => ({ status: 'fulfilled', value: done.has(item.ended.id) }))
      } catch (error) {
        // What the server refuses may be the fault of one: each alone, so that it holds up no other.
        if (batch.length === 1 || isUnavailable(error)) throw error
        return Promise.allSettled(batch.map(settleAlone))
      }
    },
  })

  return async (job, ended) => {
    let isRecorded = await o.insist('recording an outcome', () => settler.add({ job, ended }))
    while (isRecorded === false) {
      const standing = await o.insist('reading a subject', () => readStanding(o.db, o.subject, [ended.id]))
      const row = standing?.[0]
      if (row?.state !== 'sending' || row.attempt !== ended.attempt) {
        // Another worker has taken it over: all that is left to say is what became of this attempt.
        await o.insist('amending an attempt', () => amendUnknown(o.db, o.tables, ended))
        await o.insist('removing a job', () => o.queue.remove(o.db, o.lane, [job]))
        return
      }
      // Somebody holds the row.
      await pause(LOCKED_RETRY_MS)
      isRecorded = await o.insist('recording an outcome', () => settleAlone({ job, ended }))
    }
  }
}
