import { type Database, inTransaction } from '../platform/database.ts'
import type { Logger } from '../platform/log.ts'
import type { Tables } from '../platform/tables.ts'
import { LOG_PREFIX } from './execute.ts'
import { contentEvent, endingOf, itemOf } from './plan.ts'
import { createExecutionRepository } from './repository-execution.ts'
import { settle } from './repository-settle.ts'
import { createSweepRepository, OVERDUE_SECONDS } from './repository-sweep.ts'
import { subjectOf } from './types.ts'

export interface SweepOptions {
  db: Database
  tables: Tables
  jobsTable: Parameters<typeof createSweepRepository>[1]
  log: Logger
  wake(dueMs: number): void
  /** How long this worker has been there: right after an outage the one that knows a type may still be on its way. */
  ageSeconds(): number
}

const LOCK_TIMEOUT = { lock_timeout: '5s' }

/** The round of a worker: what nobody does is given up where nobody can do it, and planted anew where it was lost. */
export const createSweep = ({ db, tables: t, jobsTable, log, wake, ageSeconds }: SweepOptions) => {
  const repository = createSweepRepository(t, jobsTable)
  const execution = createExecutionRepository(t)

  const giveUp = async (id: string): Promise<string | null> =>
    inTransaction(db, LOCK_TIMEOUT, async (tx) => {
      const items = await execution.lockItems(tx, [id], false)
      const { now, publications } = await execution.lockDue(tx, [id], [], true)
      const [p] = publications
      if (p === undefined || !p.isPending) return null
      const error = { code: 'unknown-model', message: `Unknown model: ${p.type}` }
      const why = { reason: 'unknown_model', error }
      const lateMs = now.getTime() - p.dueAt.getTime()
      const ended = endingOf(p, { state: 'failed', ...why, executedAt: now, lateMs })
      await execution.end(tx, [ended], now, [contentEvent(p, 'content.failed', why)])
      await settle(
        tx,
        t,
        items.map(({ key }) => ({ key })),
      )
      return `${subjectOf(itemOf(p))} → failed: ${error.message}`
    })

  return {
    async run(): Promise<void> {
      const found = await repository.find(db)
      const count = found.lost.length + found.lostReleases.length
      if (count > 0) {
        await repository.replant(db, found)
        log.warn({ count }, `${LOG_PREFIX} items without a timer or a job were planted again`)
        wake(0)
      }
      if (ageSeconds() < OVERDUE_SECONDS) return
      for (const id of found.orphans) {
        const line = await giveUp(id)
        if (line !== null) log.warn(`${LOG_PREFIX} ${line}`)
      }
    },
  }
}
