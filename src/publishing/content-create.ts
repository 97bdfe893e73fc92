import { checkSameRequest, type Idempotency, inProgress } from '../http/index.ts'
import type { By } from '../platform/actor.ts'
import { inTransaction, isLockTimeout } from '../platform/database.ts'
import { newId } from '../platform/ids.ts'
import {
  type ContentServiceOptions,
  type Found,
  foundIn,
  LOCK_TIMEOUT,
  refuseTaken,
} from './content-service.ts'
import { writtenOf } from './data.ts'
import { fault } from './scheduling-steps.ts'
import type { CreateBody } from './schema.ts'
import type { CompiledType } from './types.ts'

const noLocale = (type: CompiledType) => {
  const known = (type.locales ?? []).join(', ')
  return fault(
    'locale',
    `is none of those that ${type.name} is written in: ${known}`,
    `${type.name}에서 쓸 수 있는 로캘(${known})이 아닙니다.`,
  )
}

/** Accepts new content: resolves once the item, its first revision and what is scheduled for it are committed. */
export const createContentCreate = (o: ContentServiceOptions) => {
  const write = async (by: By, name: string, body: CreateBody, idempotency: Idempotency | null) => {
    const type = o.types.require(name)
    const item = { type: name, id: body.id ?? newId(), locale: body.locale ?? '' }
    if (!type.takesLocale(item.locale)) throw noLocale(type)
    const row = {
      ...{ ...item, ...writtenOf(type, body.data), key: newId() },
      ...{ idempotencyKey: idempotency?.key ?? null, requestHash: idempotency?.hash ?? null },
    }
    return inTransaction(o.db, LOCK_TIMEOUT, async (tx) => {
      const made = await o.repository.insert(tx, by, row)
      const planted =
        body.schedule === undefined
          ? null
          : await o.scheduling.schedule(tx, by, made, body.schedule, 'schedule.')
      return { wakeMs: planted?.wakeMs ?? null, found: await foundIn(tx, o, by, item, 'draft') }
    })
  }

  /** What an earlier request with this key made, as it is now. */
  const replayOf = async (by: By, idempotency: Idempotency | null): Promise<Found | null> => {
    if (idempotency === null) return null
    const first = await o.repository.byIdempotencyKey(o.db, by.projectId, idempotency.key)
    if (first === null) return null
    checkSameRequest(idempotency, first.requestHash)
    return foundIn(o.db, o, by, first, 'draft')
  }

  /** `replayed`: an earlier request with this idempotency key made it. */
  return async (
    by: By,
    type: string,
    body: CreateBody,
    idempotency: Idempotency | null,
  ): Promise<Found & { replayed: boolean }> => {
    try {
      const { wakeMs, found } = await write(by, type, body, idempotency)
      if (wakeMs !== null) o.timers.wake(wakeMs)
      return { ...found, replayed: false }
    } catch (error) {
      // A request that was accepted once is answered so again, even where it would be refused now: its time may be past.
      const first = await replayOf(by, idempotency)
      if (first !== null) return { ...first, replayed: true }
      if (idempotency !== null && isLockTimeout(error)) throw inProgress(error)
      return refuseTaken(o.types.get(type), error)
    }
  }
}

export type ContentCreate = ReturnType<typeof createContentCreate>
