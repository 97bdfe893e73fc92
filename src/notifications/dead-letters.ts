import type { ChannelRegistry } from '../channels/index.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { KIND } from './repository-insert.ts'
import { createDeadLetterRepository, type DeadFilter, type DeadRow } from './repository-dead-letters.ts'
import { laneOf } from './prepare.ts'

const toDeadLetter = (row: DeadRow) => ({
  kind: KIND,
  id: row.id,
  queue: row.channel,
  state: 'failed' as const,
  reason: row.reason,
  error: row.error,
  provider: row.provider,
  to: row.recipient ?? null,
  title: row.title,
  tags: row.tags,
  groupKey: row.groupKey,
  attemptCount: row.attemptNo,
  dueAt: row.dueAt.toISOString(),
  finishedAt: row.finishedAt.toISOString(),
  version: row.generation,
})

/** The queues of notifications, under the names of their channels. */
export const notificationQueues = (channels: ChannelRegistry, concurrencyOf: (channel: string) => number) =>
  channels.names.map((name) => ({ name, lane: laneOf(name), concurrency: concurrencyOf(name) }))

/** Failed notifications, as the list of dead letters takes them. */
export const createDeadLetterSource = (o: { db: Database; tables: Tables; channels: ChannelRegistry }) => {
  const repository = createDeadLetterRepository(o.tables)
  return {
    kind: KIND,
    queues: o.channels.names.map((name) => ({ name, lane: laneOf(name) })),

    async list(
      projectId: number,
      filter: Pick<DeadFilter, 'lanes'>,
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
        // What was tried again meanwhile is no longer among them.
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
