import { version } from '../platform/version.ts'
import { createPools } from '../boot/index.ts'
import { createBuiltInChannels, createRegistry } from '../channels/index.ts'
import type { Config as Settings } from '../config.ts'
import {
  createEmbedded,
  createPrepare,
  createRepository,
  createSchemas,
  createSecretFields,
  itemValidator,
  laneOf,
} from '../notifications/index.ts'
import type { By } from '../platform/actor.ts'
import { createClock } from '../platform/clock.ts'
import { openEncryption } from '../platform/encryption-keys.ts'
import type { ConnectionConfig } from '../platform/database.ts'
import type { Logger } from '../platform/log.ts'
import { createTables } from '../platform/tables.ts'
import {
  type ContentType,
  createExternal,
  type ExternalModels,
  type ExternalOptions,
  publishingLanes,
  registeredTypes,
} from '../publishing/index.ts'
import { createQueue } from '../queue/index.ts'
import { createEmbeddedTasks, createTasks, type DeclaredTask } from '../tasks/index.ts'
import { createNotifier, createTimers } from '../timers/index.ts'

/** The application is who acts: it knows its own users. */
export const APPLICATION: By['actor'] = { kind: 'application', id: null }

export type Core = ReturnType<typeof createCore>

/** What schedules and cancels, on a few connections of Yeyak's own. Nothing connects before the first call. */
export const createCore = (o: {
  settings: Settings
  connection: ConnectionConfig
  log: Logger
  models: ExternalModels
  content: readonly ContentType[]
  tasks: readonly DeclaredTask[]
  project: string
  transaction: ExternalOptions['transaction']
}) => {
  const { settings, log } = o
  const tables = createTables(settings.schema)
  const channels = createRegistry(createBuiltInChannels(settings, { version: version(), log }))
  const pools = createPools({
    connection: () => o.connection,
    applicationName: 'yeyak-library',
    databasePool: settings.databasePool,
    keepsSettings: () => false,
    onConnectionLost: (err) => log.warn({ err }, 'database: an idle connection was lost'),
  })
  const notifier = createNotifier(pools.fastDb, log)
  const timers = createTimers({ db: pools.db, tables, notifier, wakeOwn: () => false })
  const queue = createQueue({ db: pools.fastDb, schema: settings.queueSchema, log })
  const lanes = channels.names.map(laneOf)
  const repository = createRepository({
    tables,
    lanes,
    jobsTable: queue.jobsTable,
  })
  const schemas = createSchemas(channels)
  const secrets = createSecretFields({ channels, encryption: openEncryption(settings.encryption) })
  const notifications = createEmbedded({
    tables,
    repository,
    timers,
    prepare: createPrepare({ channels, contentFields: schemas.contentFields, secrets }),
    validate: itemValidator(schemas),
  })
  const external = createExternal({
    ...{ tables, models: o.models, project: o.project, transaction: o.transaction },
    ...{ db: pools.ingestDb, channel: timers.channel },
  })
  const tasks = createTasks(o.tasks)
  return {
    external,
    tasks: createEmbeddedTasks({ tables, tasks, timers }),
    timers,
    jobsTable: queue.jobsTable,
    lanes: [
      ...lanes,
      ...tasks.all.map(({ lane }) => lane),
      ...publishingLanes(registeredTypes(o.content, o.models), o.models),
    ],
    db: pools.ingestDb,
    clock: createClock(pools.ingestDb),
    tables,
    notifications,
    async close(): Promise<void> {
      await channels.close()
      await notifier.stop()
      await pools.end()
    },
  }
}
