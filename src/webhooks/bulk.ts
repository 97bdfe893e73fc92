import {
  type BulkChanged,
  bulkCommon,
  type BulkFields,
  type BulkScope,
  createLook,
  optionNote,
} from '../delivery/index.ts'
import { filterOfBody } from '../http/index.ts'
import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Timers } from '../timers/index.ts'
import { parseFilters } from './repair-routes.ts'
import { createDeliveryChanges } from './repository-change.ts'
import { createDeliveryRepository } from './repository-deliveries.ts'
import { DeliverySchema, filters, ResolveBody, toDelivery } from './schema.ts'

export interface BulkOptions {
  db: Database
  tables: Tables
  timers: Pick<Timers, 'wake'>
}

const kinds = {
  retry: {
    summary:
      'Send again all that match, of those that have failed or were canceled and whose endpoint is active',
    options: {},
    problems: [],
  },
  resolve: {
    summary: 'Settle by an operator’s word all that match, of those that wait or have failed',
    options: ResolveBody.properties,
    problems: [],
  },
} as const

const parse = (filter: BulkFields) => filterOfBody(() => parseFilters(filter))

/** Deliveries to endpoints, as bulk operations see them. */
export const createDeliveryBulk = ({ db, tables, timers }: BulkOptions) => {
  const deliveries = createDeliveryRepository(tables)
  const changes = createDeliveryChanges(tables)
  const look = createLook({ db, parse, matching: deliveries, read: deliveries.byIds })

  return {
    ...bulkCommon({ db, tables, timers, parse, matching: deliveries, alone: null }),
    ...{ name: 'webhook-deliveries', item: DeliverySchema, filters, kinds },

    async prepare(_by: By, kind: string, _filter: BulkFields, given: BulkFields): Promise<BulkFields> {
      return kind === 'resolve' ? { outcome: given['outcome'], note: given['note'] ?? null } : {}
    },

    async preview(scope: BulkScope, limit: number, sample: number) {
      const { matched, rows } = await look(scope, limit, sample)
      return { matched, sample: rows.map(toDelivery) }
    },

    change(
      tx: Database,
      { projectId, actor, kind, filter, options }: BulkScope,
      ids: readonly string[],
      operationId: string | null,
    ): Promise<BulkChanged> {
      const batch = { projectId, actor, ids, filters: parse(filter), operationId }
      if (kind === 'retry') return changes.retry(tx, batch)
      if (kind !== 'resolve') throw new Error(`deliveries have no bulk ${kind}`)
      const { outcome, note } = options
      return changes.resolve(tx, batch, {
        outcome: outcome === 'canceled' ? 'canceled' : 'delivered',
        note: optionNote(note),
      })
    },

    restore: (tx: Database, by: By, ids: readonly string[], operationId: string): Promise<BulkChanged> =>
      changes.restore(tx, { ...by, ids }, operationId),
  }
}
