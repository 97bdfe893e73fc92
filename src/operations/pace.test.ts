import { expect, test } from 'vitest'
import { createPace } from './pace.ts'

test.each([0.5, 3, 40, 900, 100_000])('%d a second are not exceeded, whatever a step takes', (perSecond) => {
  let nowMs = 0
  const pace = createPace(perSecond, () => nowMs)
  let items = 0
  let steps = 0
  while (nowMs < 10_000) {
    nowMs += pace.waitMs()
    // The first step begins at once; all others have been waited for.
    expect(items).toBeLessThanOrEqual((perSecond * nowMs) / 1000 + 0.001)
    pace.took(pace.size)
    items += pace.size
    steps += 1
  }
  expect(items).toBeGreaterThanOrEqual(perSecond * 10 * 0.99)
  expect(steps).toBeGreaterThan(1)
})

test('a pause is not made up for by a burst', () => {
  let nowMs = 0
  const pace = createPace(4, () => nowMs)
  pace.took(1)
  nowMs = 60_000
  expect(pace.waitMs()).toBe(0)
  pace.took(1)
  expect(pace.waitMs()).toBe(250)
})

test('without a rate nothing waits', () => {
  const pace = createPace(null)
  pace.took(1000)
  expect([pace.size, pace.waitMs()]).toEqual([1000, 0])
})
