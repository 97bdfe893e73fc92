import type { Config, Environment } from '../config.ts'
import type { Language, Text } from '../platform/errors.ts'
import type { Terminal } from './terminal.ts'

export interface Option {
  type: 'boolean' | 'string'
  /** May be given several times; the values are a list then. */
  multiple?: true
  short?: string
  /** What stands for its value in the help, such as `<time>`. */
  value?: string
  doc: Text
}

export type Options = Readonly<Record<string, Option>>

/** What was given, by option: a text, a list of texts, or whether it is there at all. */
export type ValuesOf<O extends Options> = {
  readonly [Name in keyof O]: O[Name] extends { type: 'boolean' }
    ? boolean
    : O[Name] extends { multiple: true }
      ? readonly string[]
      : string | undefined
}

type Values = Readonly<Record<string, boolean | string | readonly string[] | undefined>>

/** Where a command runs: all that it has of its process. */
export interface Place {
  terminal: Terminal
  /** Whose files are read, and what relative paths are resolved against. */
  cwd: string
  /** Of the process and its `.env`. Throws where that cannot be read. */
  environment(): Environment
}

export interface Invocation<Given = Values> extends Place {
  values: Given
  positionals: readonly string[]
  language: Language
  /** Read at the first call: what needs no settings does not fail for wrong ones. */
  config(): Config
}

interface Spec<Given, O extends Options = Options> {
  name: string
  summary: Text
  /** What follows the command's name, one line a form. */
  usage: readonly string[]
  /** Whole sentences, for `yeyak help <command>`. */
  details?: Text
  examples?: readonly string[]
  options: O
  /** The most positional arguments it takes. */
  most: number
  /** Resolves with the exit code, or with nothing where the process goes on. */
  run(invocation: Invocation<Given>): Promise<number | void>
}

/** One command of the program, with all that help says of it. */
export type Command = Spec<Values>

export const defineCommand = <const O extends Options>(spec: Spec<ValuesOf<O>, O>): Command => spec

/** The command line itself is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** What was asked for was not done, for a reason that is said: exit code 1. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError'
}

export const EXIT = { done: 0, refused: 1, usage: 2 } as const

export const JSON_OPTION = {
  type: 'boolean',
  doc: { en: 'print JSON instead of text for people', ko: '사람이 읽는 글 대신 JSON을 출력합니다' },
} as const satisfies Option
