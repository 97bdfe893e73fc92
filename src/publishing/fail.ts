import type { Afterwards, ExecutionJob } from '../delivery/index.ts'
import { type Database, describeError, sqlState } from '../platform/database.ts'
import type { Logger } from '../platform/log.ts'
import type { Tables } from '../platform/tables.ts'
import { type Fault, RETRY_DELAY_SECONDS, retryDelaySeconds } from './decide.ts'
import { LOG_PREFIX } from './execute.ts'
import { contentEvent, endingOf, itemOf } from './plan.ts'
import { createExecutionRepository } from './repository-execution.ts'
import { settle } from './repository-settle.ts'
import { subjectOf } from './types.ts'

export interface FailOptions {
  tables: Tables
  log: Logger
  wake(dueMs: number): void
}

const LONGEST_MESSAGE = 500

/** An error as it is put on record: what the database said, and no more. */
export const faultOfError = (error: unknown): Fault => ({
  code: sqlState(error) ?? 'error',
  message: describeError(error).slice(0, LONGEST_MESSAGE),
})

/** What becomes of a publication whose transaction failed: it is tried again, or it has failed for good. */
export const createFail = ({ tables: t, log, wake }: FailOptions) => {
  const repository = createExecutionRepository(t)

  return async (tx: Database, job: ExecutionJob, error: unknown, passing: boolean): Promise<Afterwards> => {
    const { s: id, g: generation } = job.data
    const fault = faultOfError(error)
    // That the database could not serve says nothing about the item: it keeps its tries. Its own row is all that this locks.
    const items = passing ? [] : await repository.lockItems(tx, [id], false)
    const { now, publications } = await repository.lockDue(tx, [id], [], true)
    const [publication] = publications
    if (publication === undefined || !publication.isPending || publication.generation !== generation)
      return () => {}
    const failures = publication.failures + 1
    const handedAt = new Date(job.data.h)
    const name = subjectOf(itemOf(publication))
    if (passing || failures <= publication.retryLimit) {
      const delaySeconds = passing ? RETRY_DELAY_SECONDS : retryDelaySeconds(failures)
      const tried = { startedAt: now, handedAt, counted: !passing, error: fault, delaySeconds }
      const nextMs = await repository.retry(tx, id, tried)
      return () => {
        if (nextMs !== null) wake(nextMs)
        const seconds = Math.round(delaySeconds)
        log.warn(`${LOG_PREFIX} ${name}: it failed, and is tried again in ${seconds} s: ${fault.message}`)
      }
    }
    const why = { reason: 'retries_exhausted', error: fault }
    const lateMs = now.getTime() - publication.dueAt.getTime()
    const ended = endingOf(publication, {
      ...{ state: 'failed', ...why, handedAt, executedAt: now, lateMs, outcome: 'failed' },
    })
    await repository.end(tx, [ended], now, [contentEvent(publication, 'content.failed', why)])
    await settle(
      tx,
      t,
      items.map(({ key }) => ({ key })),
    )
    return () => log.warn(`${LOG_PREFIX} ${name} → failed: ${fault.message}`)
  }
}
