import { hash } from 'node:crypto'
import { readJson } from '../http/index.ts'
import { YeyakError } from '../platform/errors.ts'
import type { UploadedFile } from './define.ts'

/** A request in parts: what stood in `data`, and the file. */
export interface Parts {
  readonly isParts: true
  data: Record<string, unknown>
  file: UploadedFile
}

export const isParts = (body: unknown): body is Parts =>
  typeof body === 'object' && body !== null && Object.getPrototypeOf(body) === PARTS

/** No JSON can have it: who sends JSON cannot pass for one who sends parts. */
const PARTS = Object.freeze({ isParts: true })

/** What a request is compared by: the same file under the same key is the same request. */
export const identityOf = ({ data, file }: Parts): object => ({ data, file: hash('sha256', file.bytes) })

interface Part {
  name: string
  filename: string | null
  contentType: string
  bytes: Buffer
}

const LONGEST_NAME = 255
const MOST_PARTS = 8
const LONGEST_HEADERS = 8 * 1024
const LINE = '\r\n'

const refuse = (path: string, en: string, ko: string): YeyakError =>
  new YeyakError('invalid-request', { errors: [{ path, message: { en, ko } }] })

const unreadable = () =>
  new YeyakError('invalid-request', {
    detail: {
      en: 'The body is no multipart/form-data with a boundary, or it was cut off.',
      ko: '본문이 boundary가 있는 multipart/form-data가 아니거나 중간에 끊겼습니다.',
    },
  })

const boundaryOf = (type: string): string => {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/iu.exec(type) ?? []
  const boundary = quoted ?? plain
  if (boundary === undefined) throw unreadable()
  return boundary
}

/** As browsers write it: quotes and line ends within are percent-encoded. */
const parameterOf = (disposition: string, name: string): string | null => {
  const [, quoted, plain] =
    new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;"]+))`, 'iu').exec(disposition) ?? []
  return quoted?.replaceAll(/\\(.)/gu, '$1') ?? plain ?? null
}

const partOf = (bytes: Buffer): Part => {
  const end = bytes.indexOf(`${LINE}${LINE}`)
  if (end < 0 || end > LONGEST_HEADERS) throw unreadable()
  const headers = new Map(
    bytes
      .toString('utf8', 0, end)
      .split(LINE)
      .map((line): [string, string] => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]
      }),
  )
  const disposition = headers.get('content-disposition') ?? ''
  const name = parameterOf(disposition, 'name')
  if (!/^form-data\b/iu.test(disposition) || name === null) throw unreadable()
  return {
    name,
    filename: parameterOf(disposition, 'filename'),
    contentType: headers.get('content-type') ?? '',
    bytes: bytes.subarray(end + 4),
  }
}

/** Where the next delimiter begins: what only begins like one belongs to the part. */
const delimiterFrom = (body: Buffer, delimiter: Buffer, from: number): number => {
  let at = body.indexOf(delimiter, from)
  while (at >= 0) {
    const behind = body.toString('latin1', at + delimiter.length, at + delimiter.length + 2)
    if (behind === '--' || behind === LINE) return at
    at = body.indexOf(delimiter, at + 1)
  }
  return -1
}

/** RFC 7578, of a body that is there whole. */
const partsOf = (body: Buffer, boundary: string): Part[] => {
  const delimiter = Buffer.from(`${LINE}--${boundary}`)
  // The first delimiter may stand at the very beginning, without a line end of its own.
  const first = `--${boundary}`
  let at = body.subarray(0, first.length).equals(Buffer.from(first)) ? first.length : -1
  if (at < 0) {
    const found = delimiterFrom(body, delimiter, 0)
    if (found < 0) throw unreadable()
    at = found + delimiter.length
  }
  const parts: Part[] = []
  for (;;) {
    if (body.toString('latin1', at, at + 2) === '--') return parts
    const begin = body.indexOf(LINE, at)
    const end = begin < 0 ? -1 : delimiterFrom(body, delimiter, begin)
    if (end < 0 || parts.length === MOST_PARTS) throw unreadable()
    parts.push(partOf(body.subarray(begin + 2, end)))
    at = end + delimiter.length
  }
}

const cleaned = (text: string): string => text.slice(0, LONGEST_NAME).toWellFormed().replaceAll('\0', '')

/**
 * The parts `file` and `data` of a body whose room was counted before it came.
 * @throws YeyakError `invalid-request` naming each part that is missing, twice, or not one of them
 */
export const parseParts = (type: string, body: Buffer): Parts => {
  const parts = partsOf(body, boundaryOf(type))
  for (const [i, { name }] of parts.entries()) {
    if (name !== 'file' && name !== 'data')
      throw refuse(
        cleaned(name),
        'is not one of the parts: file, data',
        '알 수 없는 파트입니다. file과 data만 쓸 수 있습니다.',
      )
    if (parts.findIndex((other) => other.name === name) !== i)
      throw refuse(name, 'is there more than once', '같은 파트가 두 번 이상 있습니다.')
  }
  const file = parts.find(({ name }) => name === 'file')
  if (file?.filename === null || file?.filename === undefined)
    throw refuse('file', 'is required, as a part with a filename', 'filename이 있는 파트로 보내야 합니다.')
  const given = parts.find(({ name }) => name === 'data')
  const data = given === undefined ? {} : readJson(given.bytes)
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    throw refuse('data', 'must be a JSON object', 'JSON 객체여야 합니다.')
  return Object.assign(Object.create(PARTS) as Parts, {
    data,
    file: {
      bytes: file.bytes,
      filename: cleaned(file.filename),
      contentType: cleaned(file.contentType),
    },
  })
}
