import type { Outcome } from '../channels/index.ts'
import { YeyakError } from '../platform/errors.ts'
import { TaskFailure } from './define.ts'
import { LIMITS } from './limits.ts'

/** How a handler ended, as it can be told between threads. */
export type Ending =
  | { kind: 'returned'; value: unknown }
  | { kind: 'threw'; failure: Failure }
  | { kind: 'lost'; failure: Failure }

export interface Failure {
  code: string
  message: string
  isFinal: boolean
  afterMs?: number
  /** JSON; absent where nothing is to be kept. */
  result?: unknown
}

const LONGEST_MESSAGE = 2_000
const LONGEST_CODE = 100
/** PostgreSQL gives up some thousands further down. */
const DEEPEST = 200
const CODE = /^[a-z][a-z0-9-]*$/u

/** A member of whatever it is: getters may throw, and a proxy anything. */
const memberOf = (value: unknown, name: string): unknown => {
  try {
    return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
  } catch {
    return undefined
  }
}

const isA = (value: unknown, kind: typeof TaskFailure | typeof YeyakError, name: string): boolean => {
  try {
    // Of another copy of this package, which an application may well have, the name tells.
    return value instanceof kind || memberOf(value, 'name') === name
  } catch {
    return false
  }
}

const cut = (text: string, length = LONGEST_MESSAGE): string =>
  (text.length > length ? `${text.slice(0, length - 1)}…` : text).toWellFormed().replaceAll('\0', '')

/** The message that the handler gave it, and nothing else of what was thrown: headers, tokens and bodies hang on errors. */
const messageOf = (thrown: unknown): string => {
  if (typeof thrown === 'string') return thrown === '' ? 'the handler threw an empty text' : cut(thrown)
  const message = memberOf(thrown, 'message')
  if (typeof message === 'string' && message !== '') return cut(message)
  if (thrown === undefined || thrown === null) return `the handler threw ${String(thrown)}`
  return `the handler threw a value of type ${typeof thrown}, which has no message`
}

/** Whatever was thrown, as it is put on record. */
export const failureOf = (thrown: unknown): Failure => {
  const message = messageOf(thrown)
  if (isA(thrown, TaskFailure, 'TaskFailure')) {
    const [code, afterMs, result] = ['code', 'afterMs', 'result'].map((name) => memberOf(thrown, name))
    return {
      code: typeof code === 'string' && CODE.test(code) ? cut(code, LONGEST_CODE) : 'handler-error',
      ...{ message, isFinal: memberOf(thrown, 'isFinal') === true },
      ...(typeof afterMs === 'number' && Number.isFinite(afterMs) && { afterMs }),
      ...(result !== undefined && { result }),
    }
  }
  const isRejection = isA(thrown, YeyakError, 'YeyakError') && memberOf(thrown, 'code') === 'rejected'
  return isRejection
    ? { code: 'rejected', message, isFinal: true }
    : { code: 'handler-error', message, isFinal: false }
}

const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0')

/** What a value becomes in JSON, text by text: PostgreSQL stores neither NUL nor half a character. */
const storable = (_name: string, value: unknown): unknown => {
  if (typeof value === 'string') return isStorable(value) ? value : cut(value, value.length)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const names = Object.keys(value)
  return names.every(isStorable)
    ? value
    : Object.fromEntries(Object.entries(value).map(([name, member]) => [cut(name, name.length), member]))
}

const isDeep = (value: unknown, depth = 0): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (depth >= DEEPEST || Object.values(value).some((member) => isDeep(member, depth + 1)))

/** A result as JSON text; undefined where there is none; or why it cannot be kept. */
const jsonOf = (value: unknown): { json: string | undefined } | { fault: Failure } => {
  const fault = (code: string, message: string) => ({ fault: { code, message, isFinal: true } })
  try {
    const json = JSON.stringify(value, storable) as string | undefined
    if (json === undefined) return { json }
    const bytes = Buffer.byteLength(json)
    if (bytes > LIMITS.resultBytes)
      return fault(
        'result-too-large',
        `the handler returned ${bytes} bytes of JSON, of which at most ${LIMITS.resultBytes} are kept: keep it elsewhere, and return where it is`,
      )
    // What has become JSON has an end.
    if (isDeep(JSON.parse(json)))
      return fault('result-not-json', `the handler returned something nested deeper than ${DEEPEST} levels`)
    return { json }
  } catch (error) {
    return fault('result-not-json', `the handler returned what is no JSON: ${messageOf(error)}`)
  }
}

/** A failure as delivery judges it. */
export const outcomeOfFailure = ({ code, message, isFinal, afterMs, result }: Failure): Outcome => {
  const kept = result === undefined ? { json: undefined } : jsonOf(result)
  return {
    reason: { code, message },
    ...(isFinal ? { kind: 'rejected' } : { kind: 'retry', ...(afterMs !== undefined && { afterMs }) }),
    ...('json' in kept && kept.json !== undefined && { result: kept.json }),
  }
}

/** How a handler ended as delivery judges it. */
export const outcomeOf = (ending: Ending): Outcome => {
  if (ending.kind === 'lost')
    return { kind: 'unknown', reason: { code: ending.failure.code, message: ending.failure.message } }
  if (ending.kind === 'threw') return outcomeOfFailure(ending.failure)
  const kept = jsonOf(ending.value)
  if ('fault' in kept) return outcomeOfFailure(kept.fault)
  return { kind: 'delivered', ...(kept.json !== undefined && { result: kept.json }) }
}
