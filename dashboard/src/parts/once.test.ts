import { expect, test } from 'vitest'
import { keyOf, newId } from './once.ts'

test('a draft as it is has one key, and another once anything in it was changed', () => {
  const id = newId()
  const body = { channel: 'log', message: 'Hello' }
  expect(keyOf(id, { ...body })).toBe(keyOf(id, body))
  expect(keyOf(id, { ...body, message: 'Hello!' })).not.toBe(keyOf(id, body))
  expect(keyOf(newId(), body)).not.toBe(keyOf(id, body))
})

test('the key is one that the API takes', () => {
  expect(keyOf(newId(), { message: '한글 😀'.repeat(1_000) })).toMatch(/^[\u0021-\u007e]{1,255}$/u)
})
