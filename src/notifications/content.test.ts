import { Type } from 'typebox'
import { expect, test } from 'vitest'
import type { Channel } from '../channels/index.ts'
import { YeyakError } from '../platform/errors.ts'
import { contentFor } from './content.ts'

const channel = (more: Partial<Channel>): Channel => ({
  name: 'log',
  provider: 'log',
  to: null,
  content: { message: Type.String() },
  requiredContent: ['message'],
  send: async () => ({ kind: 'delivered' }),
  ...more,
})
const log = channel({})
const mail = channel({
  name: 'mail',
  to: 'one',
  content: { subject: Type.String(), text: Type.String() },
  requiredContent: ['subject'],
})
const FIELDS = ['message', 'subject', 'text']

const faults = (of: Channel, body: Record<string, unknown>): string[] => {
  try {
    contentFor(of, body, FIELDS)
  } catch (error) {
    if (error instanceof YeyakError) {
      expect(error.code).toBe('invalid-request')
      expect(error.fieldErrors.every((fault) => /[가-힣]/u.test(fault.message.ko))).toBe(true)
      return error.errors.map(({ path, message }) => `${path} ${message}`)
    }
    throw error
  }
  return []
}

test('the channel’s own content is taken, and nothing else of the body', () => {
  expect(contentFor(log, { message: ' ', priority: 5, tags: [] }, FIELDS)).toEqual({ message: ' ' })
  expect(contentFor(mail, { to: 'a@b.c', subject: 's', text: null }, FIELDS)).toEqual({ subject: 's' })
})

test('all that is missing and all that belongs elsewhere is named at once', () => {
  expect(faults(log, { to: 'x', subject: 's' })).toEqual([
    'subject is not a field of channel log, which has: message',
    'message is required on channel log',
    'to is not a field of channel log, which has: message',
  ])
  expect(faults(mail, { message: 'x' })).toEqual([
    'message is not a field of channel mail, which has: to, subject, text',
    'subject is required on channel mail',
    'to is required on channel mail',
  ])
  expect(faults(log, { message: null })).toEqual(['message is required on channel log'])
})

test('texts are measured in bytes of UTF-8, up to the very limit', () => {
  const limit = 256 * 1024
  expect(faults(log, { message: 'a'.repeat(limit) })).toEqual([])
  expect(faults(log, { message: '가'.repeat(limit / 3) })).toEqual([])
  expect(faults(log, { message: 'a'.repeat(limit + 1) })).toEqual([
    'message takes at most 262144 bytes of UTF-8, this has 262145',
  ])
  expect(faults(log, { message: '가'.repeat(Math.ceil(limit / 3)) })).toHaveLength(1)
})

test('metadata is measured as JSON', () => {
  const overhead = '{"a":""}'.length
  const metadata = (bytes: number) => ({ a: 'x'.repeat(bytes - overhead) })
  expect(faults(log, { message: 'm', metadata: metadata(16_384) })).toEqual([])
  expect(faults(log, { message: 'm', metadata: metadata(16_385) })).toEqual([
    'metadata takes at most 16384 bytes of UTF-8, this has 16385',
  ])
})
