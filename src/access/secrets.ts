import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto'

const BYTES = 32
const HINT_LENGTH = 7

/** In hexadecimal. Of random secrets only: what people choose needs a slow hash. */
export const hashOf = (secret: string): string => hash('sha256', secret)

export const randomSecret = (): string => randomBytes(BYTES).toString('base64url')

export interface NewKey {
  /** Shown once, and kept nowhere. */
  key: string
  hash: string
  /** Its beginning, by which people tell keys apart. */
  hint: string
}

export const makeKey = (): NewKey => {
  const key = `yk_${randomSecret()}`
  return { key, hash: hashOf(key), hint: key.slice(0, HINT_LENGTH) }
}

/** Takes as long wherever the difference is. */
export const isSame = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** Follows from the session's secret, so that it need not be stored; nobody gets from it to the secret. */
export const csrfTokenOf = (sessionSecret: string): string =>
  createHmac('sha256', sessionSecret).update('yeyak csrf').digest('base64url')
