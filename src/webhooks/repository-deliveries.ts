import { type RawBuilder, sql } from 'kysely'
import { createMatching, type State } from '../delivery/index.ts'
import { type BoundedScan, readScanned } from '../platform/bounded-scan.ts'
import type { Database } from '../platform/database.ts'
import { type KeysetPage, keysetByTime } from '../platform/keyset.ts'
import type { Tables } from '../platform/tables.ts'
import { byFilters, type DeliveryFilters, NO_DELIVERY_FILTERS, PROVIDER } from './repository-filters.ts'

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
  dueAt: Date
  nextAt: Date | null
  eventAt: Date
  createdAt: Date
  finishedAt: Date | null
}

/** Rows that one page looks at, and of those whose errors are looked up, some 10 µs each. */
const MOST_LOOKED_AT = 20_000
const MOST_LOOKED_UP = 5_000

/** The last attempt that has ended. The month before it is looked through as well, as one whose worker was lost bears the time of its own start. */
const lastAttempt = (t: Tables) => sql`
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
        case when d.state in ('scheduled', 'retrying') then d.next_at end as "nextAt", d.due_at as "dueAt", d.event_at as "eventAt",
        d.created_at as "createdAt", d.finished_at as "finishedAt"
      from ${rest}`.execute(db)
    return rows
  }

  const conditions = (projectId: number, filters: DeliveryFilters) => [
    sql`d.project_id = ${projectId}`,
    ...byFilters(t, 'd', filters),
  ]

  const scanOf = (projectId: number, filters: DeliveryFilters, page: KeysetPage): BoundedScan => {
    const { webhookId, types, createdTo, error, ...others } = filters
    // An index leads to those in trouble; whoever asks for an error asks for what has failed.
    const provider = error === undefined ? others.provider : (others.provider ?? PROVIDER)
    return {
      ...{ from: sql`${t.webhookDeliveries} d`, id: sql`d.id`, key: sql`d.due_at`, page },
      leading: conditions(projectId, { ...NO_DELIVERY_FILTERS, ...others, provider }),
      fits: byFilters(t, 'd', { ...NO_DELIVERY_FILTERS, webhookId, types, createdTo, error }),
      most: error === undefined ? MOST_LOOKED_AT : MOST_LOOKED_UP,
    }
  }

  const byIds = (db: Database, projectId: number, ids: readonly string[]): Promise<Delivery[]> =>
    read(
      db,
      sql`${t.webhookDeliveries} d ${lastAttempt(t)} where d.id = any(${ids}::uuid[]) and d.project_id = ${projectId}`,
    )

  return {
    ...createMatching({
      ...{ table: t.webhookDeliveries, row: 'd', alone: sql`false`, conditions },
      order: { by: 'due_at', descending: true },
    }),

    /** Those of one endpoint, by an index on it and the time of their making. */
    async ofEndpoint(
      db: Database,
      projectId: number,
      filters: Pick<DeliveryFilters, 'states'> & { webhookId: string },
      page: KeysetPage,
    ): Promise<Delivery[]> {
      const { beyond, order } = keysetByTime(sql`d.created_at`, sql`d.id`, page)
      const all = conditions(projectId, { ...NO_DELIVERY_FILTERS, ...filters })
      return read(
        db,
        sql`(select * from ${t.webhookDeliveries} d where ${sql.join(all, sql` and `)} ${beyond('and')}
            order by ${order} limit ${page.limit}) d
          ${lastAttempt(t)} order by ${order}`,
      )
    },

    /** Those that there are, in no order. */
    byIds,

    /** Those of all endpoints, in the order in which they fell due, and how far was looked for them. */
    list: (db: Database, projectId: number, filters: DeliveryFilters, page: KeysetPage) =>
      readScanned(
        db,
        scanOf(projectId, filters, page),
        (ids) => byIds(db, projectId, ids),
        ({ dueAt }) => dueAt,
      ),

    async find(db: Database, projectId: number, id: string): Promise<Delivery | null> {
      const found = await read(
        db,
        sql`${t.webhookDeliveries} d ${lastAttempt(t)} where d.id = ${id}::uuid and d.project_id = ${projectId}`,
      )
      return found[0] ?? null
    },
  }
}

export type DeliveryRepository = ReturnType<typeof createDeliveryRepository>
