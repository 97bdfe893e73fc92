import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createBatcher } from './batcher.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** A flush that the test lets through batch by batch. */
const gated = () => {
  const batches: number[][] = []
  const gates: (() => void)[] = []
  return {
    batches,
    open: () => gates.shift()?.(),
    async flush(items: number[]): Promise<PromiseSettledResult<number>[]> {
      batches.push(items)
      await new Promise<void>((resolve) => gates.push(resolve))
      return items.map((item) => ({ status: 'fulfilled', value: item * 10 }))
    },
  }
}

const refusals = (promises: Promise<unknown>[]) =>
  Promise.allSettled(promises).then((results) => results.map((result) => result.status))

test('what arrives in one turn travels together, each with its own answer', async () => {
  const gate = gated()
  const batcher = createBatcher({ maxItems: 10, concurrency: 1, flush: gate.flush })
  const answers = Promise.all([batcher.add(1), batcher.add(2), batcher.add(3)])
  await turn()
  expect(gate.batches).toEqual([[1, 2, 3]])
  gate.open()
  expect(await answers).toEqual([10, 20, 30])
})

test('no more batches than the concurrency are under way, and the next ones grow meanwhile', async () => {
  const gate = gated()
  const batcher = createBatcher({ maxItems: 2, concurrency: 2, flush: gate.flush })
  const answers = [1, 2, 3, 4, 5, 6, 7].map((item) => batcher.add(item))
  await turn()
  expect(gate.batches).toEqual([
    [1, 2],
    [3, 4],
  ])
  expect(batcher.pending).toBe(3)
  gate.open()
  await turn()
  expect(gate.batches.at(-1)).toEqual([5, 6])
  for (let i = 0; i < 3; i += 1) {
    gate.open()
    await turn()
  }
  expect(await Promise.all(answers)).toEqual([10, 20, 30, 40, 50, 60, 70])
  expect(batcher.pending).toBe(0)
})

test('one that is refused fails alone; a batch that fails fails all of its own, and no other', async () => {
  const batcher = createBatcher<number, number>({
    maxItems: 3,
    concurrency: 1,
    async flush(items) {
      if (items.includes(6)) throw new Error('lost')
      return items.map((item) =>
        item === 2
          ? { status: 'rejected', reason: new Error('poison') }
          : { status: 'fulfilled', value: item },
      )
    },
  })
  const results = await Promise.allSettled([1, 2, 3, 4, 5, 6, 7].map((item) => batcher.add(item)))
  expect(results.map((r) => (r.status === 'fulfilled' ? r.value : (r.reason as Error).message))).toEqual([
    1,
    'poison',
    3,
    'lost',
    'lost',
    'lost',
    7,
  ])
})

test('a batch with fewer results than items leaves nobody without an answer', async () => {
  const batcher = createBatcher<number, number>({
    maxItems: 2,
    concurrency: 1,
    flush: async () => [{ status: 'fulfilled', value: 1 }],
  })
  const second = batcher.add(1).then(() => batcher.add(2))
  await expect(second).resolves.toBe(1)
  await expect(Promise.all([batcher.add(1), batcher.add(2)])).rejects.toThrow('fewer results')
})

test('more than may wait is refused at once; what waits already is still served', async () => {
  const gate = gated()
  const batcher = createBatcher({
    ...{ maxItems: 1, concurrency: 1, maxWaiting: 2 },
    onOverload: () => new Error('full'),
    flush: gate.flush,
  })
  const first = batcher.add(1)
  await turn()
  const waiting = [batcher.add(2), batcher.add(3)]
  await expect(batcher.add(4)).rejects.toThrow('full')
  for (let i = 0; i < 3; i += 1) {
    gate.open()
    await turn()
  }
  expect(await Promise.all([first, ...waiting])).toEqual([10, 20, 30])
})

test('what has waited too long is refused, is never sent, and the later ones go on waiting', async () => {
  const gate = gated()
  const batcher = createBatcher({
    ...{ maxItems: 1, concurrency: 1, maxWaitMs: 100 },
    onOverload: () => new Error('late'),
    flush: gate.flush,
  })
  const first = batcher.add(1)
  await turn()
  const late = batcher.add(2)
  await turn()
  await vi.advanceTimersByTimeAsync(60)
  const inTime = batcher.add(3)
  await turn()
  const settled = refusals([late])
  await vi.advanceTimersByTimeAsync(60)
  expect(await settled).toEqual(['rejected'])
  expect(batcher.pending).toBe(1)
  gate.open()
  await turn()
  gate.open()
  expect(await Promise.all([first, inTime])).toEqual([10, 30])
  expect(gate.batches).toEqual([[1], [3]])
})

test('what is under way is not cut off by the limit on waiting', async () => {
  const gate = gated()
  const batcher = createBatcher({ maxItems: 1, concurrency: 1, maxWaitMs: 100, flush: gate.flush })
  const first = batcher.add(1)
  await turn()
  await vi.advanceTimersByTimeAsync(10_000)
  gate.open()
  expect(await first).toBe(10)
})

test('idle resolves when everything that was taken is answered', async () => {
  const gate = gated()
  const batcher = createBatcher({ maxItems: 1, concurrency: 1, flush: gate.flush })
  await batcher.idle()
  const answers = [batcher.add(1), batcher.add(2)]
  let idle = false
  const waiting = batcher.idle().then(() => {
    idle = true
  })
  await turn()
  gate.open()
  await turn()
  expect(idle).toBe(false)
  gate.open()
  await waiting
  expect(await Promise.all(answers)).toEqual([10, 20])
})
