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
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { resolveWhen, type Timers } from '../timers/index.ts'
import { WHEN_PROBLEMS } from './content-routes.ts'
import { createReleaseBulkChange } from './releases-bulk-change.ts'
import { filters, parseFilters } from './releases-list.ts'
import { ResolveBody, RetryBody, Summary, toSummary } from './releases-schema.ts'
import { createReleaseList } from './repository-release-list.ts'
import type { ContentTypes } from './types.ts'

export interface ReleaseBulkOptions {
  db: Database
  tables: Tables
  clock: Pick<Clock, 'now'>
  types: ContentTypes
  timers: Pick<Timers, 'wake'>
}

const kinds = {
  retry: {
    summary: 'Try again all that match, of those that have failed, were missed or canceled',
    options: RetryBody.properties,
    problems: WHEN_PROBLEMS,
  },
  resolve: {
    summary: 'Settle by an operator’s word all that match, of those that have failed or were missed',
    options: ResolveBody.properties,
    problems: [],
  },
} as const

const parse = (filter: BulkFields) => filterOfBody(() => parseFilters(filter))

/** Releases, as bulk operations see them. */
export const createReleaseBulk = (o: ReleaseBulkOptions) => {
  const releases = createReleaseList(o.tables)
  const change = createReleaseBulkChange(o)
  const look = createLook({ db: o.db, parse, matching: releases, read: releases.byIds })

  return {
    ...bulkCommon({ ...o, parse, matching: releases, alone: releases.isAlone }),
    ...{ name: 'releases', item: Summary, filters, kinds },

    async prepare(_by: By, kind: string, _filter: BulkFields, given: BulkFields): Promise<BulkFields> {
      if (kind === 'resolve') return { note: given['note'] ?? null }
      const { publishAt = null, maxLateSeconds = null } = given
      if (publishAt === null) return { publishAt, dueAt: null, maxLateSeconds }
      const now = await o.clock.now()
      const dueAt = resolveWhen(publishAt, { path: 'publishAt', now, past: 'refuse' }).at
      return { publishAt, dueAt, maxLateSeconds }
    },

    async preview(scope: BulkScope, limit: number, sample: number) {
      const { matched, rows } = await look(scope, limit, sample)
      return { matched, sample: rows.map(toSummary) }
    },

    change(
      tx: Database,
      { projectId, actor, kind, filter, options }: BulkScope,
      ids: readonly string[],
      operationId: string | null,
    ): Promise<BulkChanged> {
      const batch = { projectId, actor, ids, filters: parse(filter), operationId }
      if (kind === 'resolve') return change.resolve(tx, batch, optionNote(options['note']))
      if (kind !== 'retry') throw new Error(`releases have no bulk ${kind}`)
      const { publishAt = null, dueAt, maxLateSeconds } = options
      return change.retry(tx, batch, {
        ...{ publishAt, dueAt: optionDate(dueAt) },
        maxLateSeconds: typeof maxLateSeconds === 'number' ? maxLateSeconds : null,
      })
    },

    restore: change.restore,
  }
}
