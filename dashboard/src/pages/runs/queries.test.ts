import { expect, test } from 'vitest'
import { nextLookMs } from './queries.ts'

const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString()

test('a run is looked at when it is due, now and then while it waits long, and never again once it has ended', () => {
  const dueAt = inMs(30_000)
  expect(nextLookMs(undefined)).toBe(false)
  expect(nextLookMs({ state: 'succeeded', nextAttemptAt: null, dueAt })).toBe(false)
  expect(nextLookMs({ state: 'scheduled', nextAttemptAt: inMs(86_400_000), dueAt })).toBe(60_000)
  const soon = nextLookMs({ state: 'retrying', nextAttemptAt: inMs(10_000), dueAt: inMs(-9_000) })
  expect(soon).toBeGreaterThan(9_000)
  expect(soon).toBeLessThanOrEqual(10_000)
  expect(nextLookMs({ state: 'queued', nextAttemptAt: null, dueAt: inMs(-9_000) })).toBe(2_000)
})
