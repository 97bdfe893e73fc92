import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { keysIn, openEncryption } from './encryption-keys.ts'
import { createEncryption, EncryptionError, keyId, readKey } from './encryption.ts'

const newKey = () => randomBytes(32).toString('base64')
const [old, fresh] = [newKey(), newKey()]
const directory = mkdtempSync(path.join(tmpdir(), 'yeyak-encryption-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

test('what was sealed is opened in its place, and shows nothing of itself', () => {
  const encryption = createEncryption([old])
  for (const text of ['', 'x', 'Bearer 예약 😀', 'a'.repeat(100_000)]) {
    const sealed = encryption.seal(text, 'webhooks:1:secret')
    expect(sealed).toMatch(/^yk1\.[0-9a-f]{8}\.[\w-]{16}\.[\w-]{22,}$/)
    expect(encryption.open(sealed, 'webhooks:1:secret')).toBe(text)
    expect(encryption.needsRotation(sealed)).toBe(false)
  }
  // The same text twice looks like two texts.
  expect(encryption.seal('x', 'c')).not.toBe(encryption.seal('x', 'c'))
})

test('moved to another place, changed by one bit or cut short, it does not open', () => {
  const encryption = createEncryption([old])
  const sealed = encryption.seal('secret text', 'webhooks:1:secret')
  expect(() => encryption.open(sealed, 'webhooks:2:secret')).toThrow(EncryptionError)
  const [version, id, iv = '', body = ''] = sealed.split('.')
  const flipped = (text: string) => {
    const bytes = Buffer.from(text, 'base64url')
    bytes[0] = (bytes[0] ?? 0) ^ 1
    return bytes.toString('base64url')
  }
  for (const broken of [
    [version, id, flipped(iv), body],
    [version, id, iv, flipped(body)],
    [version, id, iv, body.slice(0, -4)],
    [version, id, iv, ''],
    [version, id, '', body],
    [version, id, iv],
    ['yk2', id, iv, body],
    ['plain text'],
  ])
    expect(() => encryption.open(broken.join('.'), 'webhooks:1:secret')).toThrow(EncryptionError)
})

test('of several keys the first seals and all open; one that is missing is named by its id', () => {
  const before = createEncryption([old])
  const sealed = before.seal('secret text', 'c')
  const both = createEncryption([fresh, old])
  expect(both.open(sealed, 'c')).toBe('secret text')
  expect(both.needsRotation(sealed)).toBe(true)
  const resealed = both.seal('secret text', 'c')
  expect(both.needsRotation(resealed)).toBe(false)
  const missing = keyId(readKey(fresh) ?? Buffer.alloc(0))
  expect(() => before.open(resealed, 'c')).toThrow(`sealed with the key ${missing}, which is not among`)
})

test('a key is 32 bytes of base64, and an error about one never shows it', () => {
  expect(readKey(randomBytes(32).toString('base64url'))).not.toBeNull()
  for (const bad of [
    '',
    'x',
    randomBytes(31).toString('base64'),
    randomBytes(33).toString('base64'),
    `${old}!`,
    `!${old}`,
  ]) {
    expect(readKey(bad)).toBeNull()
    expect(() => createEncryption([bad])).toThrow('is not the base64 of 32 random bytes')
  }
  expect(() => createEncryption([])).toThrow('there is no encryption key')
  expect(keysIn(` ${old},\n${fresh}\n`)).toEqual([old, fresh])
})

test('a key of its own is made once, for its owner alone, and is the same ever after', () => {
  const file = path.join(directory, 'encryption.key')
  const first = openEncryption({ kind: 'made', path: file })
  expect(existsSync(file)).toBe(false)
  first?.ready()
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const text = readFileSync(file, 'utf8')
  const sealed = first?.seal('secret text', 'c') ?? ''
  const second = openEncryption({ kind: 'made', path: file })
  expect(second?.open(sealed, 'c')).toBe('secret text')
  expect(readFileSync(file, 'utf8')).toBe(text)
  expect(readdirSync(directory)).toEqual(['encryption.key'])
  // A new key goes on top by hand.
  writeFileSync(file, `${fresh}\n${text}`)
  const third = openEncryption({ kind: 'made', path: file })
  expect([third?.open(sealed, 'c'), third?.needsRotation(sealed)]).toEqual(['secret text', true])
})

test('a key file that is empty or spoilt is never replaced: what was sealed would be lost', () => {
  const file = path.join(directory, 'spoilt.key')
  for (const text of ['', 'spoilt']) {
    writeFileSync(file, text)
    expect(() => openEncryption({ kind: 'made', path: file })?.ready()).toThrow('put it back from a backup')
    expect(readFileSync(file, 'utf8')).toBe(text)
  }
  chmodSync(file, 0o600)
  expect(() =>
    openEncryption({ kind: 'made', path: path.join(directory, 'none', 'a.key') })?.ready(),
  ).toThrow('cannot be written (ENOENT)')
})

test('without a key there is no encryption', () => {
  expect(openEncryption({ kind: 'none' })).toBeNull()
})
