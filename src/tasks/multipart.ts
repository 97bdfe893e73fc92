import { YeyakError } from '../platform/errors.ts'

export interface Part {
  name: string
  filename: string | null
  contentType: string
  bytes: Buffer
}

/** More than any call takes, each once. */
const MOST_PARTS = 16
const LONGEST_HEADERS = 8 * 1024
const LINE = '\r\n'

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

/**
 * The parts of multipart/form-data (RFC 7578), of a body that is there whole.
 * @throws YeyakError `invalid-request`
 */
export const readMultipart = (type: string, body: Buffer): Part[] => {
  const boundary = boundaryOf(type)
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
