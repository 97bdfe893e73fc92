import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Fault } from './decide.ts'
import { endingOf } from './plan.ts'
import { type Held, itemEvent, releaseEvent } from './releases-parts.ts'
import { createExecutionRepository } from './repository-execution.ts'
import { createReleaseRepository, type ReleaseChange } from './repository-releases.ts'
import { settle, tell } from './repository-settle.ts'

/** Ends it without doing anything: its items are as they were before it was scheduled. */
export const createReleaseDrop = (t: Tables) => {
  const repository = createReleaseRepository(t)
  const execution = createExecutionRepository(t)
  return async (
    tx: Database,
    by: By | null,
    held: Held,
    to: Pick<ReleaseChange, 'attempts'> & {
      state: 'failed' | 'canceled' | 'missed'
      reason: string
      error: Fault | null
    },
  ): Promise<void> => {
    const { release, contents, publications: pending, now } = held
    const executedAt = to.state === 'failed' ? now : null
    await execution.end(
      tx,
      [...pending.values()].map((p) =>
        endingOf(p, { state: to.state, reason: `release ${to.reason}`, executedAt }),
      ),
      now,
    )
    const touched = [...contents].filter(([name]) => pending.has(name)).map(([, content]) => content)
    await settle(
      tx,
      t,
      touched.map(({ key }) => ({ key })),
    )
    await repository.write(tx, release, { ...to, executedAt, nextAt: null })
    await tell(tx, t, [
      releaseEvent(release, `release.${to.state}`, by, { reason: to.reason, error: to.error }),
      ...touched.map((content) =>
        itemEvent(release, content, 'content.unscheduled', by, { reason: `release ${to.state}` }),
      ),
    ])
  }
}
