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
import { createRunChanges } from './repository-run-change.ts'
import { createRunList } from './repository-run-list.ts'
import type { Resources } from './resource.ts'
import { filters, parseFilters } from './run-list.ts'
import { ResolveBody, RunSchema } from './schema.ts'

export interface BulkOptions {
  db: Database
  tables: Tables
  resources: Pick<Resources, 'runs'>
  timers: Pick<Timers, 'wake'>
}

const kinds = {
  retry: {
    summary: 'Try again all that match, of those that could not start what they are for',
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

/** Runs of schedules, as bulk operations see them. */
export const createRunBulk = ({ db, tables, resources, timers }: BulkOptions) => {
  const runs = createRunList(tables)
  const changes = createRunChanges(tables)
  const look = createLook({ db, parse, matching: runs, read: runs.byIds })

  return {
    ...bulkCommon({ db, tables, timers, parse, matching: runs, alone: null }),
    ...{ name: 'schedule-runs', item: RunSchema, filters, kinds },

    async prepare(_by: By, kind: string, _filter: BulkFields, given: BulkFields): Promise<BulkFields> {
      return kind === 'resolve' ? { note: given['note'] ?? null } : {}
    },

    async preview(scope: BulkScope, limit: number, sample: number) {
      const { matched, rows } = await look(scope, limit, sample)
      return { matched, sample: await resources.runs(rows) }
    },

    change(
      tx: Database,
      { projectId, actor, kind, filter, options }: BulkScope,
      ids: readonly string[],
      operationId: string | null,
    ): Promise<BulkChanged> {
      const batch = { projectId, actor, ids, filters: parse(filter), operationId }
      if (kind === 'retry') return changes.retry(tx, batch)
      if (kind !== 'resolve') throw new Error(`runs of schedules have no bulk ${kind}`)
      return changes.resolve(tx, batch, optionNote(options['note']))
    },

    restore: (tx: Database, by: By, ids: readonly string[], operationId: string): Promise<BulkChanged> =>
      changes.restore(tx, { ...by, ids }, operationId),
  }
}
