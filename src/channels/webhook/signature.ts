import { createHmac } from 'node:crypto'

/** The value of `webhook-signature` for one attempt; null where there is no secret. */
export type Sign = (id: string, timestampSeconds: number, body: Buffer) => string | null

const PREFIX = 'whsec_'
const KEY_BYTES = { least: 24, most: 64 } as const

const keyOf = (secret: string): Buffer => {
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : ''
  const key = Buffer.from(text, 'base64')
  const isBase64 = key.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '')
  if (!isBase64 || key.length < KEY_BYTES.least || key.length > KEY_BYTES.most)
    throw new Error(
      `YEYAK_WEBHOOK_SECRET: a secret is ${PREFIX} and the base64 of ${KEY_BYTES.least} to ${KEY_BYTES.most} bytes; one that was given is not`,
    )
  return key
}

/**
 * Standard Webhooks, symmetric: HMAC-SHA256 of id, timestamp and body with each secret, so that receivers verify with the
 * old one or the new one while they change over.
 * @throws Error where a secret is none; it does not show it
 */
export const createSign = (secrets: readonly string[]): Sign => {
  const keys = secrets.map(keyOf)
  return (id, timestampSeconds, body) => {
    if (keys.length === 0) return null
    const signed = keys.map((key) =>
      createHmac('sha256', key).update(`${id}.${timestampSeconds}.`).update(body).digest('base64'),
    )
    return signed.map((signature) => `v1,${signature}`).join(' ')
  }
}
