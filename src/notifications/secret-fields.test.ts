import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Channel } from '../channels/index.ts'
import { createEncryption } from '../platform/encryption.ts'
import { createSecretFields, HIDDEN, withoutSecrets } from './secret-fields.ts'

const channel: Channel = {
  name: 'hook',
  provider: 'hook',
  to: 'one',
  content: {},
  requiredContent: [],
  secretFields: ['headers'],
  send: async () => ({ kind: 'delivered' }),
}
const { secretFields: _none, ...plain } = channel
const channels = { names: ['hook'], get: (name: string) => (name === 'hook' ? channel : { ...plain, name }) }
const encryption = createEncryption([randomBytes(32).toString('base64')])
const secrets = createSecretFields({ channels, encryption })
const content = { message: 'm', headers: { authorization: 'Bearer canary', 'x-a': '1' } }

test('the values are sealed, opened for the same notification only, and never shown', () => {
  const stored = secrets.seal(channel, 'a', content)
  expect(JSON.stringify(stored)).not.toContain('canary')
  expect(secrets.open(channel, 'a', stored)).toEqual({ content, secrets: ['Bearer canary', '1'] })
  expect(() => secrets.open(channel, 'b', stored)).toThrow('was sealed for another place')
  const shown = { message: 'm', headers: { authorization: HIDDEN, 'x-a': HIDDEN } }
  expect(secrets.hide('hook', stored)).toEqual(shown)
  expect(secrets.hide('hook', content)).toEqual(shown)
  expect(secrets.open(channel, 'b', secrets.move('hook', stored, 'a', 'b')).content).toEqual(content)
})

test('what still reads hidden is kept as it was stored; a new one of that text is taken as it is', () => {
  const stored = secrets.seal(channel, 'a', content)
  const given = { message: 'n', headers: { authorization: HIDDEN, 'x-a': '2', 'x-b': HIDDEN } }
  const edited = secrets.seal(channel, 'a', given, stored)
  expect(secrets.open(channel, 'a', edited).content).toEqual({
    message: 'n',
    headers: { authorization: 'Bearer canary', 'x-a': '2', 'x-b': HIDDEN },
  })
})

test('without a key they are stored as they are, and hidden all the same', () => {
  const open = createSecretFields({ channels, encryption: null })
  expect(open.seal(channel, 'a', content)).toEqual(content)
  expect(open.hide('hook', content)).toEqual({
    message: 'm',
    headers: { authorization: HIDDEN, 'x-a': HIDDEN },
  })
  expect(() => open.open(channel, 'a', secrets.seal(channel, 'a', content))).toThrow('YEYAK_ENCRYPTION_KEY')
})

test('a merge patch for many is sealed until it is applied, but for what it removes or keeps', () => {
  const patch = { message: 'n', headers: { authorization: 'Bearer new', 'x-a': null, 'x-b': HIDDEN } }
  const stored = secrets.sealPatch(patch)
  expect(JSON.stringify(stored)).not.toContain('Bearer')
  expect(stored['headers']).toMatchObject({ 'x-a': null, 'x-b': HIDDEN })
  expect(secrets.openPatch(stored)).toEqual(patch)
  expect(() => secrets.open(channel, 'a', stored)).toThrow('was sealed for another place')
})

test('contents without secrets are left alone: the very same object', () => {
  const without = { message: 'm' }
  expect(secrets.seal(channel, 'a', without)).toBe(without)
  expect(secrets.hide('hook', without)).toBe(without)
  expect(secrets.seal(channels.get('log'), 'a', content)).toBe(content)
})

test('an answer that echoes a secret is recorded without it', () => {
  const values = ['Bearer tok"en-123', 'abc']
  const outcome = withoutSecrets(
    {
      kind: 'retry',
      reason: { code: 'http-500', message: 'said tok"en-123' },
      statusCode: 500,
      answer: { response: '{"authorization":"Bearer tok\\"en-123","raw":"tok"en-123","x":"abc"}' },
    },
    values,
  )
  expect(JSON.stringify(outcome)).not.toContain('en-123')
  expect(outcome).toMatchObject({ kind: 'retry', statusCode: 500, reason: { message: 'said hidden' } })
})
