import { createHmac, randomBytes } from 'node:crypto'

/** The value of `webhook-signature` for one attempt; null where there is no secret. */
export type Sign = (id: string, timestampSeconds: number, body: Buffer) => string | null

const PREFIX = 'whsec_'
const KEY_BYTES = { least: 24, most: 64 } as const

/** The key that a secret stands for; null where it is none. */
export const secretKey = (secret: string): Buffer | null => {
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : ''
  const key = Buffer.from(text, 'base64')
  const isBase64 = key.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '')
  return isBase64 && key.length >= KEY_BYTES.least && key.length <= KEY_BYTES.most ? key : null
}

/** A new secret, of 32 random bytes. */
export const makeSecret = (): string => `${PREFIX}${randomBytes(32).toString('base64')}`

/**
 * Standard Webhooks, symmetric: HMAC-SHA256 of id, timestamp and body with each key, so that receivers verify with the
 * old one or the new one while they change over.
 */
export const signWith =
  (keys: readonly Buffer[]): Sign =>
  (id, timestampSeconds, body) => {
    if (keys.length === 0) return null
    const signed = keys.map((key) =>
      createHmac('sha256', key).update(`${id}.${timestampSeconds}.`).update(body).digest('base64'),
    )
    return signed.map((signature) => `v1,${signature}`).join(' ')
  }

/**
 * Signs with the secrets of the settings.
 * @throws Error where a secret is none; it does not show it
 */
export const createSign = (secrets: readonly string[]): Sign =>
  signWith(
    secrets.map((secret) => {
      const key = secretKey(secret)
      if (key !== null) return key
      throw new Error(
        `YEYAK_WEBHOOK_SECRET: a secret is ${PREFIX} and the base64 of ${KEY_BYTES.least} to ${KEY_BYTES.most} bytes; one that was given is not`,
      )
    }),
  )
