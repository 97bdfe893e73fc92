import type { By } from '../platform/actor.ts'
import { type Database, inTransaction } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import { isId } from '../platform/ids.ts'
import type { Timers } from '../timers/index.ts'
import type { Repository } from './repository.ts'
import type { Batch, RunChanges } from './repository-run-change.ts'
import type { Run } from './row.ts'
import { LOCK_TIMEOUT, type Service } from './service.ts'

export interface RepairOptions {
  db: Database
  repository: Pick<Repository, 'run'>
  service: Pick<Service, 'find'>
  changes: RunChanges
  timers: Pick<Timers, 'wake'>
}

export type Repair = ReturnType<typeof createRepair>

/** Runs one by one, where they have not started what they are for. */
export const createRepair = ({ db, repository, service, changes, timers }: RepairOptions) => {
  const find = async (id: string): Promise<Run> => {
    const found = isId(id) ? await repository.run(db, id) : null
    if (found === null) throw new YeyakError('not-found')
    return found
  }

  const change = async (
    { projectId, actor }: By,
    name: string,
    id: string,
    run: (tx: Database, batch: Batch) => ReturnType<RunChanges['retry']>,
  ): Promise<Run> => {
    const schedule = await service.find({ projectId }, name)
    if ((await find(id)).scheduleId !== schedule.id) throw new YeyakError('not-found')
    const { decisions, changed, wakeMs } = await inTransaction(db, LOCK_TIMEOUT, (tx) =>
      run(tx, { projectId, actor, ids: [id] }),
    )
    const [decision] = decisions
    if (decision === undefined) throw new YeyakError('not-found')
    const { state } = decision
    if (changed === 0 && state === 'pending') throw new YeyakError('not-final', { members: { state } })
    if (changed === 0) throw new YeyakError('already-final', { members: { outcome: 'already_final', state } })
    if (wakeMs !== null) timers.wake(wakeMs)
    return find(id)
  }

  return {
    retry: (by: By, name: string, id: string): Promise<Run> => change(by, name, id, changes.retry),
    resolve: (by: By, name: string, id: string, note: string | null): Promise<Run> =>
      change(by, name, id, (tx, batch) => changes.resolve(tx, batch, note)),
  }
}
