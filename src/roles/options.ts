import type { Channel } from '../channels/index.ts'
import type { Config } from '../config.ts'
import type { Logger } from '../platform/log.ts'
import type { ContentType, ExternalOptions } from '../publishing/index.ts'

export interface Roles {
  api: boolean
  worker: boolean
}

export interface AppOptions {
  config: Config
  roles: Roles
  log: Logger
  /** Beside the built-in ones. */
  channels?: readonly Channel[]
  /** Beside `story`. */
  contentTypes?: readonly ContentType[]
  /** Rows in tables of the application's own, which go live by its own client. */
  external?: Pick<ExternalOptions, 'models' | 'transaction' | 'project'>
  /** Told of each step of a transaction that publishes; for tests, which break it there. */
  onPublishStep?: (step: string) => void
  /** Where the built dashboard is; beside the program where left out. */
  dashboardDirectory?: string
  /** Whether the start brings the tables to this version; it does where left out. */
  migrate?: boolean
}

export interface App {
  /** Resolves when it serves. Rejects with the reason, and leaves nothing running. */
  start(): Promise<void>
  /** Drains and ends everything, within `YEYAK_SHUTDOWN_SECONDS` where nothing else is said. Safe to call at any time, and again. */
  stop(timeoutSeconds?: number): Promise<void>
  /** Where the API listens; null without it. */
  readonly url: string | null
}
