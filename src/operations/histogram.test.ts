import { expect, test } from 'vitest'
import { addUp, BUCKETS, percentile, percentiles } from './histogram.ts'

const counts = (at: Record<number, number>) => Array.from({ length: BUCKETS }, (_, i) => at[i] ?? 0)

test('a percentile lies within its bucket, as if that were evenly filled', () => {
  // Of 5 to 10 ms, and of 10 to 15 ms.
  expect(percentile(counts({ 3: 50, 4: 50 }), 0.5)).toBe(10)
  expect(percentile(counts({ 3: 50, 4: 50 }), 0.25)).toBe(7.5)
  expect(percentile(counts({ 3: 50, 4: 50 }), 0.99)).toBe(14.9)
  expect(percentile(counts({ 0: 1 }), 0.99)).toBe(1)
})

test('of the last bucket only its lower bound is known, and of nothing nothing', () => {
  expect(percentile(counts({ [BUCKETS - 1]: 3 }), 0.5)).toBe(3_600_000)
  expect(percentiles(counts({}))).toEqual({ p50: null, p95: null, p99: null })
  expect(percentiles([])).toEqual({ p50: null, p95: null, p99: null })
})

test('several histograms add up, whatever their lengths', () => {
  expect(addUp([[1, 2], [3], []])).toEqual([4, 2])
})
