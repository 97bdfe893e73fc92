import type { Channel } from '../channels/index.ts'
import type { Config } from '../config.ts'
import type { Logger } from '../platform/log.ts'
import type { Declared } from '../schedules/index.ts'
import type { ContentType, ExternalOptions } from '../publishing/index.ts'
import type { DeclaredTask } from '../tasks/index.ts'

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
  /** Background tasks beside the built-in ones, and the file that declares them, which threads load by themselves. */
  tasks?: { declared: readonly DeclaredTask[]; file: string | null }
  /** Told of each step of a transaction that publishes; for tests, which break it there. */
  onPublishStep?: (step: string) => void
  /** The same of schedules. */
  onScheduleStep?: (step: string) => void
  /** Recurring schedules that are to be there. */
  schedules?: Declared
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
