import type { Language, Text } from '../platform/errors.ts'
import { suggest } from '../platform/suggest.ts'
import {
  type Command,
  defineCommand,
  type Invocation,
  type Options,
  UsageError,
  type ValuesOf,
} from './command.ts'

interface Spec<Given, O extends Options = Options> {
  name: string
  /** What follows the name: `--name <name> [--json]`. */
  usage: string
  options: O
  /** The most positional arguments it takes, its own name not counted. */
  most: number
  run(invocation: Invocation<Given>): Promise<number | void>
}

/** One of the things that a command does: `create` of `yeyak keys create`. */
export type Subcommand = Spec<Invocation['values']>

export const defineSubcommand = <const O extends Options>(spec: Spec<ValuesOf<O>, O>): Subcommand => spec

const texts = {
  needed: {
    en: (command: string, names: string) => `${command} needs one of: ${names}`,
    ko: (command: string, names: string) => `${command} 다음에 하나를 써야 합니다: ${names}`,
  },
  unknown: {
    en: (command: string, name: string, near: string | undefined) =>
      `"${command} ${name}" is unknown${near === undefined ? '' : `, did you mean "${command} ${near}"?`}`,
    ko: (command: string, name: string, near: string | undefined) =>
      `알 수 없는 명령 "${command} ${name}"${near === undefined ? '' : `: "${command} ${near}"입니까?`}`,
  },
  foreign: {
    en: (command: string, option: string) => `"${command}" takes no --${option}`,
    ko: (command: string, option: string) => `"${command}"에는 --${option} 옵션이 없습니다`,
  },
  tooMany: {
    en: (command: string, got: string) => `"${command}" does not take: ${got}`,
    ko: (command: string, got: string) => `"${command}"에 남는 인자: ${got}`,
  },
}

const isGiven = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false

/** A command that does one of several things, named by the first argument. To add one, add it to `subcommands`. */
export const defineGroup = (spec: {
  name: string
  summary: Text
  details?: Text
  examples: readonly string[]
  subcommands: readonly Subcommand[]
}): Command => {
  const { name, subcommands } = spec
  const options: Options = Object.fromEntries(subcommands.flatMap((sub) => Object.entries(sub.options)))
  const names = subcommands.map((sub) => sub.name)

  const find = (wanted: string | undefined, language: Language): Subcommand => {
    if (wanted === undefined) throw new UsageError(texts.needed[language](name, names.join(', ')))
    const found = subcommands.find((sub) => sub.name === wanted)
    if (found === undefined)
      throw new UsageError(texts.unknown[language](name, wanted, suggest(wanted, names)))
    return found
  }

  return defineCommand({
    name,
    summary: spec.summary,
    usage: subcommands.map((sub) => `${sub.name}${sub.usage === '' ? '' : ` ${sub.usage}`}`),
    ...(spec.details !== undefined && { details: spec.details }),
    examples: spec.examples,
    options,
    most: 1 + Math.max(...subcommands.map((sub) => sub.most)),
    async run(invocation) {
      const { language, values } = invocation
      const [wanted, ...positionals] = invocation.positionals
      const sub = find(wanted, language)
      const full = `${name} ${sub.name}`
      if (positionals.length > sub.most)
        throw new UsageError(texts.tooMany[language](full, positionals.slice(sub.most).join(' ')))
      const foreign = Object.keys(options).find(
        (option) => !Object.hasOwn(sub.options, option) && isGiven(values[option]),
      )
      if (foreign !== undefined) throw new UsageError(texts.foreign[language](full, foreign))
      return sub.run({ ...invocation, positionals })
    },
  })
}
