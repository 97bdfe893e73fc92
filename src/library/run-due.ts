import { setTimeout as sleep } from 'node:timers/promises'
import { YeyakError } from '../platform/errors.ts'
import type { Core } from './core.ts'
import { createDueRepository } from './repository-due.ts'

const ASK_MS = 10
/** For one instant, with all its retries that come due meanwhile. */
const PATIENCE_MS = 60_000

const instantOf = (until: Date | string): Date => {
  const at = new Date(until)
  if (Number.isNaN(at.getTime()))
    throw new YeyakError('invalid-request', {
      errors: [{ path: 'until', message: { en: 'is no instant', ko: '시각이 아닙니다.' } }],
    })
  return at
}

/**
 * Everything that is due by an instant, done in order by the worker of this process. The clock is the database's, and is not
 * moved: what is due at one instant is made due now, and the next instant follows once that is done.
 */
export const createRunDue = (core: Pick<Core, 'db' | 'tables' | 'jobsTable' | 'timers' | 'lanes'>) => {
  const repository = createDueRepository(core.tables, core.jobsTable)
  const { db, lanes } = core

  const settled = async (ids: readonly string[]): Promise<void> => {
    const deadlineMs = performance.now() + PATIENCE_MS
    while (await repository.isOpen(db, lanes, ids)) {
      if (performance.now() > deadlineMs)
        throw new Error(`not done within ${PATIENCE_MS / 1000} s: ${ids.join(', ')}`)
      await sleep(ASK_MS)
    }
  }

  return {
    async run(given: Date | string): Promise<void> {
      const until = instantOf(given)
      for (;;) {
        const ids = await repository.bringForward(db, lanes, until)
        if (ids.length === 0) break
        core.timers.wake(0)
        await settled(ids)
      }
      // What was handed over before this began.
      await settled([])
    },
  }
}
