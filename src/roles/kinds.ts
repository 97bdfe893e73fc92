import type { ChannelRegistry } from '../channels/index.ts'
import type { Startable } from '../delivery/index.ts'
import {
  createEmbedded,
  createRecurring as createRecurringNotification,
  itemValidator,
} from '../notifications/index.ts'
import type {
  createPrepare,
  createRepository,
  createSchemas,
  createSecretFields,
} from '../notifications/index.ts'
import type { Tables } from '../platform/tables.ts'
import { type ContentTypes, createRecurring as createRecurringPublication } from '../publishing/index.ts'
import { createTaskStart, type Tasks } from '../tasks/index.ts'
import type { Timers } from '../timers/index.ts'

/** All that a recurring schedule can start, by the member of its body that says so. A further kind is one more entry. */
export const createKinds = (o: {
  tables: Tables
  channels: ChannelRegistry
  repository: ReturnType<typeof createRepository>
  secrets: ReturnType<typeof createSecretFields>
  schemas: ReturnType<typeof createSchemas>
  prepare: ReturnType<typeof createPrepare>
  timers: Pick<Timers, 'announce' | 'channel'>
  types: ContentTypes
  tasks: Tasks
}): ReadonlyMap<string, Startable> => {
  const { tables, channels, repository, secrets, schemas, prepare, timers, types, tasks } = o
  const validate = itemValidator(schemas)
  const embedded = createEmbedded({ tables, repository, timers, prepare, validate })
  const all = [
    createRecurringNotification({ tables, channels, repository, secrets, schemas, embedded }),
    createRecurringPublication('publish', { tables, types }),
    createRecurringPublication('unpublish', { tables, types }),
    createTaskStart({ tables, tasks, timers }),
  ]
  return new Map(all.map((startable) => [startable.kind, startable]))
}
