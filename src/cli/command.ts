import type { Config } from '../config.ts'
import type { Logger } from '../platform/log.ts'

/** One command of the program. What it throws before it is up is a failed start. */
export interface Command {
  name: string
  summary: string
  run(o: { config: Config; log: Logger }): Promise<void>
}
