import { spawnSync } from 'node:child_process'
import { isDeepStrictEqual } from 'node:util'

/** A command of the README, and what it says of the answer. */
export interface Step {
  command: string
  status: number
  answer: string
}

/** Commands are blocks of `sh` that hold a curl; the paragraph after one begins with the status, then comes the answer. */
const STEP =
  /^```sh\n((?:(?!^```)[^\n]*\n)*?[^\n]*\bcurl (?:(?!^```)[^\n]*\n)*)```\n+`(\d{3})`[^\n]*\n+```(?:json|text)\n([\s\S]*?)\n```$/gmu

export const stepsOf = (markdown: string): Step[] =>
  [...markdown.matchAll(STEP)].map(([, command = '', status, answer = '']) => ({
    command,
    status: Number(status),
    answer,
  }))

/** Fenced blocks, in order, each with its first line. */
export const blocksOf = (markdown: string): string[] =>
  [...markdown.matchAll(/^```[\s\S]*?^```$/gmu)].map(([block]) => block)

export const hasCurl = spawnSync('bash', ['-c', 'command -v curl']).status === 0

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/u
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/u
/** What is shown for a year of the tour's own choosing must be exactly so. */
const CHOSEN_YEAR = '2030'
const MEASURED = new Set(['waitMs', 'lateMs'])

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Where `actual` is not what is shown: paths and values. What is shown may leave members out; ids, instants, measured
 * milliseconds and texts with `…` stand for any of their kind.
 */
export const differences = (shown: unknown, actual: unknown, path = 'answer'): string[] => {
  if (isObject(shown)) {
    if (!isObject(actual)) return [`${path} is no object`]
    return Object.entries(shown).flatMap(([key, value]) =>
      MEASURED.has(key) && typeof value === 'number'
        ? typeof actual[key] === 'number' && actual[key] >= 0
          ? []
          : [`${path}.${key} is ${String(actual[key])}`]
        : differences(value, actual[key], `${path}.${key}`),
    )
  }
  if (Array.isArray(shown)) {
    if (!Array.isArray(actual) || actual.length !== shown.length)
      return [`${path} is ${JSON.stringify(actual)}`]
    return shown.flatMap((value, i) => differences(value, actual[i], `${path}[${i}]`))
  }
  return matches(shown, actual)
    ? []
    : [`${path} is ${JSON.stringify(actual)}, shown is ${JSON.stringify(shown)}`]
}

const matches = (shown: unknown, actual: unknown): boolean => {
  if (typeof shown !== 'string' || typeof actual !== 'string') return isDeepStrictEqual(shown, actual)
  if (UUID.test(shown)) return UUID.test(actual)
  if (INSTANT.test(shown) && !shown.startsWith(CHOSEN_YEAR)) return INSTANT.test(actual)
  const [start = '', end] = shown.split('…')
  return end === undefined ? shown === actual : actual.startsWith(start) && actual.endsWith(end)
}
