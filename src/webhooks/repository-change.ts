import { type RawBuilder, sql } from 'kysely'
import { type ChangedTable, changeRows, keptBy, type RowChange, type RowChanges } from '../delivery/index.ts'
import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { ANEW } from './repository-event.ts'
import { byFilters, type DeliveryFilters, NO_DELIVERY_FILTERS } from './repository-filters.ts'
import { KIND } from './repository.ts'

/** A few deliveries that are decided together. */
export interface Batch extends By {
  ids: readonly string[]
  /** What they were found by: whatever no longer fits is left alone. */
  filters?: DeliveryFilters
  /** The operation that keeps what they were before; null where nothing is kept. */
  operationId?: string | null
}

export const OUTCOMES = ['delivered', 'canceled'] as const

export interface Settlement {
  outcome: (typeof OUTCOMES)[number]
  note: string | null
}

const BEFORE = sql`jsonb_build_object('state', state, 'reason', reason, 'trouble', trouble, 'finishedAt', finished_at,
  'cancelRequested', cancel_requested, 'failures', failures, 'lostWorkers', lost_workers, 'dueAt', due_at, 'nextAt', next_at)`

export type DeliveryChanges = ReturnType<typeof createDeliveryChanges>

/**
 * What people do to deliveries, one or a thousand, each under its own lock. A delivery has no events of its own, as those would
 * be delivered, too: of each endpoint one is told, of as many as were changed at once.
 */
export const createDeliveryChanges = (t: Tables) => {
  const deliveries: ChangedTable = {
    table: t.webhookDeliveries,
    isWaiting: sql`state in ('scheduled', 'retrying')`,
    isBusy: sql`state = 'sending'`,
    priority: sql`priority`,
  }
  const change = (
    tx: Database,
    b: Batch,
    c: Pick<RowChange, 'where' | 'set'> & { told: string; data: Readonly<Record<string, unknown>> },
  ): Promise<RowChanges> => {
    const { states, ...filters } = b.filters ?? NO_DELIVERY_FILTERS
    const fits = [sql`n.project_id = ${b.projectId}`, ...byFilters(t, 'n', { ...filters, states: undefined })]
    const { operationId = null } = b
    return changeRows(tx, t, deliveries, {
      ...{ ids: b.ids, fits: sql.join(fits, sql` and `), set: c.set },
      where: sql`${c.where} and n.state::text = any(coalesce(${states ?? null}::text[], array[n.state::text]))`,
      kept: operationId === null ? null : { operationId, before: BEFORE },
      told: sql`
        insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
        select project_id, ${KIND}, webhook_id::text, ${`${KIND}.${c.told}`}, ${JSON.stringify(b.actor)}::jsonb,
          jsonb_strip_nulls(jsonb_build_object('count', count(*), 'deliveryId', case count(*) when 1 then min(id::text) end)
            || ${JSON.stringify(c.data)}::jsonb)
        from mine group by project_id, webhook_id order by webhook_id`,
    })
  }

  return {
    /** From failed or canceled, where its endpoint takes anything. The `webhook-id` stays. */
    retry: (tx: Database, b: Batch): Promise<RowChanges> =>
      change(tx, b, {
        where: sql`n.state in ('failed', 'canceled')
          and (select true from ${t.webhooks} w where w.id = n.webhook_id and w.state = 'active' limit 1) is true`,
        ...{ set: ANEW, told: 'resent', data: {} },
      }),

    /** An operator's word on what waits or has failed. */
    resolve: (tx: Database, b: Batch, { outcome, note }: Settlement): Promise<RowChanges> =>
      change(tx, b, {
        where: sql`n.state in ('scheduled', 'retrying', 'failed')`,
        set: sql`state = ${outcome}, reason = 'operator', trouble = null, finished_at = clock_timestamp(),
          updated_at = clock_timestamp()`,
        ...{ told: 'settled', data: { outcome, note } },
      }),

    /** Puts back what an operation changed, where nothing has happened to it since: its generation tells. */
    restore(tx: Database, b: Batch, operationId: string): Promise<RowChanges> {
      const before = (what: RawBuilder<unknown>) => keptBy(t, operationId, what, 'n.id')
      return change(tx, b, {
        where: sql`n.generation = ${before(sql`i.generation`)}`,
        set: sql`(state, reason, trouble, finished_at, cancel_requested, failures, lost_workers, due_at, next_at) =
            ${before(sql`i.before ->> 'state', i.before ->> 'reason', (i.before ->> 'trouble')::smallint,
              (i.before ->> 'finishedAt')::timestamptz, (i.before ->> 'cancelRequested')::boolean,
              (i.before ->> 'failures')::integer, (i.before ->> 'lostWorkers')::smallint,
              (i.before ->> 'dueAt')::timestamptz, (i.before ->> 'nextAt')::timestamptz`)},
          updated_at = clock_timestamp()`,
        ...{ told: 'undone', data: { undone: operationId } },
      })
    },
  }
}
