import { parsePosition, tell } from '../events/index.ts'
import { instantFilter } from '../http/index.ts'
import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import { isId } from '../platform/ids.ts'
import type { KeysetPage } from '../platform/keyset.ts'
import type { Tables } from '../platform/tables.ts'
import type { Timers } from '../timers/index.ts'
import type { Delivery, DeliveryRepository } from './repository-deliveries.ts'
import type { DeliveryFilters } from './repository-filters.ts'
import { type createResendRepository, type Planted, SPAN_EVENTS } from './repository-resend.ts'
import type { Repository, Webhook } from './repository.ts'
import type { ResendBody } from './schema.ts'

export interface DeliveriesOptions {
  db: Database
  tables: Tables
  repository: Repository
  deliveries: DeliveryRepository
  resends: ReturnType<typeof createResendRepository>
  timers: Pick<Timers, 'wake'>
}

export type Deliveries = ReturnType<typeof createDeliveries>

/** Deliveries that one call may send again. */
const MOST_AT_ONCE = 10_000

export const notFound = () => new YeyakError('not-found')
export const invalid = (path: string, en: string, ko: string): YeyakError =>
  new YeyakError('invalid-request', { errors: [{ path, message: { en, ko } }] })

export const isDisabled = (path: string): YeyakError =>
  invalid(
    path,
    'is disabled, so nothing is sent: set it to active first',
    '비활성 상태여서 아무것도 보내지 않습니다. 먼저 active로 바꿔야 합니다.',
  )

const tooMany = () =>
  invalid(
    'from',
    `has more than ${MOST_AT_ONCE} deliveries or ${SPAN_EVENTS} events between it and to: send them in shorter spans`,
    `to까지의 전송이 ${MOST_AT_ONCE}건 또는 이벤트가 ${SPAN_EVENTS}건을 넘습니다. 더 짧은 기간으로 나누어 보내야 합니다.`,
  )

/** In a body a wrong instant is a field's fault. */
const instant = (path: string, text: string | undefined): Date | undefined => {
  try {
    return instantFilter(path, text)
  } catch (error) {
    if (!(error instanceof YeyakError)) throw error
    throw new YeyakError('invalid-request', { errors: error.fieldErrors })
  }
}

/** What is delivered to endpoints: to look at, to try out, to send again. */
export const createDeliveries = (o: DeliveriesOptions) => {
  const { db, tables, repository, deliveries, resends, timers } = o
  const endpoint = async (tx: Database, { projectId }: By, id: string): Promise<Webhook> => {
    const found = isId(id) ? await repository.lock(tx, projectId, id) : null
    if (found === null) throw notFound()
    if (found.state === 'disabled') throw isDisabled('state')
    return found
  }

  const plant = async (run: (tx: Database) => Promise<Planted>): Promise<Planted> => {
    const planted = await db.transaction().execute(run)
    if (planted.dueMs !== null) timers.wake(planted.dueMs)
    return planted
  }

  const resendSpan = async (tx: Database, by: By, id: string, body: ResendBody): Promise<Planted> => {
    const from = instant('from', body.from)
    if (from === undefined)
      throw invalid(
        'eventId',
        'must be given, or from and to',
        'eventId를 지정하거나 from과 to를 지정해야 합니다.',
      )
    const to = instant('to', body.to) ?? new Date(Date.now() + 60_000)
    const limit = MOST_AT_ONCE + 1
    const planted =
      body.failedOnly === true
        ? await resends.failed(tx, id, { from, to }, limit)
        : await resends.span(tx, by.projectId, id, { from, to }, limit)
    // Refused inside the transaction, so that nothing of it stays.
    if (planted === null || planted.count === limit) throw tooMany()
    return planted
  }

  const resendOne = async (tx: Database, by: By, id: string, eventId: string): Promise<Planted> => {
    const position = parsePosition(eventId)
    const planted = position === null ? null : await resends.event(tx, by.projectId, id, position)
    if (planted !== null && planted.count > 0) return planted
    throw invalid(
      'eventId',
      'is not the id of an event that is kept, or it is being sent at this moment',
      '보관 중인 이벤트의 id가 아니거나, 지금 전송하는 중입니다.',
    )
  }

  return {
    async list(
      { projectId }: By,
      id: string,
      states: DeliveryFilters['states'],
      page: KeysetPage,
    ): Promise<Delivery[]> {
      const found = isId(id) ? await repository.find(db, projectId, id) : null
      if (found === null) throw notFound()
      return deliveries.ofEndpoint(db, projectId, { webhookId: found.id, states }, page)
    },

    /** Sends an event `webhook.test` at once. */
    async test(by: By, id: string): Promise<Delivery> {
      const planted = await plant(async (tx) => {
        await endpoint(tx, by, id)
        return resends.test(tx, by, id)
      })
      const delivery = planted.id === null ? null : await deliveries.find(db, by.projectId, planted.id)
      if (delivery === null) throw notFound()
      return delivery
    },

    /** How many are sent again. An event that is being sent at this moment is left alone. */
    async resend(by: By, id: string, body: ResendBody): Promise<number> {
      const { eventId } = body
      const planted = await plant(async (tx) => {
        await endpoint(tx, by, id)
        const done =
          eventId === undefined ? await resendSpan(tx, by, id, body) : await resendOne(tx, by, id, eventId)
        const { from, to, failedOnly } = body
        const data = { count: done.count, eventId, from, to, failedOnly }
        await tell(tx, tables, by, { type: 'webhook.resent', subjectId: id, data })
        return done
      })
      return planted.count
    },
  }
}
