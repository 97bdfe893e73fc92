import { ConfigError, loadConfig } from '../config.ts'
import type { Language } from '../platform/errors.ts'
import { version } from '../platform/version.ts'
import { parseArguments } from './arguments.ts'
import { RefusedError } from './client.ts'
import { type Command, CommandError, EXIT, type Place, UsageError } from './command.ts'
import { commands } from './commands.ts'
import { findCommand, helpOf, overview } from './help.ts'
import { languageOf } from './language.ts'
import type { Terminal } from './terminal.ts'

const readLanguage = (environment: Place['environment']): Language => {
  try {
    return languageOf(environment())
  } catch {
    // An .env that cannot be read is complained of where the settings are needed.
    return 'en'
  }
}

const seeHelp = (name: string, language: Language): string =>
  language === 'ko' ? `도움말: yeyak help ${name}` : `See: yeyak help ${name}`

/** Says why a command was not done, and returns its exit code. */
const explain = async (
  error: unknown,
  o: { command: Command; wantsJson: boolean; language: Language; terminal: Terminal },
): Promise<number> => {
  const { command, wantsJson, language, terminal } = o
  if (error instanceof UsageError) {
    terminal.complain(`${error.message}\n\n${seeHelp(command.name, language)}`)
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

const runCommand = async (
  command: Command,
  args: readonly string[],
  place: Place & { language: Language },
): Promise<number | void> => {
  const { language, terminal, cwd, environment } = place
  const config = () => loadConfig({ env: environment(), cwd, terminal: terminal.isInteractive })
  let wantsJson = false
  try {
    const { values, positionals, wantsHelp } = parseArguments(command, args, language)
    if (wantsHelp) {
      terminal.print(helpOf(command, language))
      return EXIT.done
    }
    wantsJson = values['json'] === true
    return await command.run({ ...place, values, positionals, config })
  } catch (error) {
    return explain(error, { command, wantsJson, language, terminal })
  }
}

/** `yeyak …`. Resolves with the exit code, or with nothing where the process goes on. */
export const runProgram = async (
  [first, ...rest]: readonly string[],
  place: Place,
): Promise<number | void> => {
  const { terminal } = place
  const language = readLanguage(place.environment)
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
  return runCommand(command, rest, { ...place, language })
}
