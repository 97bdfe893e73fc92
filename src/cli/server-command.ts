import type { FromFile } from '../config-file.ts'
import type { Text } from '../platform/errors.ts'
import type { Logger } from '../platform/log.ts'
import { stopPretenuring } from '../platform/pretenuring.ts'
import { type Command, defineCommand, type Options, type ValuesOf } from './command.ts'

/**
 * A command that runs Yeyak itself: it speaks through the log, and what it throws before it is up is a failed start.
 * What it needs is loaded when it runs, so that the other commands do not wait for it.
 */
export const defineServerCommand = <const O extends Options = Options>(spec: {
  name: string
  summary: Text
  usage?: readonly string[]
  options?: O
  run(o: FromFile & { log: Logger; values: ValuesOf<O> }): Promise<void>
}): Command =>
  defineCommand({
    name: spec.name,
    summary: spec.summary,
    usage: spec.usage ?? [''],
    options: spec.options ?? ({} as O),
    most: 0,
    async run({ config: readConfig, cwd, values }) {
      stopPretenuring()
      const { createLog } = await import('../platform/log.ts')
      // Before the settings are read there is no log of their choosing: what is wrong with them goes out in the default form.
      const plain = createLog({ format: process.stdout.isTTY ? 'pretty' : 'json', level: 'info' })
      try {
        const { loadConfigFile } = await import('../config-file.ts')
        const declared = await loadConfigFile(cwd, readConfig())
        await spec.run({ ...declared, values, log: createLog(declared.config.log) })
      } catch (error) {
        const { describeError } = await import('../platform/database.ts')
        plain.fatal(`서버 시작 실패: ${describeError(error)}`)
        process.exit(1)
      }
    },
  })
