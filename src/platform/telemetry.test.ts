import { expect, test } from 'vitest'
import { countAttempt, createTelemetry, DURATION_BOUNDS_SECONDS, observe } from './telemetry.ts'

test('a duration counts in the first bucket whose bound it does not exceed, and in the sum', () => {
  const { lateness } = createTelemetry().lane('log')
  for (const seconds of [0, 0.001, 0.0011, 3600, 3601]) observe(lateness, seconds)
  expect([...lateness.counts]).toEqual([2, 1, ...Array<number>(15).fill(0), 1, 1])
  expect(lateness.counts).toHaveLength(DURATION_BOUNDS_SECONDS.length + 1)
  expect(lateness.sumSeconds).toBeCloseTo(7201.0021)
})

test('what was put back before it was sent has no lateness and no duration', () => {
  const telemetry = createTelemetry()
  countAttempt(telemetry.lane('a'), 'interrupted', null)
  countAttempt(telemetry.lane('a'), 'delivered', { lateMs: 2, tookMs: 30 })
  const { outcomes, lateness, duration } = telemetry.lane('a')
  expect(Object.fromEntries(outcomes)).toEqual({ interrupted: 1, delivered: 1 })
  expect(lateness.sumSeconds).toBe(0.002)
  expect(duration.sumSeconds).toBe(0.03)
  expect([...telemetry.lanes.keys()]).toEqual(['a'])
})

test('counting an attempt costs less than half a microsecond', () => {
  const lane = createTelemetry().lane('a')
  const round = () => {
    const startedMs = performance.now()
    for (let i = 0; i < 200_000; i += 1) countAttempt(lane, 'delivered', { lateMs: i % 20, tookMs: i % 100 })
    return ((performance.now() - startedMs) * 1000) / 200_000
  }
  // The quickest of several: the machine may do other things meanwhile.
  expect(Math.min(...Array.from({ length: 10 }, round))).toBeLessThan(0.5)
})
