import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { createDeadRepository, type DeadFilter, type DeadRow } from './repository-dead.ts'
import { LANE } from './repository-event.ts'

const KIND = 'webhook'

const toDeadLetter = (row: DeadRow) => ({
  kind: KIND,
  id: row.id,
  queue: LANE,
  state: 'failed' as const,
  reason: row.reason,
  error: row.error,
  provider: 'webhook',
  // Its path and query are a password with many services, and who may see dead letters need not see endpoints.
  to: row.url === null ? null : new URL(row.url).origin,
  title: row.type,
  tags: [],
  groupKey: null,
  attemptCount: row.attemptNo,
  dueAt: row.dueAt.toISOString(),
  finishedAt: row.finishedAt.toISOString(),
  version: row.generation,
})

/** Deliveries that failed for good, as the list of dead letters takes them. They are sent again by `resend` of their endpoint. */
export const createDeadLetters = (db: Database, t: Tables) => {
  const repository = createDeadRepository(t)
  return {
    kind: KIND,
    queues: [{ name: LANE, lane: LANE }],

    async list(
      projectId: number,
      _filter: object,
      page: { descending: boolean; after: { key: string; id: string } | null; limit: number },
    ) {
      return (await repository.list(db, projectId, page)).map(toDeadLetter)
    },

    async groups(
      projectId: number,
      filter: DeadFilter,
      by: 'error' | 'provider',
      limits: { counted: number; groups: number; sample: number },
    ) {
      const { groups, more } = await repository.groups(db, projectId, filter, by, limits)
      const rows = await repository.byIds(
        db,
        projectId,
        groups.flatMap(({ ids }) => ids),
      )
      const byId = new Map(rows.map((row) => [row.id, row]))
      const sampleOf = (ids: readonly string[]) => ids.flatMap((id) => byId.get(id) ?? []).map(toDeadLetter)
      return { groups: groups.map(({ key, count, ids }) => ({ key, count, sample: sampleOf(ids) })), more }
    },
  }
}
