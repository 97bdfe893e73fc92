import type { Language, Text } from '../platform/errors.ts'
import { suggest } from '../platform/suggest.ts'
import { type Command, defineCommand, EXIT, type Option, UsageError } from './command.ts'
import { widthOf } from './width.ts'

const headings = {
  usage: { en: 'Usage', ko: '사용법' },
  options: { en: 'Options', ko: '옵션' },
  examples: { en: 'Examples', ko: '예' },
} as const satisfies Record<string, Text>

const closing: Text = {
  en: [
    '  --help     this text; yeyak help <command> says more of one',
    '  --version  the version',
    '',
    'Settings come from the environment and .env: see docs/configuration.md.',
  ].join('\n'),
  ko: [
    '  --help     이 도움말. 명령 하나는 yeyak help <명령>으로 봅니다',
    '  --version  버전',
    '',
    '설정은 환경 변수와 .env에서 읽습니다: docs/configuration.md',
  ].join('\n'),
}

/** All commands, a line each. */
export const overview = (commands: readonly Command[], language: Language): string =>
  [
    language === 'ko' ? '사용법: yeyak <명령>' : 'Usage: yeyak <command>',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(11)}${summary[language]}`),
    '',
    closing[language],
  ].join('\n')

const form = ([name, { short, value }]: [string, Option]): string =>
  `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`

const optionLines = (command: Command, language: Language): string[] => {
  const options = Object.entries(command.options)
  const width = Math.max(...options.map((option) => widthOf(form(option))))
  return options.map((option) => {
    const text = form(option)
    return `  ${text}${' '.repeat(width - widthOf(text) + 2)}${option[1].doc[language]}`
  })
}

/** One command: its forms, what it does, its options, examples. */
export const helpOf = (command: Command, language: Language): string => {
  const section = (heading: keyof typeof headings, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', `${headings[heading][language]}:`, ...lines]
  return [
    `yeyak ${command.name}: ${command.summary[language]}`,
    ...section(
      'usage',
      command.usage.map((text) => `  yeyak ${command.name}${text === '' ? '' : ` ${text}`}`),
    ),
    ...(command.details === undefined ? [] : ['', command.details[language]]),
    ...(Object.keys(command.options).length === 0 ? [] : section('options', optionLines(command, language))),
    ...section(
      'examples',
      (command.examples ?? []).map((text) => `  ${text}`),
    ),
  ].join('\n')
}

/** The command of that name. Throws UsageError with the one that was probably meant. */
export const findCommand = (commands: readonly Command[], name: string, language: Language): Command => {
  const command = commands.find((candidate) => candidate.name === name)
  if (command !== undefined) return command
  const near = suggest(
    name,
    commands.map((candidate) => candidate.name),
  )
  const found =
    near === undefined ? '' : language === 'ko' ? `: "${near}"입니까?` : `, did you mean "${near}"?`
  throw new UsageError(`${language === 'ko' ? '알 수 없는 명령' : 'unknown command'} "${name}"${found}`)
}

export const createHelpCommand = (commands: () => readonly Command[]): Command =>
  defineCommand({
    name: 'help',
    summary: { en: 'what a command does, and its options', ko: '명령의 설명과 옵션을 보여 줍니다' },
    usage: ['', '<command>'],
    options: {},
    most: 1,
    async run({ positionals: [name], language, terminal }) {
      const all = commands()
      terminal.print(
        name === undefined ? overview(all, language) : helpOf(findCommand(all, name, language), language),
      )
      return EXIT.done
    },
  })
