import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Budget, DEFAULT_RETRY, judge, judgeCutOff, retryDelayMs, type RetryPolicy } from './policy.ts'

const budget = (more: Partial<Budget> = {}): Budget => ({
  retry: DEFAULT_RETRY,
  onUnknown: 'retry',
  failures: 0,
  ...more,
})
const reason = { code: 'http-503', message: 'not now' }
const early = () => 0

test.each([
  ['exponential', [60, 120, 240, 480, 960, 1920, 3600, 3600]],
  ['fixed', [60, 60, 60, 60]],
] as const)('the delays of %s backoff are those of the contract', (backoff, seconds) => {
  const retry = { ...DEFAULT_RETRY, backoff }
  expect(seconds.map((_, i) => retryDelayMs(retry, i + 1, early) / 1000)).toEqual(seconds)
})

test('a fixed delay is held to the maximum too', () => {
  const retry: RetryPolicy = { limit: 3, delaySeconds: 90, backoff: 'fixed', maxDelaySeconds: 30 }
  expect(retryDelayMs(retry, 1, early)).toBe(30_000)
})

test('listed delays are kept to in turn, with up to a tenth more, and the far side may only ask for later', () => {
  const retry: RetryPolicy = {
    ...DEFAULT_RETRY,
    limit: 3,
    maxDelaySeconds: 600,
    delaysSeconds: [5, 300, 400],
  }
  expect([1, 2, 3].map((failures) => retryDelayMs(retry, failures, early) / 1000)).toEqual([5, 300, 400])
  const delayMs = (afterMs: number) =>
    judge({ kind: 'retry', reason, afterMs }, budget({ retry })).delayMs ?? 0
  expect(delayMs(0)).toBeGreaterThanOrEqual(5_000)
  expect(delayMs(0)).toBeLessThanOrEqual(5_500)
  expect(delayMs(60_000)).toBe(60_000)
  expect(delayMs(6_000_000)).toBe(600_000)
  expect(judge({ kind: 'retry', reason }, budget({ retry, failures: 3 })).state).toBe('failed')
})

const policies = fc.record({
  limit: fc.integer({ min: 0, max: 100 }),
  delaySeconds: fc.double({ min: 0, max: 86_400, noNaN: true }),
  backoff: fc.constantFrom('fixed', 'exponential'),
  maxDelaySeconds: fc.double({ min: 0, max: 604_800, noNaN: true }),
})

test('a retry is never earlier than its policy says, and at most a tenth later', () => {
  fc.assert(
    fc.property(
      policies,
      fc.integer({ min: 1, max: 101 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (retry, failures, random) => {
        const base = retryDelayMs(retry, failures, early)
        const jittered = retryDelayMs(retry, failures, () => random)
        expect(Number.isFinite(base)).toBe(true)
        expect(base).toBeLessThanOrEqual(retry.maxDelaySeconds * 1000)
        expect(jittered).toBeGreaterThanOrEqual(base)
        expect(jittered).toBeLessThanOrEqual(base * 1.1)
      },
    ),
  )
})

test('the limit counts the tries after the first', () => {
  const verdicts = [0, 1, 2, 3].map((failures) => judge({ kind: 'retry', reason }, budget({ failures })))
  expect(verdicts.map((verdict) => verdict.state)).toEqual(['retrying', 'retrying', 'retrying', 'failed'])
  expect(verdicts.at(-1)).toEqual({
    attempt: 'failed',
    state: 'failed',
    reason: 'retries_exhausted',
    delayMs: null,
    counted: true,
  })
  const none = budget({ retry: { ...DEFAULT_RETRY, limit: 0 } })
  expect(judge({ kind: 'retry', reason }, none).state).toBe('failed')
})

test('the provider’s own delay wins, shorter or longer, up to the maximum', () => {
  const delay = (afterMs: number) => judge({ kind: 'retry', reason, afterMs }, budget()).delayMs
  expect(delay(1)).toBe(1)
  expect(delay(3_000_000)).toBe(3_000_000)
  expect(delay(7_200_000)).toBe(3_600_000)
  expect(delay(-5)).toBe(0)
})

test('a delay of the provider’s that is no number is none', () => {
  for (const afterMs of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const { delayMs } = judge({ kind: 'retry', reason, afterMs }, budget())
    expect(delayMs).toBeGreaterThanOrEqual(0)
    expect(delayMs).toBeLessThanOrEqual(3_600_000)
  }
})

test('a permanent refusal goes straight to the dead letters, whatever is left of the budget', () => {
  expect(judge({ kind: 'rejected', reason }, budget())).toMatchObject({
    attempt: 'rejected',
    state: 'failed',
    reason: 'rejected',
  })
})

test('an unknown outcome is tried again, or stops, as the sender has said', () => {
  expect(judge({ kind: 'unknown', reason }, budget())).toMatchObject({
    attempt: 'unknown',
    state: 'retrying',
  })
  expect(judge({ kind: 'unknown', reason }, budget({ onUnknown: 'stop' }))).toMatchObject({
    attempt: 'unknown',
    state: 'failed',
    reason: 'outcome_unknown',
  })
  expect(judge({ kind: 'unknown', reason }, budget({ failures: 3 }))).toMatchObject({
    attempt: 'unknown',
    state: 'failed',
    reason: 'retries_exhausted',
  })
})

test('a send that a shutdown cut off is tried again at once, and counts nothing', () => {
  expect(judgeCutOff(budget({ failures: 3 }))).toEqual({
    attempt: 'unknown',
    state: 'retrying',
    reason: null,
    delayMs: 0,
    counted: false,
  })
  expect(judgeCutOff(budget({ onUnknown: 'stop' }))).toMatchObject({
    state: 'failed',
    reason: 'outcome_unknown',
  })
})

test('what is delivered is delivered', () => {
  expect(judge({ kind: 'delivered' }, budget({ failures: 100 }))).toMatchObject({
    attempt: 'delivered',
    state: 'delivered',
    delayMs: null,
  })
})
