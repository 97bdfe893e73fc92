import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Fault } from './decide.ts'
import { endingOf } from './plan.ts'
import { type Held, itemEvent, releaseEvent } from './releases-parts.ts'
import { createExecutionRepository } from './repository-execution.ts'
import { createReleaseRepository, type ReleaseChange } from './repository-releases.ts'
import { type EventRow, settle, tell } from './repository-settle.ts'

type Dropped = 'failed' | 'canceled' | 'missed'

/** Ends what a release has in store for its items: they are as they were before it was scheduled. Returns what is told of them. */
export const createLetGo = (t: Tables) => {
  const execution = createExecutionRepository(t)
  return async (
    tx: Database,
    by: By | null,
    { release, contents, publications: pending, now }: Held,
    { state, reason }: { state: Dropped; reason: string },
  ): Promise<EventRow[]> => {
    const executedAt = state === 'failed' ? now : null
    await execution.end(
      tx,
      [...pending.values()].map((p) => endingOf(p, { state, reason: `release ${reason}`, executedAt })),
      now,
    )
    const touched = [...contents].filter(([name]) => pending.has(name)).map(([, content]) => content)
    await settle(
      tx,
      t,
      touched.map(({ key }) => ({ key })),
    )
    return touched.map((content) =>
      itemEvent(release, content, 'content.unscheduled', by, { reason: `release ${state}` }),
    )
  }
}

/** Ends it without doing anything. */
export const createReleaseDrop = (t: Tables) => {
  const repository = createReleaseRepository(t)
  const letGo = createLetGo(t)
  return async (
    tx: Database,
    by: By | null,
    held: Held,
    to: Pick<ReleaseChange, 'attempts'> & { state: Dropped; reason: string; error: Fault | null },
  ): Promise<void> => {
    const { release, now } = held
    const events = await letGo(tx, by, held, to)
    const executedAt = to.state === 'failed' ? now : null
    await repository.write(tx, release, { ...to, executedAt, nextAt: null })
    const data = { reason: to.reason, error: to.error }
    await tell(tx, t, [releaseEvent(release, `release.${to.state}`, by, data), ...events])
  }
}
