import {
  bulkCommon,
  type BulkFields,
  type BulkScope,
  createLook,
  editChunk,
  optionDate,
  optionNote,
  patchOptions,
} from '../delivery/index.ts'
import { filterOfBody } from '../http/index.ts'
import type { By } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Timers } from '../timers/index.ts'
import type { RunEdit } from './bulk-edit.ts'
import { counted } from './counted.ts'
import { type Patch, resolveTimes } from './prepare.ts'
import { createBulkRepository } from './repository-bulk.ts'
import type { Change } from './repository-change.ts'
import type { Filters } from './repository-list.ts'
import type { Repository } from './repository.ts'
import { toResource } from './resource.ts'
import { filters, parseFilters } from './run-list.ts'
import { ResolveBody, RetryBody, RunSchema, TIME_PROBLEMS } from './schema.ts'

export interface BulkOptions {
  db: Database
  tables: Tables
  clock: Clock
  repository: Repository
  changes: Change
  editing: RunEdit
  timers: Timers
}

const kinds = {
  cancel: {
    summary: 'Cancel all that match; those that run are told to stop',
    options: {},
    problems: [],
  },
  retry: {
    summary:
      'Run again all that match, as they are or edited, of those that have failed, expired or were canceled',
    options: RetryBody.properties,
    problems: TIME_PROBLEMS,
  },
  resolve: {
    summary: 'Settle all that match by an operator’s word',
    options: ResolveBody.properties,
    problems: [],
  },
} as const

/** Runs, as bulk operations see them. */
export const createBulkSubject = (o: BulkOptions) => {
  const bulk = createBulkRepository(o.tables)

  const parse = (filter: BulkFields): Filters => filterOfBody(() => parseFilters(filter))
  const look = createLook({ db: o.db, parse, matching: bulk, read: o.repository.byIds })

  return {
    ...bulkCommon({ ...o, parse, matching: bulk, alone: bulk.hasKey }),
    ...{ name: 'runs', item: RunSchema, filters, kinds },

    /** Without `runAt` each is due when its turn comes: one that waits for its turn is not late. */
    async prepare(_by: By, kind: string, _filter: BulkFields, given: BulkFields): Promise<BulkFields> {
      if (kind === 'resolve') return { outcome: given['outcome'], note: given['note'] ?? null }
      if (kind !== 'retry') return {}
      const { dueAt, expiresAt } = resolveTimes(given, await o.clock.now())
      const runAt = given['runAt'] ?? null
      return { runAt, dueAt: runAt === null ? null : dueAt, expiresAt, ...patchOptions(given) }
    },

    async preview(scope: BulkScope, limit: number, sample: number) {
      const { matched, rows } = await look(scope, limit, sample)
      const shown = await o.editing.preview(
        scope.projectId,
        rows,
        scope.options['patch'] as Patch | undefined,
      )
      return { ...shown, matched, sample: shown.sample.map((row) => toResource(row)) }
    },

    chunk: editChunk,

    async change(tx: Database, scope: BulkScope, ids: readonly string[], operationId: string | null) {
      const { projectId, actor, kind, options } = scope
      const batch = { projectId, actor, ids, filters: parse(scope.filter), operationId }
      if (kind === 'cancel') return counted(tx, o.tables, await o.changes.cancel(tx, batch, 'request'), true)
      if (kind === 'retry') {
        const { runAt = null, dueAt, expiresAt, patch } = options
        const to = { runAt, dueAt: optionDate(dueAt), expiresAt: optionDate(expiresAt) }
        if (patch !== undefined) return o.editing.retry(tx, batch, patch as Patch, to)
        return counted(tx, o.tables, await o.changes.retry(tx, batch, to))
      }
      if (kind !== 'resolve') throw new Error(`runs have no bulk ${kind}`)
      const { outcome, note } = options
      return counted(
        tx,
        o.tables,
        await o.changes.resolve(tx, batch, {
          outcome: outcome === 'failed' ? 'failed' : 'succeeded',
          note: optionNote(note),
        }),
      )
    },

    restore: async (tx: Database, by: By, ids: readonly string[], operationId: string) =>
      counted(tx, o.tables, await o.changes.restore(tx, { ...by, ids }, operationId)),
  }
}
