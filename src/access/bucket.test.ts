import { expect, test } from 'vitest'
import { createBucket, take } from './bucket.ts'

test('a minute’s requests at once, then one each time that one has come back', () => {
  const bucket = createBucket()
  for (let i = 0; i < 60; i += 1)
    expect(take(bucket, 60, 5_000)).toMatchObject({ isTaken: true, remaining: 59 - i, resetSeconds: i + 1 })
  expect(take(bucket, 60, 5_000)).toEqual({ isTaken: false, remaining: 0, resetSeconds: 60, retrySeconds: 1 })
  expect(take(bucket, 60, 5_999).isTaken).toBe(false)
  expect(take(bucket, 60, 6_000).isTaken).toBe(true)
  expect(take(bucket, 60, 6_000).isTaken).toBe(false)
  expect(take(bucket, 60, 600_000).remaining).toBe(59)
})

test('few a minute are waited for as long as they take', () => {
  const bucket = createBucket()
  expect(take(bucket, 1, 0)).toEqual({ isTaken: true, remaining: 0, resetSeconds: 60, retrySeconds: 0 })
  expect(take(bucket, 1, 1_000)).toEqual({ isTaken: false, remaining: 0, resetSeconds: 59, retrySeconds: 59 })
})

test('a limit that was changed counts from the next request on', () => {
  const bucket = createBucket()
  take(bucket, 1000, 0)
  expect(take(bucket, 10, 0).remaining).toBe(9)
})
