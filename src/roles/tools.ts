import { createAccessTools, ROLES } from '../access/index.ts'
import { createBuiltInChannels, createRegistry } from '../channels/index.ts'
import type { Config } from '../config.ts'
import {
  createBulkReseal,
  createPrepare,
  createQueueImport,
  createRepository,
  createReseal,
  createSchemas,
  createSecretFields,
  type QueueImportOptions,
} from '../notifications/index.ts'
import { createClock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Encryption, SealedSource } from '../platform/encryption.ts'
import type { Logger } from '../platform/log.ts'
import { createTables } from '../platform/tables.ts'
import { registeredTypes } from '../publishing/index.ts'
import { createQueue } from '../queue/index.ts'
import { createReseal as createScheduleReseal } from '../schedules/index.ts'
import { createReseal as createWebhookReseal } from '../webhooks/index.ts'
import { createTasks } from '../tasks/index.ts'
import { createNotifier, createTimers } from '../timers/index.ts'
import { createKinds } from './kinds.ts'
import { PROJECT_ID } from './shared.ts'
import { version } from '../platform/version.ts'
import { whenBy } from './when.ts'

/** What `yeyak keys` and `yeyak users` do, on a database that is open and migrated. */
export const accessTools = (o: {
  db: Database
  tables: ReturnType<typeof createTables>
  command: string
}) => {
  const clock = createClock(o.db)
  return createAccessTools({ ...o, time: whenBy(clock) })
}
export { ROLES }

/** What `yeyak import` does, on a database that is open and migrated. */
export const queueImport = (o: Omit<QueueImportOptions, 'projectId'>) =>
  createQueueImport({ ...o, projectId: PROJECT_ID })

/** All that is sealed in a database, for `yeyak keys rotate-encryption`. */
export const sealedSources = (o: {
  config: Config
  db: Database
  encryption: Encryption
  log: Logger
}): SealedSource[] => {
  const { config, db, encryption, log } = o
  const tables = createTables(config.schema)
  const channels = createRegistry(createBuiltInChannels(config, { version: version(), log }))
  const queue = createQueue({ db, schema: config.queueSchema, log })
  const timers = createTimers({ db, tables, notifier: createNotifier(db, log), wakeOwn: () => false })
  const secrets = createSecretFields({ channels, encryption })
  const schemas = createSchemas(channels)
  const kinds = createKinds({
    ...{ tables, channels, timers, types: registeredTypes([]), tasks: createTasks([]), secrets, schemas },
    repository: createRepository({ tables, lanes: [], jobsTable: queue.jobsTable }),
    prepare: createPrepare({ channels, contentFields: schemas.contentFields, secrets }),
  })
  return [
    createReseal({ db, tables, channels, encryption }),
    createBulkReseal({ db, tables, channels, encryption }),
    createScheduleReseal({ db, tables, kinds }),
    createWebhookReseal({ db, tables, encryption }),
  ]
}

/** What `yeyak doctor` asks of the channels. */
export { checkSmtp } from '../channels/index.ts'

/** Throws where a channel's settings cannot be read, naming each; connects to nothing. */
export const checkChannels = ({ config, log }: { config: Config; log: Logger }): void =>
  void createBuiltInChannels(config, { version: version(), log })
