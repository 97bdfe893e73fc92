import type { FieldError, Text } from '../../platform/errors.ts'
import { CONTROLS_TEXT, fault, hasControls } from './faults.ts'
import { LIMITS } from './fields.ts'

export interface Attachment {
  filename: string
  contentType?: string
  /** Base64. */
  content: string
}

const NO_FILENAME: Text = {
  en: 'must be the name of a file, without a path',
  ko: '경로가 없는 파일 이름이어야 합니다.',
}
const NO_CONTENT_TYPE: Text = {
  en: 'is not a media type: write one such as application/pdf',
  ko: '미디어 유형이 아닙니다. application/pdf와 같이 써야 합니다.',
}
const NESTED_CONTENT_TYPE: Text = {
  en: 'must not be multipart/… or message/…, which are parts of the mail itself: use application/octet-stream',
  ko: '메일 자체의 구조인 multipart/…, message/…는 쓸 수 없습니다. application/octet-stream을 써야 합니다.',
}
const NO_BASE64: Text = {
  en: 'is not base64: A-Z a-z 0-9 + /, with = to fill up to a multiple of four, and no line breaks',
  ko: 'base64가 아닙니다. 줄바꿈 없이 A-Z a-z 0-9 + /만 쓰고, 길이가 4의 배수가 되도록 =로 채워야 합니다.',
}

const TOKEN = String.raw`[\w!#$&^.+-]+`
const CONTENT_TYPE = new RegExp(`^${TOKEN}/${TOKEN}(?:; ?${TOKEN}=(?:${TOKEN}|"[ !#-\\[\\]-~]*"))*$`, 'u')
const SEPARATOR = /[/\\]/
const NESTED = /^(?:multipart|message)\//i
/** Searched for, not matched against: to match ten million characters one by one fills the stack of the matcher. */
const NOT_BASE64 = /[^A-Za-z0-9+/]/

export const attachmentFaults = (attachments: readonly Attachment[]): FieldError[] => {
  const faults = attachments.flatMap((attachment, i) => faultsOf(attachment, `attachments[${i}]`))
  if (faults.length > 0) return faults
  const bytes = attachments.reduce((sum, { content }) => sum + decodedBytes(content), 0)
  return bytes > LIMITS.attachmentBytes ? [fault('attachments', tooLarge(bytes))] : []
}

/** Of base64 that is some, without decoding it. */
export const decodedBytes = (base64: string): number =>
  (base64.length / 4) * 3 - (base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0)

const faultsOf = ({ filename, contentType, content }: Attachment, path: string): FieldError[] => [
  ...filenameFaults(filename, `${path}.filename`),
  ...(contentType === undefined ? [] : contentTypeFaults(contentType, `${path}.contentType`)),
  ...(isBase64(content) ? [] : [fault(`${path}.content`, NO_BASE64)]),
]

const filenameFaults = (filename: string, path: string): FieldError[] => {
  if (hasControls(filename)) return [fault(path, CONTROLS_TEXT)]
  const isName = !SEPARATOR.test(filename) && filename !== '.' && filename !== '..' && filename.trim() !== ''
  return isName ? [] : [fault(path, NO_FILENAME)]
}

const contentTypeFaults = (contentType: string, path: string): FieldError[] => {
  if (hasControls(contentType)) return [fault(path, CONTROLS_TEXT)]
  if (NESTED.test(contentType)) return [fault(path, NESTED_CONTENT_TYPE, 'application/octet-stream')]
  return CONTENT_TYPE.test(contentType) ? [] : [fault(path, NO_CONTENT_TYPE)]
}

const isBase64 = (content: string): boolean => {
  const body = content.endsWith('==')
    ? content.slice(0, -2)
    : content.endsWith('=')
      ? content.slice(0, -1)
      : content
  return content.length % 4 === 0 && !NOT_BASE64.test(body)
}

const tooLarge = (bytes: number): Text => ({
  en: `may have ${LIMITS.attachmentBytes} bytes decoded in all, these have ${bytes}`,
  ko: `모두 합쳐 디코딩 기준 ${LIMITS.attachmentBytes}바이트까지 쓸 수 있습니다. 지금은 ${bytes}바이트입니다.`,
})
