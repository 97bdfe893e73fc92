import { hash as digest } from 'node:crypto'
import { stringify } from 'safe-stable-stringify'
import { YeyakError } from '../platform/errors.ts'
import { invalidParameter } from './filters.ts'

/** What `Idempotency-Key` says of a request. */
export interface Idempotency {
  key: string
  /** Of the body as parsed JSON, so that blanks and the order of members make no difference; in hexadecimal. */
  hash: string
}

const VISIBLE_ASCII = /^[!-~]{1,255}$/u

const MUST_BE_KEY = {
  en: 'must be 1 to 255 visible ASCII characters',
  ko: '보이는 ASCII 문자 1~255자여야 합니다.',
}

/** Null where the header is absent. Throws `invalid-parameter` where it is no key. */
export const idempotencyOf = (header: string | string[] | undefined, body: unknown): Idempotency | null => {
  if (header === undefined) return null
  if (typeof header !== 'string' || !VISIBLE_ASCII.test(header))
    throw invalidParameter('Idempotency-Key', MUST_BE_KEY)
  return {
    key: header,
    hash: digest('sha256', stringify(body) ?? ''),
  }
}

/** Throws `idempotency-key-reused` unless the request that came first was the same. */
export const checkSameRequest = ({ hash }: Idempotency, first: string): void => {
  if (hash !== first) throw new YeyakError('idempotency-key-reused')
}
