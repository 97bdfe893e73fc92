import { expect, test } from 'vitest'
import { createSemaphore, type Semaphore } from './semaphore.ts'

const NEVER = new AbortController().signal

const entered = async (promise: Promise<unknown>): Promise<boolean> =>
  Promise.race([
    promise.then((giveBack) => giveBack !== null),
    new Promise<boolean>((resolve) => setImmediate(() => resolve(false))),
  ])

const taken = async (semaphore: Semaphore, weight: number): Promise<() => void> => {
  const giveBack = await semaphore.take(weight, NEVER)
  if (giveBack === null) throw new Error('nothing was taken')
  return giveBack
}

test('what does not fit waits until there is room, in the order in which it came', async () => {
  const semaphore = createSemaphore(10)
  const first = await taken(semaphore, 6)
  const second = semaphore.take(6, NEVER)
  const third = semaphore.take(1, NEVER)
  expect(await entered(second)).toBe(false)
  // It would fit, and does not overtake: else what is large might wait for ever.
  expect(await entered(third)).toBe(false)
  first()
  expect(await entered(second)).toBe(true)
  expect(await entered(third)).toBe(true)
})

test('what is larger than the whole is let in alone', async () => {
  const semaphore = createSemaphore(10)
  const small = await taken(semaphore, 1)
  const large = taken(semaphore, 100)
  expect(await entered(large)).toBe(false)
  small()
  const giveBack = await large
  const next = semaphore.take(1, NEVER)
  expect(await entered(next)).toBe(false)
  giveBack()
  // Given back twice is given back once.
  giveBack()
  expect(await entered(next)).toBe(true)
  expect(await entered(semaphore.take(10, NEVER))).toBe(false)
})

test('who gives up gets nothing, takes nothing, and stands in nobody’s way', async () => {
  const semaphore = createSemaphore(10)
  const first = await taken(semaphore, 6)
  const giveUp = new AbortController()
  const large = semaphore.take(6, giveUp.signal)
  const small = semaphore.take(4, NEVER)
  expect(await entered(small)).toBe(false)
  giveUp.abort()
  expect(await large).toBeNull()
  expect(await entered(small)).toBe(true)
  expect(await semaphore.take(1, giveUp.signal)).toBeNull()
  first()
  expect(await entered(semaphore.take(6, NEVER))).toBe(true)
})
