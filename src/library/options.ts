import { pino } from 'pino'
import type { ConnectionConfig } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import type { Logger } from '../platform/log.ts'
import { checkModels, type ContentType, type ExternalModels, fault, strangers } from '../publishing/index.ts'
import type { Declared } from '../schedules/index.ts'
import { type DeclaredTask, type DeclaredTasks, namedTasks } from '../tasks/index.ts'
import { type Client, clientOf } from './clients.ts'
import type { Config } from './surface.ts'

const NAMES = [
  'client',
  'database',
  'schema',
  'project',
  'models',
  'content',
  'schedules',
  'tasks',
  'logger',
  'onError',
] as const

/** Refuses options that there are not, before anything is opened: a misspelt one would do nothing in silence. */
export const checkNames = (given: object, names: readonly string[], where = ''): void => {
  const errors = strangers(given, names, where)
  if (errors.length > 0) throw new YeyakError('invalid-request', { errors })
}

export interface Options {
  client: Client | null
  connection: ConnectionConfig | null
  schema: string | null
  project: string
  models: ExternalModels
  content: readonly ContentType[]
  /** Null: the file says nothing of them. */
  schedules: Declared | null
  tasks: readonly DeclaredTask[]
  log: Logger
  onError(error: Error): void
}

const isLogger = (value: unknown): value is Logger =>
  typeof value === 'object' &&
  value !== null &&
  'info' in value &&
  typeof value.info === 'function' &&
  'child' in value

/** A pool of pg knows where it connects to; the other clients do not say. */
const connectionOf = (
  database: unknown,
  client: unknown,
  kind: Client['kind'] | undefined,
): ConnectionConfig | null => {
  if (typeof database === 'string') return { connectionString: database }
  if (typeof database === 'object' && database !== null) return { ...database }
  if (kind !== 'pg' || typeof client !== 'object' || client === null || !('options' in client)) return null
  const {
    connectionString,
    host,
    port,
    user,
    password,
    database: name,
    ssl,
  } = Object(client.options) as ConnectionConfig
  const given = { connectionString, host, port, user, password, database: name, ssl }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

const tasksOf = (given: DeclaredTasks | undefined): DeclaredTask[] => {
  try {
    return namedTasks(given ?? {})
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new YeyakError('invalid-request', { errors: [fault('tasks', why, why)] })
  }
}

/** @throws YeyakError `invalid-request` naming each option at fault */
export const readOptions = <C, M extends string, K extends string>(config: Config<C, M, K>): Options => {
  checkNames(config, NAMES)
  const client = config.client === undefined ? null : clientOf(config.client)
  if (config.logger !== undefined && !isLogger(config.logger))
    throw new YeyakError('invalid-request', {
      errors: [fault('logger', 'must be a pino logger', 'pino 로거여야 합니다.')],
    })
  // Each is called with the transaction that its own client has opened.
  const models = (config.models ?? {}) as ExternalModels
  checkModels(models)
  return {
    client,
    connection: connectionOf(config.database, config.client, client?.kind),
    schema: config.schema ?? null,
    project: config.project ?? 'default',
    models,
    content: config.content ?? [],
    schedules:
      config.schedules === undefined
        ? null
        : { project: config.project ?? 'default', schedules: { ...config.schedules } },
    tasks: tasksOf(config.tasks),
    log: config.logger ?? pino({ level: 'silent' }),
    onError: config.onError ?? (() => {}),
  }
}
