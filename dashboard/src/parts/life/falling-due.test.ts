import { expect, test } from 'vitest'
import { nextLookMs } from './falling-due.ts'

const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString()

test('what waits is looked at when it falls due and now and then before, and no more once it is known that it is due', () => {
  const dueAt = inMs(30_000)
  const now = Date.now()
  expect(nextLookMs(undefined, 0)).toBe(false)
  expect(nextLookMs({ state: 'scheduled', nextAttemptAt: inMs(86_400_000), dueAt }, now)).toBe(60_000)
  const soon = nextLookMs({ state: 'scheduled', nextAttemptAt: inMs(10_000), dueAt: inMs(-9_000) }, now)
  expect(soon).toBeGreaterThan(9_000)
  expect(soon).toBeLessThanOrEqual(10_000)
  const overdue = { state: 'scheduled' as const, nextAttemptAt: inMs(-9_000), dueAt }
  // Not looked at for a while, as behind another tab.
  expect(nextLookMs(overdue, now - 10_000)).toBe(1_000)
  // Its queue is paused.
  expect(nextLookMs(overdue, now)).toBe(false)
  for (const state of ['queued', 'retrying', 'running', 'succeeded'] as const)
    expect(nextLookMs({ state, nextAttemptAt: null, dueAt: inMs(-1) }, now)).toBe(false)
})
