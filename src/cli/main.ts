import { parseArgs } from 'node:util'
import { loadConfig, readEnvironment } from '../config.ts'
import { version } from '../app.ts'
import { describeError } from '../platform/database.ts'
import { createLog } from '../platform/log.ts'
import { suggest } from '../platform/suggest.ts'
import type { Command } from './command.ts'
import { migrateCommand } from './migrate.ts'
import { apiCommand, startCommand, workerCommand } from './run.ts'

const commands: readonly Command[] = [startCommand, apiCommand, workerCommand, migrateCommand]

const usage = (): string =>
  [
    'Usage: yeyak <command>',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(10)}${summary}`),
    '',
    '  --help     this text',
    '  --version  the version',
    '',
    'Settings come from the environment and .env: see docs/configuration.md.',
  ].join('\n')

const complain = (message: string): never => {
  process.stderr.write(`${message}\n`)
  return process.exit(2)
}

const parse = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean', short: 'v' } },
    })
  } catch (error) {
    return complain(`${describeError(error)}\n\n${usage()}`)
  }
}

const run = async (command: Command): Promise<void> => {
  // Before the settings are read there is no log of their choosing: what is wrong with them goes out in the default form.
  const plain = createLog({ format: process.stdout.isTTY ? 'pretty' : 'json', level: 'info' })
  try {
    const config = loadConfig({ env: readEnvironment(process.cwd()), cwd: process.cwd() })
    await command.run({ config, log: createLog(config.log) })
  } catch (error) {
    plain.fatal(`서버 시작 실패: ${describeError(error)}`)
    process.exit(1)
  }
}

const { values, positionals } = parse()
const [name, ...rest] = positionals
if (values.version === true) process.stdout.write(`${version()}\n`)
else if (values.help === true) process.stdout.write(`${usage()}\n`)
else {
  const command = commands.find((candidate) => candidate.name === name)
  const names = commands.map((candidate) => candidate.name)
  if (name === undefined) complain(usage())
  else if (command === undefined) {
    const near = suggest(name, names)
    complain(
      `unknown command "${name}"${near === undefined ? '' : `, did you mean "${near}"?`}\n\n${usage()}`,
    )
  } else if (rest.length > 0) complain(`"${name}" takes no arguments, got: ${rest.join(' ')}`)
  else await run(command)
}
