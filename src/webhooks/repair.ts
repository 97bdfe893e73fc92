import type { By } from '../platform/actor.ts'
import { type Database, inTransaction } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import { isId } from '../platform/ids.ts'
import type { KeysetPage } from '../platform/keyset.ts'
import type { Timers } from '../timers/index.ts'
import { invalid, isDisabled, notFound } from './deliveries.ts'
import type { Batch, DeliveryChanges, Settlement } from './repository-change.ts'
import type { Delivery, DeliveryRepository } from './repository-deliveries.ts'
import type { DeliveryFilters } from './repository-filters.ts'
import type { Repository } from './repository.ts'

export interface RepairOptions {
  db: Database
  repository: Pick<Repository, 'find'>
  deliveries: Pick<DeliveryRepository, 'find' | 'list'>
  changes: DeliveryChanges
  timers: Pick<Timers, 'wake'>
}

export type Repair = ReturnType<typeof createRepair>

/** A request that waits longer than this for another's row is answered so, and may be repeated. */
const LOCK_TIMEOUT = { lock_timeout: '2s' }

const isDeleted = (): YeyakError =>
  invalid(
    'webhookId',
    'is of an endpoint that was deleted, so nothing can be sent to it: settle the delivery instead',
    '삭제된 엔드포인트여서 보낼 수 없습니다. 대신 전송을 직접 처리해야 합니다.',
  )

/** Deliveries one by one, whatever their endpoint. */
export const createRepair = ({ db, repository, deliveries, changes, timers }: RepairOptions) => {
  const find = async ({ projectId }: By, id: string): Promise<Delivery> => {
    const found = isId(id) ? await deliveries.find(db, projectId, id) : null
    if (found === null) throw notFound()
    return found
  }

  /** What it is afterwards; `refuse` tells why it was not changed, of the state in which it was found. */
  const change = async (
    by: By,
    id: string,
    run: (tx: Database, batch: Batch) => ReturnType<DeliveryChanges['retry']>,
    refuse: (state: string) => Promise<YeyakError>,
  ): Promise<Delivery> => {
    await find(by, id)
    const { decisions, changed, wakeMs } = await inTransaction(db, LOCK_TIMEOUT, (tx) =>
      run(tx, { ...by, ids: [id] }),
    )
    const [decision] = decisions
    if (decision === undefined) throw notFound()
    if (changed === 0) throw await refuse(decision.state)
    if (wakeMs !== null) timers.wake(wakeMs)
    return find(by, id)
  }
  const alreadyFinal = (state: string) =>
    new YeyakError('already-final', { members: { outcome: 'already_final', state } })

  return {
    list: ({ projectId }: By, filters: DeliveryFilters, page: KeysetPage) =>
      deliveries.list(db, projectId, filters, page),

    /** One that has failed or was canceled is sent again, with all of its tries. */
    retry: (by: By, id: string): Promise<Delivery> =>
      change(by, id, changes.retry, async (state) => {
        if (state === 'delivered') return alreadyFinal(state)
        if (state !== 'failed' && state !== 'canceled')
          return new YeyakError('not-final', { members: { state } })
        const { webhookId } = await find(by, id)
        const endpoint = await repository.find(db, by.projectId, webhookId)
        return endpoint === null ? isDeleted() : isDisabled('webhookId')
      }),

    resolve: (by: By, id: string, settlement: Settlement): Promise<Delivery> =>
      change(
        by,
        id,
        (tx, batch) => changes.resolve(tx, batch, settlement),
        async (state) =>
          state === 'sending'
            ? new YeyakError('too-late', { members: { outcome: 'too_late', state } })
            : alreadyFinal(state),
      ),
  }
}
