import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { createEncryption, type Encryption, EncryptionError, KEY_BYTES, readKey } from './encryption.ts'

/** Where the keys come from. `made` is a file of ours, which is written where it is missing. */
export type KeySource =
  | { kind: 'none' }
  | { kind: 'given'; keys: readonly string[] }
  | { kind: 'made'; path: string }

/** The keys in a text: with commas, blanks or line ends between them. */
export const keysIn = (text: string): string[] => text.split(/[\s,]+/).filter((key) => key !== '')

const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown'

/**
 * Written elsewhere and linked into place: nobody reads half of a key, and of two processes that make one at the same time
 * both use the one that is there.
 */
const makeKeyFile = (path: string): void => {
  const part = `${path}.${process.pid}`
  try {
    const file = openSync(part, 'w', 0o600)
    try {
      writeSync(file, `${randomBytes(KEY_BYTES).toString('base64')}\n`)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    linkSync(part, path)
  } catch (error) {
    if (errorCode(error) !== 'EEXIST')
      throw new EncryptionError(`the encryption key ${path} cannot be written (${errorCode(error)})`, {
        cause: error,
      })
  } finally {
    rmSync(part, { force: true })
  }
}

const readKeyFile = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw new EncryptionError(`the encryption key ${path} cannot be read (${errorCode(error)})`, {
      cause: error,
    })
  }
}

const madeKeys = (path: string): string[] => {
  if (readKeyFile(path) === null) makeKeyFile(path)
  const keys = keysIn(readKeyFile(path) ?? '')
  if (keys.length === 0 || keys.some((key) => readKey(key) === null))
    throw new EncryptionError(
      `${path} holds no encryption keys, one a line, base64 of ${KEY_BYTES} bytes each: put it back from a backup. Without it what was sealed cannot be opened`,
    )
  return keys
}

/**
 * The encryption of a database; null where no key is configured. Touches no file before `ready` or the first use: the folder
 * of an embedded database is made by its start.
 */
export const openEncryption = (source: KeySource): (Encryption & { ready(): void }) | null => {
  if (source.kind === 'none') return null
  let made: Encryption | undefined
  const opened = (): Encryption =>
    (made ??= createEncryption(source.kind === 'given' ? source.keys : madeKeys(source.path)))
  return {
    seal: (text, context) => opened().seal(text, context),
    open: (sealed, context) => opened().open(sealed, context),
    needsRotation: (sealed) => opened().needsRotation(sealed),
    /** @throws EncryptionError where the keys cannot be read or made */
    ready: () => void opened(),
  }
}
