import type { ChannelRegistry } from '../channels/index.ts'
import {
  bulkCommon,
  type BulkFields,
  type BulkScope,
  type BulkWindow,
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
import type { Timers } from '../timers/index.ts'
import type { NotificationEdit } from './bulk-edit.ts'
import { filters, parseFilters } from './list-routes.ts'
import { type Patch, resolveTimes } from './prepare.ts'
import type { Repository } from './repository.ts'
import { createBulkRepository } from './repository-bulk.ts'
import { createBulkRestore } from './repository-bulk-restore.ts'
import type { Filters, ListSources } from './repository-list.ts'
import type { ToResource } from './resource.ts'
import { createResourceSchema, ResolveBody, type Schemas, TIME_PROBLEMS } from './schema.ts'
import type { SecretFields } from './secret-fields.ts'

export interface BulkOptions {
  db: Database
  clock: Clock
  repository: Repository
  sources: ListSources
  channels: ChannelRegistry
  timers: Timers
  schemas: Pick<Schemas, 'retry'>
  editing: NotificationEdit
  secrets: Pick<SecretFields, 'sealPatch' | 'openPatch'>
  toResource: ToResource
}

const kindsOf = ({ retry }: Pick<Schemas, 'retry'>) => ({
  cancel: {
    summary: 'Cancel all that match; a filter of groupKey alone reaches what is just being created, too',
    options: {},
    problems: [],
  },
  retry: {
    summary:
      'Try again all that match, as they are or edited, of those that have failed, expired or were canceled',
    options: retry.properties,
    problems: TIME_PROBLEMS,
  },
  resolve: {
    summary: 'Settle all that match by an operator’s word',
    options: ResolveBody.properties,
    problems: [],
  },
})

/** The key of the group, where the filter is that and nothing else. */
const groupOf = (filter: BulkFields): string | undefined => {
  const names = Object.keys(filter)
  return names.length === 1 && typeof filter['groupKey'] === 'string' ? filter['groupKey'] : undefined
}

/** Notifications, as bulk operations see them. */
export const createBulkSubject = (o: BulkOptions) => {
  const bulk = createBulkRepository(o.sources)
  const restoring = createBulkRestore(o.sources)

  const parse = (filter: BulkFields): Filters => filterOfBody(() => parseFilters(filter, o.channels.names))

  /** Without `sendAt` each is due when its turn comes: one that waits for its turn is not late. */
  const timesOf = async (given: BulkFields): Promise<BulkFields> => {
    const { dueAt, expiresAt, expiresGiven } = resolveTimes(given, await o.clock.now())
    const sendAt = given['sendAt'] ?? null
    return { sendAt, dueAt: sendAt === null ? null : dueAt, expiresAt, expiresGiven }
  }
  const look = createLook({ db: o.db, parse, matching: bulk, read: o.repository.listed })

  return {
    ...bulkCommon({ ...o, tables: o.sources.tables, parse, matching: bulk, alone: bulk.hasKey }),
    name: 'notifications',
    item: createResourceSchema(o.channels),
    filters,
    kinds: kindsOf(o.schemas),

    async prepare(
      { projectId }: By,
      kind: string,
      filter: BulkFields,
      given: BulkFields,
    ): Promise<BulkFields> {
      if (kind === 'retry') return { ...(await timesOf(given)), ...patchOptions(given, o.secrets.sealPatch) }
      if (kind === 'resolve') return { outcome: given['outcome'], note: given['note'] ?? null }
      const groupKey = groupOf(filter)
      if (groupKey === undefined) return { reason: 'request' }
      const closedAt = await bulk.closeGroup(o.db, projectId, groupKey)
      return { reason: 'group', groupKey, closedAt }
    },

    async preview(scope: BulkScope, limit: number, sample: number) {
      const { matched, rows } = await look(scope, limit, sample)
      const shown = await o.editing.preview(
        scope.projectId,
        rows,
        scope.options['patch'] as Patch | undefined,
      )
      return { ...shown, matched, sample: shown.sample.map((row) => o.toResource(row)) }
    },

    match({ projectId, filter, options }: BulkScope, { until, after, limit }: BulkWindow) {
      // What was created after its group was closed is another one's.
      const end = optionDate(options['closedAt']) ?? until
      return bulk.match(o.db, projectId, parse(filter), { until: end, after, limit })
    },

    chunk: editChunk,

    change(tx: Database, scope: BulkScope, ids: readonly string[], operationId: string | null) {
      const { projectId, actor, kind, options } = scope
      const batch = { projectId, actor, ids, filters: parse(scope.filter), operationId }
      if (kind === 'cancel')
        return bulk.cancel(tx, batch, options['reason'] === 'group' ? 'group' : 'request')
      if (kind === 'retry') {
        const { sendAt = null, dueAt, expiresAt, expiresGiven = null, patch } = options
        const to = { sendAt, dueAt: optionDate(dueAt), expiresAt: optionDate(expiresAt), expiresGiven }
        return patch === undefined
          ? bulk.retry(tx, batch, to)
          : o.editing.retry(tx, batch, o.secrets.openPatch(patch as Patch), to)
      }
      if (kind !== 'resolve') throw new Error(`notifications have no bulk ${kind}`)
      const { outcome, note } = options
      return bulk.resolve(tx, batch, {
        outcome: outcome === 'failed' ? 'failed' : 'delivered',
        note: optionNote(note),
      })
    },

    restore: restoring.restore,

    async lift({ projectId }: By, { groupKey, closedAt }: BulkFields): Promise<void> {
      const at = optionDate(closedAt)
      if (typeof groupKey === 'string' && at !== null) await bulk.reopenGroup(o.db, projectId, groupKey, at)
    },
  }
}
