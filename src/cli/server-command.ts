import type { Config } from '../config.ts'
import type { Text } from '../platform/errors.ts'
import type { Logger } from '../platform/log.ts'
import { type Command, defineCommand } from './command.ts'

/**
 * A command that runs Yeyak itself: it speaks through the log, and what it throws before it is up is a failed start.
 * What it needs is loaded when it runs, so that the other commands do not wait for it.
 */
export const defineServerCommand = (spec: {
  name: string
  summary: Text
  details?: Text
  run(o: { config: Config; log: Logger }): Promise<void>
}): Command =>
  defineCommand({
    name: spec.name,
    summary: spec.summary,
    usage: [''],
    ...(spec.details !== undefined && { details: spec.details }),
    options: {},
    most: 0,
    async run({ config: readConfig }) {
      const { createLog } = await import('../platform/log.ts')
      // Before the settings are read there is no log of their choosing: what is wrong with them goes out in the default form.
      const plain = createLog({ format: process.stdout.isTTY ? 'pretty' : 'json', level: 'info' })
      try {
        const config = readConfig()
        await spec.run({ config, log: createLog(config.log) })
      } catch (error) {
        const { describeError } = await import('../platform/database.ts')
        plain.fatal(`서버 시작 실패: ${describeError(error)}`)
        process.exit(1)
      }
    },
  })
