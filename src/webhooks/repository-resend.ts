import { type RawBuilder, sql } from 'kysely'
import type { Position } from '../events/index.ts'
import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { ANEW, DELIVERY_COLUMNS, deliveryOf, isEvent, timersOf, wants } from './repository-event.ts'
import { KIND } from './repository.ts'

/** How many deliveries were planted, and when the earliest is due, in milliseconds since 1970. */
export interface Planted {
  count: number
  /** One of them. */
  id: string | null
  dueMs: number | null
}

/** Events of all projects that are gone through for one span of time. */
export const SPAN_EVENTS = 100_000
/** An event bears the number of its transaction, which may have begun this long before it. */
const SLACK_MS = 600_000

/** Plants deliveries that somebody asks for. Each belongs inside the caller's transaction. */
export const createResendRepository = (t: Tables) => {
  const plant = async (tx: Database, cte: RawBuilder<unknown>): Promise<Planted> => {
    const { rows } = await sql<Planted>`
      with ${cte}, planted as (${timersOf(t, 'added')})
      select count(*)::int as count, (array_agg(id))[1] as id,
        (extract(epoch from min(next_at)) * 1000)::float8 as "dueMs" from added`.execute(tx)
    return rows[0] ?? { count: 0, id: null, dueMs: null }
  }
  /** Events have no index by time, but are nearly in its order: halving finds the place in some forty look-ups. */
  const firstXidFrom = async (tx: Database, at: Date): Promise<string> => {
    const { rows } = await sql<{ xid: string }>`
      with recursive s as (
        select coalesce((select xid::text::bigint from ${t.events} order by xid, id limit 1), 0) as lo,
          coalesce((select xid::text::bigint + 1 from ${t.events} order by xid desc, id desc limit 1), 0) as hi
        union all
        select case when is_before then mid + 1 else lo end, case when is_before then hi else mid end
        from s, lateral (select lo + (hi - lo) / 2 as mid) m, lateral (
          select coalesce((select e.at < ${at} from ${t.events} e where e.xid >= mid::text::xid8
            order by e.xid, e.id limit 1), false) as is_before) p
        where lo < hi)
      select min(hi)::text as xid from s`.execute(tx)
    return rows[0]?.xid ?? '0'
  }
  /** What is final or waits. What is being sent is left alone. */
  const anew = sql`set ${ANEW}, generation = d.generation + 1`
  const written = sql`returning id, lane, next_at, generation, priority`
  const addOf = (from: RawBuilder<unknown>) => sql`added as (
    insert into ${t.webhookDeliveries} as d (${DELIVERY_COLUMNS}) select ${deliveryOf('w', 'e')} from ${from}
    on conflict (webhook_id, event_id) do update ${anew} where d.state <> 'sending' ${written})`

  return {
    /** An event made for this endpoint alone, and its delivery. */
    test: (tx: Database, { projectId, actor }: By, webhookId: string): Promise<Planted> =>
      plant(
        tx,
        sql`told as (
          insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
          values (${projectId}, ${KIND}, ${webhookId}, ${`${KIND}.test`}, ${JSON.stringify(actor)}::jsonb, '{}')
          returning *),
        ${addOf(sql`told e join ${t.webhooks} w on w.id = ${webhookId}::uuid`)}`,
      ),

    /** One event of the project, whether or not the endpoint subscribes to it. */
    async event(tx: Database, projectId: number, webhookId: string, event: Position): Promise<Planted> {
      const planted = await plant(
        tx,
        addOf(sql`${t.events} e join ${t.webhooks} w on w.id = ${webhookId}::uuid
          where ${isEvent('e', projectId, event)} limit 1`),
      )
      if (planted.count > 0) return planted
      // Dropped with its month, or being sent: what was to be delivered is kept in the delivery.
      return plant(
        tx,
        sql`added as (update ${t.webhookDeliveries} d ${anew}
          where d.webhook_id = ${webhookId}::uuid and d.event_id = ${String(event)}::numeric and d.state <> 'sending' ${written})`,
      )
    },

    /** Deliveries of events of this span that failed or were canceled. */
    failed: (
      tx: Database,
      webhookId: string,
      span: { from: Date; to: Date },
      limit: number,
    ): Promise<Planted> =>
      plant(
        tx,
        sql`added as (
          update ${t.webhookDeliveries} d ${anew} where d.id = any(array(
            select x.id from ${t.webhookDeliveries} x
            where x.webhook_id = ${webhookId}::uuid and x.created_at >= ${span.from} and x.event_at >= ${span.from} and x.event_at < ${span.to}
              and x.state in ('failed', 'canceled') limit ${limit} for no key update)) ${written})`,
      ),

    /**
     * Events of this span that the endpoint subscribes to, were they delivered before or not. Null where the span has more
     * events than are gone through.
     */
    async span(
      tx: Database,
      projectId: number,
      webhookId: string,
      span: { from: Date; to: Date },
      limit: number,
    ): Promise<Planted | null> {
      const first = await firstXidFrom(tx, new Date(span.from.getTime() - SLACK_MS))
      const beyond = await firstXidFrom(tx, new Date(span.to.getTime() + SLACK_MS))
      const inSpan = sql`
        select * from ${t.events} e where e.xid >= ${first}::xid8 and e.xid < ${beyond}::xid8
          and e.at >= ${span.from} and e.at < ${span.to} order by e.xid, e.id limit ${SPAN_EVENTS + 1}`
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from (${inSpan}) e`.execute(tx)
      if ((rows[0]?.n ?? 0) > SPAN_EVENTS) return null
      return plant(
        tx,
        addOf(sql`(${inSpan}) e join ${t.webhooks} w on w.id = ${webhookId}::uuid
          where e.project_id = ${projectId} and ${wants('w', 'e')} order by e.xid, e.id limit ${limit}`),
      )
    },
  }
}
