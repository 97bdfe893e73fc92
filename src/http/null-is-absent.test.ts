import { expect, test } from 'vitest'
import { withoutNulls } from './null-is-absent.ts'

test('null members are left out, at the top level only', () => {
  expect(withoutNulls({ a: null, b: 0, c: { d: null }, e: [null] })).toEqual({
    b: 0,
    c: { d: null },
    e: [null],
  })
})

test('what has none is handed back as it is', () => {
  for (const body of [{ a: 1 }, null, undefined, [null], 'text', 5]) expect(withoutNulls(body)).toBe(body)
})
