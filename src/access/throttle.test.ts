import { expect, test } from 'vitest'
import { createBackoff, createGuesses } from './throttle.ts'

const clock = () => {
  let nowMs = 1_000_000
  return { now: () => nowMs, pass: (seconds: number) => (nowMs += seconds * 1000) }
}

test('an address may send 20 wrong keys a minute', () => {
  const { now, pass } = clock()
  const guesses = createGuesses(now)
  for (let i = 0; i < 20; i += 1) {
    expect(guesses.waitSeconds('a')).toBe(0)
    guesses.failed('a')
  }
  expect([guesses.waitSeconds('a'), guesses.waitSeconds('b')]).toEqual([60, 0])
  pass(59)
  expect(guesses.waitSeconds('a')).toBe(1)
  pass(1)
  expect(guesses.waitSeconds('a')).toBe(0)
  guesses.failed('a')
  expect(guesses.waitSeconds('a')).toBe(0)
})

test('five wrong passwords are free, then each doubles the wait, up to 15 minutes', () => {
  const { now, pass } = clock()
  const backoff = createBackoff(now)
  const waits: number[] = []
  for (let i = 0; i < 18; i += 1) {
    backoff.began(['user', 'address'])
    waits.push(backoff.waitSeconds(['user']))
    pass(waits.at(-1) ?? 0)
  }
  expect(waits).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900])
  backoff.began(['user', 'address'])
  expect(backoff.waitSeconds(['other', 'address'])).toBe(900)
  expect(backoff.waitSeconds(['other'])).toBe(0)
  pass(3601)
  expect(backoff.waitSeconds(['user'])).toBe(0)
})

test('the right password clears the user, and takes one failure off his address', () => {
  const { now, pass } = clock()
  const backoff = createBackoff(now)
  for (let i = 0; i < 6; i += 1) backoff.began(['user', 'address'])
  pass(10)
  backoff.began(['user', 'address'])
  backoff.passed('user', 'address')
  expect(backoff.waitSeconds(['user', 'address'])).toBe(0)
  backoff.began(['user', 'address'])
  expect(backoff.waitSeconds(['user'])).toBe(0)
  expect(backoff.waitSeconds(['address'])).toBe(4)
})

test('a try that was none counts for nothing, and ten thousand others push the oldest out', () => {
  const { now } = clock()
  const backoff = createBackoff(now)
  for (let i = 0; i < 5; i += 1) backoff.began(['user'])
  backoff.gaveUp(['user'])
  expect(backoff.waitSeconds(['user'])).toBe(0)
  backoff.began(['user'])
  expect(backoff.waitSeconds(['user'])).toBe(1)
  for (let i = 0; i < 10_000; i += 1) backoff.began([`other ${i}`])
  expect(backoff.waitSeconds(['user'])).toBe(0)
})
