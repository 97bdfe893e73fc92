import { expect, test } from 'vitest'
import { suggest } from './suggest.ts'

const fields = ['sendAt', 'message', 'metadata', 'tags', 'expiresAt']

test('the nearest name is suggested', () => {
  expect(suggest('mesage', fields)).toBe('message')
  expect(suggest('tag', fields)).toBe('tags')
  expect(suggest('lgo', ['log', 'email'])).toBe('log')
  expect(suggest('metdata', fields)).toBe('metadata')
})

test('another habit of writing is the same name', () => {
  expect(suggest('send_at', fields)).toBe('sendAt')
  expect(suggest('SENDAT', fields)).toBe('sendAt')
  expect(suggest('expires-at', fields)).toBe('expiresAt')
})

test('nothing is suggested where nothing is near', () => {
  expect(suggest('colour', fields)).toBeUndefined()
  expect(suggest('x', fields)).toBeUndefined()
  expect(suggest('', fields)).toBeUndefined()
  expect(suggest('m'.repeat(100_000), fields)).toBeUndefined()
})
