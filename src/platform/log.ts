import { type DestinationStream, type Logger, pino } from 'pino'
import pretty from 'pino-pretty'

export type { Logger } from 'pino'

export interface LogOptions {
  format: 'pretty' | 'json'
  level: string
  /** Where the lines go; standard output where left out. */
  destination?: NodeJS.WritableStream
}

const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/gu

/** Control characters in a text from outside are written as escapes, so that one record stays one line. */
export const oneLine = (text: string): string =>
  text.replace(CONTROLS, (c) => {
    const short = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[c]
    return short ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`
  })

const HIDDEN = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'name'])

const errorText = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)

/** Fields come before the message, so that in this format too the line ends with the whole message. */
const prettyLine = (record: Record<string, unknown>, messageKey: string): string => {
  const fields = Object.entries(record)
    .filter(([key]) => !HIDDEN.has(key))
    .map(([key, value]) => `${key}=${key === 'err' ? errorText(value) : JSON.stringify(value)}`)
  const text = record[messageKey]
  const message = typeof text === 'string' ? text : ''
  return fields.length === 0 ? message : `${oneLine(`(${fields.join(' ')})`)} ${message}`
}

const prettyStream = (destination: NodeJS.WritableStream | undefined): DestinationStream =>
  pretty({
    destination: destination ?? 1,
    // Synchronous: a worker thread or a buffer would lose the last lines before an exit.
    sync: true,
    colorize: destination === undefined && process.stdout.isTTY,
    translateTime: 'SYS:HH:MM:ss.l',
    hideObject: true,
    messageFormat: prettyLine,
    ignore: 'pid,hostname',
  })

/** The driver hangs the whole connection on some errors: kilobytes, and the key that cancels its statements. */
const serializers = {
  err: (error: unknown) =>
    error instanceof Error ? { ...pino.stdSerializers.err(error), client: undefined } : error,
}

export const createLog = (o: LogOptions): Logger =>
  o.format === 'pretty'
    ? pino({ level: o.level, serializers }, prettyStream(o.destination))
    : pino(
        { level: o.level, base: null, serializers },
        o.destination ?? pino.destination({ dest: 1, sync: true }),
      )
