import type { ChannelRegistry } from '../channels/index.ts'
import { createDeadLetterSource as createSource } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { laneOf } from './prepare.ts'
import { type DeadNotification, deadNotifications } from './repository-dead-letters.ts'
import { KIND } from './repository-insert.ts'

/** The queues of notifications, under the names of their channels. */
export const notificationQueues = (channels: ChannelRegistry, concurrencyOf: (channel: string) => number) =>
  channels.names.map((name) => ({ name, lane: laneOf(name), concurrency: concurrencyOf(name) }))

/** Failed notifications, as the list of dead letters takes them. */
export const createDeadLetterSource = (o: { db: Database; tables: Tables; channels: ChannelRegistry }) =>
  createSource({
    db: o.db,
    kind: KIND,
    queues: o.channels.names.map((name) => ({ name, lane: laneOf(name) })),
    table: deadNotifications(o.tables),
    show: ({ channel, recipient, provider, title, tags, groupKey }: DeadNotification) => ({
      ...{ queue: channel, to: recipient ?? null },
      ...{ provider, title, tags, groupKey },
    }),
  })
