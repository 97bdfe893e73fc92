import { parseArgs } from 'node:util'
import type { Language } from '../platform/errors.ts'
import { suggest } from '../platform/suggest.ts'
import { type Command, type Invocation, type Option, type Options, UsageError } from './command.ts'

export interface Arguments extends Pick<Invocation, 'values' | 'positionals'> {
  wantsHelp: boolean
}

const HELP = {
  help: { type: 'boolean', short: 'h', doc: { en: 'this text', ko: '이 도움말' } },
} as const satisfies Options

const texts = {
  unknown: {
    en: (name: string, near: string | undefined) =>
      `Unknown option '${name}'${near === undefined ? '' : `, did you mean '${near}'?`}`,
    ko: (name: string, near: string | undefined) =>
      `알 수 없는 옵션 '${name}'${near === undefined ? '' : `: '${near}'을(를) 쓰려던 것입니까?`}`,
  },
  needsValue: {
    en: (name: string) => `'${name}' needs a value; one that begins with - is written ${name}=-…`,
    ko: (name: string) => `'${name}'에는 값이 필요합니다. -로 시작하는 값은 ${name}=-…로 씁니다`,
  },
  takesNone: {
    en: (name: string) => `'${name}' takes no value`,
    ko: (name: string) => `'${name}'에는 값을 줄 수 없습니다`,
  },
  twice: {
    en: (name: string) => `'${name}' was given twice`,
    ko: (name: string) => `'${name}'을(를) 두 번 썼습니다`,
  },
  tooMany: {
    en: (name: string, most: number, got: string) =>
      most === 0
        ? `"${name}" takes no arguments, got: ${got}`
        : `"${name}" takes at most ${most}, got also: ${got}`,
    ko: (name: string, most: number, got: string) =>
      most === 0
        ? `"${name}"에는 인자를 줄 수 없습니다: ${got}`
        : `"${name}"에는 인자를 ${most}개까지 줄 수 있습니다. 남는 인자: ${got}`,
  },
}

/** `-x` may be a forgotten value; a number below zero and the dash that stands for the input are values. */
const isOptionLike = (value: string): boolean => /^-[^\d]/u.test(value)

const valueOf = ({ type, multiple }: Option, found: readonly string[] | undefined) => {
  if (type === 'boolean') return found !== undefined
  return multiple === true ? (found ?? []) : found?.[0]
}

/**
 * What follows the command's name. Node's own strict mode is not used: its messages exist in English only, and suggest
 * nothing. Throws UsageError.
 */
export const parseArguments = (command: Command, args: readonly string[], language: Language): Arguments => {
  const options: Options = { ...command.options, ...HELP }
  const config = Object.fromEntries(
    Object.entries(options).map(([name, { type, short }]) => [
      name,
      { type, multiple: true as const, ...(short !== undefined && { short }) },
    ]),
  )
  const { tokens, positionals } = parseArgs({
    args: [...args],
    options: config,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const fail = (message: string): never => {
    throw new UsageError(message)
  }
  const given = new Map<string, string[]>()
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const { name, rawName, value, inlineValue } = token
    const option = Object.hasOwn(options, name) ? options[name] : undefined
    if (option === undefined) {
      const near = suggest(name, Object.keys(options))
      fail(texts.unknown[language](rawName, near === undefined ? undefined : `--${near}`))
    } else if (option.type === 'boolean') {
      if (inlineValue === true) fail(texts.takesNone[language](rawName))
      given.set(name, [])
    } else {
      if (value === undefined || (!inlineValue && isOptionLike(value)))
        fail(texts.needsValue[language](rawName))
      const before = given.get(name) ?? []
      if (before.length > 0 && option.multiple === undefined) fail(texts.twice[language](rawName))
      given.set(name, [...before, String(value)])
    }
  }
  const wantsHelp = given.has('help')
  if (!wantsHelp && positionals.length > command.most) {
    fail(texts.tooMany[language](command.name, command.most, positionals.slice(command.most).join(' ')))
  }
  const values = Object.fromEntries(
    Object.entries(command.options).map(([name, option]) => [name, valueOf(option, given.get(name))]),
  )
  return { values, positionals, wantsHelp }
}
