import { type RawBuilder, sql } from 'kysely'
import { type State, TROUBLE } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import { type KeysetPage, keysetByTime } from '../platform/keyset.ts'
import type { Tables } from '../platform/tables.ts'

/** One event on its way to one endpoint. `state` is as shown. */
export interface Delivery {
  id: string
  webhookId: string
  eventId: string
  type: string
  state: State | 'queued'
  reason: string | null
  attemptNo: number
  /** Of the last try that has ended. */
  statusCode: number | null
  error: { code: string; message: string } | null
  nextAt: Date | null
  eventAt: Date
  createdAt: Date
  finishedAt: Date | null
}

export interface DeliveryQuery extends KeysetPage {
  /** Only these; each has an index, other states would be looked for in all that ever was delivered. */
  states: readonly (typeof FILTERED_STATES)[number][] | undefined
}

export const FILTERED_STATES = ['retrying', 'failed'] as const
/** The last attempt. The month before it is looked through as well, as one whose worker was lost bears the time of its own start. */
export const lastAttempt = (t: Tables) => sql`
  left join lateral (
    select a.status_code, a.error from ${t.attempts} a
    where a.subject_id = d.id and a.started_at <= d.attempt_started_at
      and a.started_at > d.attempt_started_at - interval '32 days'
    order by a.number desc, a.started_at desc limit 1) a on true`

export const createDeliveryRepository = (t: Tables) => {
  const paused = sql`exists (select 1 from ${t.queues} q where q.name = d.lane and q.paused_at is not null)`
  const state = sql`case when d.state = 'scheduled' and d.next_at <= clock_timestamp() and not ${paused}
    then 'queued' else d.state end`
  const read = async (db: Database, rest: RawBuilder<unknown>): Promise<Delivery[]> => {
    const { rows } = await sql<Delivery>`
      select d.id, d.webhook_id as "webhookId", d.event_id::text as "eventId", d.type, ${state} as state, d.reason,
        d.attempt_no as "attemptNo", a.status_code as "statusCode", a.error,
        case when d.state in ('scheduled', 'retrying') then d.next_at end as "nextAt", d.event_at as "eventAt",
        d.created_at as "createdAt", d.finished_at as "finishedAt"
      from ${rest}`.execute(db)
    return rows
  }

  return {
    list(db: Database, webhookId: string, q: DeliveryQuery): Promise<Delivery[]> {
      const { beyond, order } = keysetByTime(sql`d.created_at`, sql`d.id`, q)
      return read(
        db,
        sql`(select * from ${t.webhookDeliveries} d where d.webhook_id = ${webhookId}::uuid
            ${beyond('and')}
            ${q.states === undefined ? sql`` : sql`and d.trouble = any(${q.states.map((name) => TROUBLE[name])}::smallint[])`}
            order by ${order} limit ${q.limit}) d
          ${lastAttempt(t)} order by ${order}`,
      )
    },

    async find(db: Database, webhookId: string, id: string): Promise<Delivery | null> {
      const found = await read(
        db,
        sql`${t.webhookDeliveries} d ${lastAttempt(t)} where d.id = ${id}::uuid and d.webhook_id = ${webhookId}::uuid`,
      )
      return found[0] ?? null
    },
  }
}
