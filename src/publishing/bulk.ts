import {
  type BulkChanged,
  bulkCommon,
  type BulkFields,
  type BulkScope,
  createLook,
  optionDate,
  optionNote,
} from '../delivery/index.ts'
import { filterOfBody } from '../http/index.ts'
import type { By } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import { type Database, inTransaction } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { resolveWhen, type Timers } from '../timers/index.ts'
import { createBulkChange, type RetryTo } from './bulk-change.ts'
import { WHEN_PROBLEMS } from './content-routes.ts'
import { filters, parseFilters, ResolveBody, RetryBody } from './publication-routes.ts'
import { LOCK_TIMEOUT } from './publication-service.ts'
import { PublicationSummary, toSummary } from './publication-resource.ts'
import { createBulkRepository } from './repository-bulk.ts'
import { createPublicationList } from './repository-publication-list.ts'
import type { ContentTypes } from './types.ts'

export interface BulkOptions {
  db: Database
  tables: Tables
  clock: Pick<Clock, 'now'>
  types: ContentTypes
  timers: Pick<Timers, 'wake'>
}

const kinds = {
  cancel: {
    summary: 'Cancel all that match; what a release has in store is the release’s',
    options: {},
    problems: [],
  },
  retry: {
    summary: 'Try again all that match, of those that have failed, were missed or canceled',
    options: RetryBody.properties,
    problems: WHEN_PROBLEMS,
  },
  resolve: {
    summary: 'Settle all that match by an operator’s word; the content stays as it is',
    options: ResolveBody.properties,
    problems: [],
  },
} as const

const retryTo = ({ publishAt = null, dueAt, revision }: BulkFields): RetryTo => ({
  ...{ publishAt, dueAt: optionDate(dueAt), revision: revision === 'draft' ? 'draft' : 'pinned' },
})

const parse = (filter: BulkFields) => filterOfBody(() => parseFilters(filter))

/** Publications, as bulk operations see them. */
export const createPublicationBulk = (o: BulkOptions) => {
  const repository = createBulkRepository(o.tables)
  const list = createPublicationList(o.tables)
  const change = createBulkChange(o)
  const look = createLook({ db: o.db, parse, matching: repository, read: list.byIds })

  return {
    ...bulkCommon({ ...o, parse, matching: repository, alone: repository.isExternal }),
    name: 'publications',
    item: PublicationSummary,
    filters,
    kinds,

    async prepare(_by: By, kind: string, _filter: BulkFields, given: BulkFields): Promise<BulkFields> {
      if (kind === 'resolve') return { outcome: given['outcome'], note: given['note'] ?? null }
      if (kind !== 'retry') return {}
      const { publishAt = null, revision = 'pinned' } = given
      if (publishAt === null) return { revision }
      const now = await o.clock.now()
      const dueAt = resolveWhen(publishAt, { path: 'publishAt', now, past: 'refuse' }).at
      return { publishAt, dueAt, revision }
    },

    async preview(scope: BulkScope, limit: number, sample: number) {
      const { projectId, actor, kind, filter, options } = scope
      const { matched, rows } = await look(scope, limit, sample)
      const found = { matched, sample: rows.map(toSummary) }
      if (kind !== 'retry') return found
      const ids = rows.map(({ id }) => id)
      const batch = { projectId, actor, ids, filters: parse(filter), operationId: null }
      // Under the locks that it would be decided by, for a moment.
      const refusals = await inTransaction(o.db, LOCK_TIMEOUT, (tx) =>
        change.refusals(tx, batch, retryTo(options)),
      )
      return { ...found, refusals }
    },

    change(
      tx: Database,
      { projectId, actor, kind, filter, options }: BulkScope,
      ids: readonly string[],
      operationId: string | null,
    ): Promise<BulkChanged> {
      const batch = { projectId, actor, ids, filters: parse(filter), operationId }
      if (kind === 'cancel') return change.cancel(tx, batch)
      if (kind === 'retry') return change.retry(tx, batch, retryTo(options))
      if (kind !== 'resolve') throw new Error(`publications have no bulk ${kind}`)
      const { outcome, note } = options
      return change.resolve(tx, batch, {
        outcome: outcome === 'failed' ? 'failed' : 'succeeded',
        note: optionNote(note),
      })
    },

    restore: change.restore,
  }
}
