import { type FieldError, YeyakError } from '../../platform/errors.ts'
import { ALLOW_SETTING, type Refusal } from '../../platform/outgoing-http/index.ts'
import type { Draft } from '../channel.ts'
import { HEADER_LIMITS } from './fields.ts'

const MOST_URL_CHARACTERS = 2048

/** Ours, or the connection's: whoever sets one of these could forge a signature, or smuggle in a second request. */
const RESERVED =
  /^(host|connection|transfer-encoding|te|upgrade|keep-alive|expect|trailer|(content|webhook|proxy|yeyak)-.*)$/
const TOKEN = /^[!#$%&'*+.^_`|~\dA-Za-z-]{1,256}$/
const VISIBLE_LINE = /^[\x20-\x7e]*$/

const fault = (path: string, en: string, ko: string): FieldError => ({ path, message: { en, ko } })

const headerFault = (name: string, value: unknown): FieldError | null => {
  const path = `headers.${name}`
  if (!TOKEN.test(name))
    return fault(
      'headers',
      'has a name that is no header name: letters, digits and - are safe, 256 at most',
      '헤더 이름으로 쓸 수 없는 이름이 있습니다. 영문자, 숫자, -를 256자까지 쓸 수 있습니다.',
    )
  if (RESERVED.test(name.toLowerCase()))
    return fault(
      path,
      'is set by Yeyak itself and cannot be given',
      'Yeyak이 직접 설정하므로 지정할 수 없습니다.',
    )
  if (typeof value !== 'string') return fault(path, 'must be a string', '문자열이어야 합니다.')
  if (!VISIBLE_LINE.test(value))
    return fault(
      path,
      'must be one line of visible ASCII characters and blanks: encode anything else',
      '보이는 ASCII 문자와 공백으로 된 한 줄이어야 합니다. 그 밖의 문자는 인코딩해야 합니다.',
    )
  if (value.length > HEADER_LIMITS.valueBytes)
    return fault(
      path,
      `takes at most ${HEADER_LIMITS.valueBytes} bytes, this has ${value.length}`,
      `${HEADER_LIMITS.valueBytes}바이트까지 쓸 수 있습니다. 지금은 ${value.length}바이트입니다.`,
    )
  return null
}

const headerFaults = (headers: unknown): FieldError[] => {
  if (headers === undefined) return []
  const entries = Object.entries(typeof headers === 'object' && headers !== null ? headers : {})
  const faults = entries.map(([name, value]) => headerFault(name, value)).filter((found) => found !== null)
  const names = new Set(entries.map(([name]) => name.toLowerCase()))
  if (names.size < entries.length)
    faults.push(
      fault(
        'headers',
        'has the same name twice: case makes no difference',
        '같은 이름이 두 번 있습니다. 대소문자는 구별하지 않습니다.',
      ),
    )
  if (entries.length > HEADER_LIMITS.count)
    faults.push(
      fault(
        'headers',
        `takes at most ${HEADER_LIMITS.count} headers, this has ${entries.length}`,
        `헤더를 ${HEADER_LIMITS.count}개까지 쓸 수 있습니다. 지금은 ${entries.length}개입니다.`,
      ),
    )
  return faults
}

/** Why a URL may not be called: its form (`fault`), or that its address is not public (`refusal`). */
const judged = (
  path: string,
  url: unknown,
  judge: (url: string) => Refusal | null,
): { fault: FieldError | null; refusal: YeyakError | null } => {
  if (typeof url !== 'string')
    return { fault: fault(path, 'must be a URL', 'URL이어야 합니다.'), refusal: null }
  if (url.length > MOST_URL_CHARACTERS)
    return {
      fault: fault(
        path,
        `takes at most ${MOST_URL_CHARACTERS} characters`,
        `${MOST_URL_CHARACTERS}자까지 쓸 수 있습니다.`,
      ),
      refusal: null,
    }
  const found = judge(url)
  if (found === null) return { fault: null, refusal: null }
  const error: FieldError = { path, message: found.message }
  if (found.code === 'invalid-url') return { fault: error, refusal: null }
  const details = { errors: [error], members: { setting: ALLOW_SETTING } }
  return { fault: null, refusal: new YeyakError('address-not-allowed', details) }
}

/** @throws YeyakError `invalid-request` naming every faulty field, or `address-not-allowed` where only that is wrong */
export const checkDraft = ({ to, content }: Draft, judge: (url: string) => Refusal | null): void => {
  const faults = headerFaults(content['headers'])
  if (content['payload'] !== undefined && content['message'] !== undefined)
    faults.push(fault('message', 'cannot be given together with payload', 'payload와 함께 쓸 수 없습니다.'))
  const { fault: wrongUrl, refusal } = judged('to', to, judge)
  if (wrongUrl !== null) faults.push(wrongUrl)
  if (faults.length > 0) throw new YeyakError('invalid-request', { errors: faults })
  if (refusal !== null) throw refusal
}

/** @throws YeyakError `invalid-request` or `address-not-allowed`, naming the field `path` */
export const checkUrl = (path: string, url: string, judge: (url: string) => Refusal | null): void => {
  const { fault: wrongUrl, refusal } = judged(path, url, judge)
  if (wrongUrl !== null) throw new YeyakError('invalid-request', { errors: [wrongUrl] })
  if (refusal !== null) throw refusal
}
