import { expect, test } from 'vitest'
import { latenessOf, median, slope } from './figures.ts'

test('of a hundred sends the p99 is the second latest, and the p50 the fiftieth', () => {
  const late = Array.from({ length: 100 }, (_, i) => 100 - i)
  expect(latenessOf(late)).toEqual({ count: 100, p50: 50, p99: 99, max: 100, early: 0 })
})

test('what begins before its time is counted as early', () => {
  expect(latenessOf([-0.1, 0, 3]).early).toBe(1)
})

test('a median of rounds is the middle one, or the mean of two', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([1, 9, 5, 6])).toBe(5.5)
  expect(median([7])).toBe(7)
})

test('the slope of a line is its slope', () => {
  expect(
    slope([
      [0, 10],
      [1, 12],
      [2, 14],
    ]),
  ).toBeCloseTo(2)
  expect(
    slope([
      [0, 5],
      [1, 5],
      [2, 5],
    ]),
  ).toBeCloseTo(0)
})
