import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto'

/** Seals texts that the database keeps. `context` says where the text belongs: elsewhere it cannot be opened. */
export interface Encryption {
  seal(text: string, context: string): string
  /** @throws EncryptionError where its key is not there, or it is damaged or was sealed for another place */
  open(sealed: string, context: string): string
  /** Whether it was sealed with another key than the one that seals now. */
  needsRotation(sealed: string): boolean
}

/** A sealed text cannot be opened, or a key cannot be used. The message bears no secret. */
export class EncryptionError extends Error {
  override readonly name = 'EncryptionError'
}

/** What one batch came to. */
export interface Resealed {
  /** Where the next batch begins; null after the last one. */
  after: string | null
  /** Rows that have something secret. */
  found: number
  resealed: number
  /** Changed by somebody else meanwhile. */
  missed: number
  unreadable: { id: string; reason: string }[]
}

/** A table that holds sealed values. */
export interface SealedSource {
  name: string
  /** Seals one batch of rows, those after this one, with the first key. May be repeated. */
  reseal(after: string | null): Promise<Resealed>
}

/** Rows that have something secret, one after the other. `reseal` says whether it was written; null: there was nothing to do. */
export const resealRows = async <Row extends { id: string }>(
  rows: readonly Row[],
  reseal: (row: Row) => Promise<boolean | null>,
): Promise<Omit<Resealed, 'after'>> => {
  const done: Omit<Resealed, 'after'> = { found: rows.length, resealed: 0, missed: 0, unreadable: [] }
  for (const row of rows) {
    try {
      const isWritten = await reseal(row)
      if (isWritten !== null) done[isWritten ? 'resealed' : 'missed'] += 1
    } catch (error) {
      if (!(error instanceof EncryptionError)) throw error
      done.unreadable.push({ id: row.id, reason: error.message })
    }
  }
  return done
}

/** How the setting is called, for whoever has to say that it is missing. */
export const ENCRYPTION_SETTING = 'YEYAK_ENCRYPTION_KEY'

export const KEY_BYTES = 32
const VERSION = 'yk1'
const ALGORITHM = 'aes-256-gcm'
const IV_BYTES = 12
const TAG_BYTES = 16

interface Key {
  id: string
  bytes: Buffer
}

/** The key that a text in base64 (or base64url) is; null where it is none of 32 bytes. */
export const readKey = (text: string): Buffer | null => {
  const bare = text.trim().replace(/=+$/, '')
  const bytes = Buffer.from(bare, 'base64')
  // Node passes over what is no base64, so that a typo would make another key.
  const same = bytes.toString('base64url') === bare.replaceAll('+', '-').replaceAll('/', '_')
  return same && bytes.length === KEY_BYTES ? bytes : null
}

/** Tells keys apart without telling anything of them. */
export const keyId = (bytes: Buffer): string => hash('sha256', bytes, 'hex').slice(0, 8)

const keyOf = (text: string): Key => {
  const bytes = readKey(text)
  if (bytes === null)
    throw new EncryptionError(`an encryption key is not the base64 of ${KEY_BYTES} random bytes`)
  return { id: keyId(bytes), bytes }
}

const parse = (sealed: string) => {
  const [version, id, iv, body, ...rest] = sealed.split('.')
  if (version !== VERSION || id === undefined || iv === undefined || body === undefined || rest.length > 0)
    throw new EncryptionError('this is no sealed value')
  const bytes = Buffer.from(body, 'base64url')
  const ivBytes = Buffer.from(iv, 'base64url')
  if (ivBytes.length !== IV_BYTES || bytes.length < TAG_BYTES)
    throw new EncryptionError('the sealed value is cut short')
  return { id, iv: ivBytes, text: bytes.subarray(0, -TAG_BYTES), tag: bytes.subarray(-TAG_BYTES) }
}

/**
 * AES-256-GCM: `yk1.<key id>.<iv>.<ciphertext and tag>`, the last two in base64url. The version, the key id and the context
 * are authenticated, so that a sealed value cannot be moved to another row by somebody who can write to the database.
 * @param keys base64 of 32 bytes each: the first seals, all open
 * @throws EncryptionError where there is none, or one is not of that length
 */
export const createEncryption = (keys: readonly string[]): Encryption => {
  const ring = keys.map(keyOf)
  const [first] = ring
  if (first === undefined) throw new EncryptionError('there is no encryption key')
  const byId = new Map(ring.map((key) => [key.id, key.bytes]))
  const associated = (id: string, context: string) => Buffer.from(`${VERSION}.${id}.${context}`)
  return {
    seal(text, context) {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv(ALGORITHM, first.bytes, iv)
      cipher.setAAD(associated(first.id, context))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `${VERSION}.${first.id}.${iv.toString('base64url')}.${body.toString('base64url')}`
    },
    open(sealed, context) {
      const { id, iv, text, tag } = parse(sealed)
      const bytes = byId.get(id)
      if (bytes === undefined)
        throw new EncryptionError(
          `sealed with the key ${id}, which is not among those of ${ENCRYPTION_SETTING} (${[...byId.keys()].join(', ')})`,
        )
      const decipher = createDecipheriv(ALGORITHM, bytes, iv, { authTagLength: TAG_BYTES })
      decipher.setAAD(associated(id, context))
      decipher.setAuthTag(tag)
      try {
        return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8')
      } catch (cause) {
        throw new EncryptionError('the sealed value is damaged, or was sealed for another place', { cause })
      }
    },
    needsRotation: (sealed) => parse(sealed).id !== first.id,
  }
}
