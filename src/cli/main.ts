import { ConfigError, loadConfig, readEnvironment } from '../config.ts'
import type { Language } from '../platform/errors.ts'
import { version } from '../platform/version.ts'
import { parseArguments } from './arguments.ts'
import { RefusedError } from './client.ts'
import { type Command, CommandError, EXIT, UsageError } from './command.ts'
import { commands } from './commands.ts'
import { findCommand, helpOf, overview } from './help.ts'
import { languageOf } from './language.ts'
import { createTerminal } from './terminal.ts'

const terminal = createTerminal()

const readLanguage = (): Language => {
  try {
    return languageOf(readEnvironment(process.cwd()))
  } catch {
    // An .env that cannot be read is complained of where the settings are needed.
    return 'en'
  }
}

const language = readLanguage()

const readConfig = () => loadConfig({ env: readEnvironment(process.cwd()), cwd: process.cwd() })

const seeHelp = (name: string): string =>
  language === 'ko' ? `도움말: yeyak help ${name}` : `See: yeyak help ${name}`

/** Says why a command was not done, and returns its exit code. */
const explain = async (command: Command, error: unknown, wantsJson: boolean): Promise<number> => {
  if (error instanceof UsageError) {
    terminal.complain(`${error.message}\n\n${seeHelp(command.name)}`)
    return EXIT.usage
  }
  if (error instanceof ConfigError) {
    terminal.complain(error.message)
    return EXIT.usage
  }
  if (error instanceof RefusedError && wantsJson) terminal.print(JSON.stringify(error.body))
  if (error instanceof CommandError) terminal.complain(error.message)
  else {
    // Loaded here, as the driver comes with it: what only speaks HTTP starts without.
    const { describeError } = await import('../platform/database.ts')
    terminal.complain(describeError(error))
  }
  return EXIT.refused
}

const runCommand = async (command: Command, args: readonly string[]): Promise<number | void> => {
  let wantsJson = false
  try {
    const { values, positionals, wantsHelp } = parseArguments(command, args, language)
    if (wantsHelp) {
      terminal.print(helpOf(command, language))
      return EXIT.done
    }
    wantsJson = values['json'] === true
    return await command.run({ values, positionals, language, terminal, config: readConfig })
  } catch (error) {
    return explain(command, error, wantsJson)
  }
}

const main = async ([first, ...rest]: readonly string[]): Promise<number | void> => {
  if (first === '--help' || first === '-h') {
    terminal.print(overview(commands, language))
    return EXIT.done
  }
  if (first === '--version' || first === '-v') {
    terminal.print(version())
    return EXIT.done
  }
  if (first === undefined) {
    terminal.complain(overview(commands, language))
    return EXIT.usage
  }
  let command: Command
  try {
    command = findCommand(commands, first, language)
  } catch (error) {
    terminal.complain(
      `${error instanceof Error ? error.message : String(error)}\n\n${overview(commands, language)}`,
    )
    return EXIT.usage
  }
  return runCommand(command, rest)
}

const code = await main(process.argv.slice(2))
// Set, not ended by: what was printed goes out first. A server has no code yet, it goes on.
if (code !== undefined) process.exitCode = code
