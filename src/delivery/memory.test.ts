import { expect, test } from 'vitest'
import { createMemory } from './memory.ts'

const entered = async (promise: Promise<unknown>): Promise<boolean> =>
  Promise.race([
    promise.then(() => true),
    new Promise<boolean>((resolve) => setImmediate(() => resolve(false))),
  ])

test('what does not fit waits until there is room, in the order in which it came', async () => {
  const memory = createMemory(10)
  const first = await memory.take(6)
  const second = memory.take(6)
  const third = memory.take(1)
  expect(await entered(second)).toBe(false)
  // It would fit, and does not overtake: else what is large might wait for ever.
  expect(await entered(third)).toBe(false)
  first()
  expect(await entered(second)).toBe(true)
  expect(await entered(third)).toBe(true)
})

test('what is larger than the whole is let in alone', async () => {
  const memory = createMemory(10)
  const small = await memory.take(1)
  const large = memory.take(100)
  expect(await entered(large)).toBe(false)
  small()
  const giveBack = await large
  const next = memory.take(1)
  expect(await entered(next)).toBe(false)
  giveBack()
  // Given back twice is given back once.
  giveBack()
  expect(await entered(next)).toBe(true)
  expect(await entered(memory.take(10))).toBe(false)
})
