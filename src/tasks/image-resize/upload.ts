import { createHash } from 'node:crypto'
import { type FieldError, YeyakError } from '../../platform/errors.ts'
import type { Refusal } from '../../platform/outgoing-http/index.ts'
import type { UploadedFile } from '../define.ts'
import { describeOther, formatOf } from './format.ts'
import { ALLOW_SETTING, UPLOAD } from './schema.ts'

const faultsOf = ({ bytes }: UploadedFile, { imageUrl }: Record<string, unknown>): FieldError[] => {
  const faults: FieldError[] = []
  if (formatOf(bytes) === null) {
    const { en, ko } = describeOther(bytes)
    faults.push({
      path: 'file',
      message: {
        en: `must be an image in JPEG, PNG, WebP or AVIF: ${en}`,
        ko: `JPEG, PNG, WebP 또는 AVIF 이미지여야 합니다. 받은 것은 ${ko}`,
      },
    })
  }
  if (imageUrl !== undefined && imageUrl !== null)
    faults.push({
      path: 'data.imageUrl',
      message: { en: 'cannot be given together with a file', ko: '파일과 함께 쓸 수 없습니다.' },
    })
  return faults
}

/** What is refused at once. What the header says is for the worker to read: only there is sharp loaded. */
export const checkUpload = async (
  file: UploadedFile,
  data: Record<string, unknown>,
): Promise<Record<string, unknown>> => {
  const errors = faultsOf(file, data)
  if (errors.length > 0) throw new YeyakError('invalid-request', { errors })
  // A part of `data`, so that an idempotency key is not taken for another image.
  return { ...data, imageUrl: `${UPLOAD}${createHash('sha256').update(file.bytes).digest('hex')}` }
}

/** No request can name a file of another one. @throws YeyakError `invalid-request` */
export const checkWithoutFile = ({ imageUrl }: Readonly<Record<string, unknown>>): void => {
  if (typeof imageUrl !== 'string' || !imageUrl.startsWith(UPLOAD)) return
  const message = {
    en: 'must be an http(s) URL: a file is sent in the part "file" of multipart/form-data, without imageUrl',
    ko: 'http(s) URL이어야 합니다. 파일은 imageUrl 없이 multipart/form-data의 file 파트로 보냅니다.',
  }
  throw new YeyakError('invalid-request', { errors: [{ path: 'imageUrl', message }] })
}

/**
 * What the URL itself says. What its name resolves to is judged when it is fetched.
 * @throws YeyakError `invalid-request` or `address-not-allowed`
 */
export const checkUrl = (imageUrl: string, judge: (url: string) => Refusal | null): void => {
  const refusal = imageUrl.startsWith(UPLOAD) ? null : judge(imageUrl)
  if (refusal === null) return
  const errors = [{ path: 'imageUrl', message: refusal.message }]
  throw refusal.code === 'invalid-url'
    ? new YeyakError('invalid-request', { errors })
    : new YeyakError('address-not-allowed', { errors, members: { setting: ALLOW_SETTING } })
}
