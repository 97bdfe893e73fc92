import { isUtf8 } from 'node:buffer'
import { hash } from 'node:crypto'
import { readJson, withoutNulls } from '../http/index.ts'
import { type FieldError, YeyakError } from '../platform/errors.ts'
import { faultsBelow } from '../platform/faults-below.ts'
import { suggest } from '../platform/suggest.ts'
import type { UploadedFile } from './define.ts'
import { type Part, readMultipart } from './multipart.ts'
import { ScheduleBody } from './schema.ts'

/** A request in parts: the file, and what a JSON body would have had. */
export interface Parts {
  readonly isParts: true
  fields: { data: Record<string, unknown>; [name: string]: unknown }
  file: UploadedFile
}

export const isParts = (body: unknown): body is Parts =>
  typeof body === 'object' && body !== null && Object.getPrototypeOf(body) === PARTS

/** No JSON can have it: who sends JSON cannot pass for one who sends parts. */
const PARTS = Object.freeze({ isParts: true })

/** What a request is compared by: the same file under the same key is the same request. */
export const identityOf = ({ fields, file }: Parts): object => ({
  ...fields,
  file: hash('sha256', file.bytes),
})

type Field = keyof ScheduleBody
/** Taken as they stand. */
const TEXTS: readonly string[] = ['dedupeKey', 'onDuplicate', 'groupKey'] satisfies Field[]
/** As they stand too, unless they are JSON objects. */
const TIMES: readonly string[] = ['runAt', 'expiresAt'] satisfies Field[]
const KNOWN = ['file', ...Object.keys(ScheduleBody.properties)]

const LONGEST_NAME = 255
/** Of all parts but the file. */
export const FIELDS_BYTES = 1024 * 1024

const cleaned = (text: string): string => text.slice(0, LONGEST_NAME).toWellFormed().replaceAll('\0', '')

const refuse = (path: string, en: string, ko: string, suggestion?: string): YeyakError => {
  const error: FieldError = { path, message: { en, ko }, ...(suggestion !== undefined && { suggestion }) }
  return new YeyakError('invalid-request', { errors: [error] })
}

const checkNames = (parts: readonly Part[]): void => {
  for (const [i, { name }] of parts.entries()) {
    if (!KNOWN.includes(name))
      throw refuse(
        cleaned(name),
        `is not one of the parts: ${KNOWN.join(', ')}`,
        `알 수 없는 파트입니다. 쓸 수 있는 파트: ${KNOWN.join(', ')}`,
        suggest(name, KNOWN),
      )
    if (parts.findIndex((other) => other.name === name) !== i)
      throw refuse(name, 'is there more than once', '같은 파트가 두 번 이상 있습니다.')
  }
}

/** The same fault, by the name of its part. */
const ofPart = (name: string, error: YeyakError): YeyakError => {
  const { code, detail, fieldErrors } = error
  const whole: FieldError = { path: '', message: { en: 'must be JSON', ko: 'JSON이어야 합니다.' } }
  const errors = faultsBelow(name, fieldErrors.length === 0 ? [whole] : fieldErrors)
  return new YeyakError(code, { detail, errors })
}

/** Of any part but the file. */
const valueOf = ({ name, bytes }: Part): unknown => {
  if (!isUtf8(bytes)) throw refuse(name, 'must be in UTF-8', 'UTF-8이어야 합니다.')
  const text = bytes.toString('utf8')
  const isText = TEXTS.includes(name) || (TIMES.includes(name) && !text.trimStart().startsWith('{'))
  try {
    return readJson(isText ? Buffer.from(JSON.stringify(text)) : bytes)
  } catch (error) {
    throw error instanceof YeyakError ? ofPart(name, error) : error
  }
}

/**
 * The parts of a body whose room was counted before it came: `file`, and the fields of the JSON body, each under its name.
 * @throws YeyakError naming each part that is missing, twice, not one of them, or cannot be read; `too-large`
 */
export const parseParts = (type: string, body: Buffer): Parts => {
  const parts = readMultipart(type, body)
  checkNames(parts)
  const file = parts.find(({ name }) => name === 'file')
  if (file?.filename === null || file?.filename === undefined)
    throw refuse('file', 'is required, as a part with a filename', 'filename이 있는 파트로 보내야 합니다.')
  const others = parts.filter((part) => part !== file)
  if (others.reduce((sum, { bytes }) => sum + bytes.length, 0) > FIELDS_BYTES)
    throw new YeyakError('too-large', { members: { limitBytes: FIELDS_BYTES } })
  const given = withoutNulls(Object.fromEntries(others.map((part) => [part.name, valueOf(part)])))
  const { data = {}, ...fields } = given as Record<string, unknown>
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    throw refuse('data', 'must be a JSON object', 'JSON 객체여야 합니다.')
  return Object.assign(Object.create(PARTS) as Parts, {
    fields: { data, ...fields },
    file: {
      bytes: file.bytes,
      filename: cleaned(file.filename),
      contentType: cleaned(file.contentType),
    },
  })
}
