import { expect, test } from 'vitest'
import { retryAfterMs } from './retry-after.ts'

const NOW = Date.parse('2026-12-01T00:00:00Z')

test.each([
  ['0', 0],
  ['120', 120_000],
  [' 7 ', 7_000],
  ['Tue, 01 Dec 2026 00:01:00 GMT', 60_000],
  ['Mon, 30 Nov 2026 23:59:00 GMT', 0],
  ['', null],
  ['-5', null],
  ['1.5', null],
  ['soon', null],
  ['2026-12-01', null],
  ['Tue, 99 Dec 2026 00:01:00 GMT', null],
])('%j means %s ms', (text, expected) => {
  expect(retryAfterMs(text, undefined, NOW)).toBe(expected)
})

test('a date counts from the date of the answer: the clocks may differ', () => {
  const hourAhead = 'Tue, 01 Dec 2026 01:00:00 GMT'
  expect(retryAfterMs('Tue, 01 Dec 2026 01:00:30 GMT', hourAhead, NOW)).toBe(30_000)
  expect(retryAfterMs('Tue, 01 Dec 2026 00:00:30 GMT', 'nonsense', NOW)).toBe(30_000)
  expect(retryAfterMs(undefined, hourAhead, NOW)).toBeNull()
})
