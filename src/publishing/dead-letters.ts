import { EXECUTION_CONCURRENCY } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { createDeadPublications, type DeadFilter, type DeadPublication } from './repository-dead-letters.ts'
import { RELEASE_LANE } from './repository-releases.ts'
import { type ContentTypes, laneOfType, subjectOf } from './types.ts'

const QUEUE = 'publishing'

/** One queue for people, however many lanes there are below it. */
export const publishingQueue = (types: ContentTypes, external: readonly string[] = []) => ({
  ...{ name: QUEUE, lane: RELEASE_LANE, concurrency: EXECUTION_CONCURRENCY },
  lanes: [...types.names.map(laneOfType), ...external],
})

const toDeadLetter = (p: DeadPublication) => ({
  ...{ kind: 'publication', id: p.id, queue: QUEUE, state: 'failed' as const, reason: p.reason },
  error: p.error === null ? null : { code: p.error.code, message: p.error.message },
  ...{ provider: null, to: null, tags: [], groupKey: null },
  title: `${p.action} ${subjectOf({ type: p.type, id: p.resourceId, locale: p.locale })}`,
  attemptCount: p.attemptNo,
  dueAt: p.dueAt.toISOString(),
  finishedAt: p.finishedAt.toISOString(),
  version: p.generation,
})

/** Failed publications, as the list of dead letters takes them. */
export const createPublicationDeadLetters = (o: { db: Database; tables: Tables; types: ContentTypes }) => {
  const repository = createDeadPublications(o.tables)
  return {
    kind: 'publication',
    queues: o.types.names.map((name) => ({ name: QUEUE, lane: laneOfType(name) })),

    async list(
      projectId: number,
      filter: DeadFilter,
      page: { descending: boolean; after: { key: string; id: string } | null; limit: number },
    ) {
      return (await repository.list(o.db, projectId, filter, page)).map(toDeadLetter)
    },

    async groups(
      projectId: number,
      filter: DeadFilter,
      by: 'error' | 'provider',
      limits: { counted: number; groups: number; sample: number },
    ) {
      const { groups, more } = await repository.groups(o.db, projectId, filter, by, limits)
      const ids = groups.flatMap((group) => group.ids)
      const rows = new Map((await repository.byIds(o.db, projectId, ids)).map((row) => [row.id, row]))
      return {
        groups: groups.map(({ key, count, ids: sample }) => ({
          key,
          count,
          sample: sample.flatMap((id) => rows.get(id) ?? []).map(toDeadLetter),
        })),
        more,
      }
    },
  }
}
