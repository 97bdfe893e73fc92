import { expect, test } from 'vitest'
import { createMemory } from './memory.ts'

/** A far side that is asked by hand, on a clock that is set by hand. */
const setUp = () => {
  let nowMs = 0
  const questions: { keys: readonly string[]; answer(values: object): void; fail(): void }[] = []
  const memory = createMemory<string>({
    limit: 2,
    now: () => nowMs,
    read: (keys) => {
      const { promise, resolve, reject } = Promise.withResolvers<Map<string, string>>()
      questions.push({
        keys,
        answer: (values) => resolve(new Map(Object.entries(values))),
        fail: () => reject(new Error('away')),
      })
      return promise
    },
  })
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  const learn = async (key: string, value: string) => {
    const found = memory.find(key)
    await turn()
    questions.at(-1)?.answer({ [key]: value })
    await found
  }
  return {
    memory,
    questions,
    turn,
    learn,
    peek: (key: string) => memory.peek(key, nowMs),
    at: (ms: number) => (nowMs = ms),
  }
}

test('an answer is used at once for a second, and renewed in the second half of it', async () => {
  const { memory, questions, turn, learn, peek, at } = setUp()
  await learn('a', 'one')
  at(500)
  expect(peek('a')).toBe('one')
  await turn()
  expect(questions).toHaveLength(1)
  at(501)
  expect(peek('a')).toBe('one')
  expect(peek('a')).toBe('one')
  await turn()
  expect(questions).toHaveLength(2)
  at(700)
  questions[1]?.answer({ a: 'two' })
  await turn()
  // It was asked for at 501.
  at(1_501)
  expect(peek('a')).toBe('two')
  at(1_502)
  expect(peek('a')).toBeUndefined()
  expect(memory.has('a')).toBe(true)
})

test('those who ask in one turn ask together, and each key once', async () => {
  const { memory, questions, turn } = setUp()
  const all = Promise.all([memory.find('a'), memory.find('b'), memory.find('a')])
  await turn()
  expect(questions.map(({ keys }) => keys)).toEqual([['a', 'b']])
  questions[0]?.answer({ a: 'one' })
  expect(await all).toEqual(['one', null, 'one'])
})

test('what does not exist is not kept, and of what does only so much', async () => {
  const { memory, learn } = setUp()
  await learn('a', 'one')
  await learn('b', 'two')
  await learn('c', 'three')
  expect(['a', 'b', 'c', 'd'].map(memory.has)).toEqual([false, true, true, false])
})

test('where nothing answers, what was known is used; what was not is refused', async () => {
  const { memory, questions, turn, learn, at } = setUp()
  await learn('a', 'one')
  at(5_000)
  const [known, unknown] = [memory.find('a'), memory.find('b')]
  await turn()
  questions[1]?.fail()
  expect(await known).toBe('one')
  await expect(unknown).rejects.toThrow('away')
  // Nobody waits for the next answer, as long as none has come.
  expect(await memory.find('a')).toBe('one')
  await turn()
  questions[2]?.answer({})
  await turn()
  expect(memory.has('a')).toBe(false)
})

test('an answer that takes long is not waited for by who has an old one', async () => {
  const { memory, turn, learn, at } = setUp()
  await learn('a', 'one')
  at(1_001)
  const found = memory.find('a')
  await turn()
  expect(await found).toBe('one')
})

test('after a change everything is asked for again, also what was being asked for', async () => {
  const { memory, questions, turn, learn, peek } = setUp()
  await learn('a', 'one')
  const asked = memory.find('b')
  await turn()
  memory.forget()
  questions[1]?.answer({ b: 'before' })
  await turn()
  questions[2]?.answer({ b: 'after' })
  expect(await asked).toBe('after')
  expect(peek('a')).toBeUndefined()
  const again = memory.find('a')
  await turn()
  questions[3]?.answer({})
  expect(await again).toBeNull()
})

test('what nobody has asked for within a minute is not believed while the next answer is slow, or does not come', async () => {
  const { memory, questions, turn, learn, at } = setUp()
  await learn('a', 'one')
  at(60_000)
  const young = memory.find('a')
  await turn()
  questions.at(-1)?.fail()
  expect(await young).toBe('one')
  at(60_001)
  const old = memory.find('a')
  await turn()
  questions.at(-1)?.fail()
  await expect(old).rejects.toThrow('away')
})

test('at most two questions are under way, and what is asked meanwhile is asked together', async () => {
  const { memory, questions, turn } = setUp()
  const found: Promise<string | null>[] = []
  for (const key of ['a', 'b', 'c', 'd']) {
    found.push(memory.find(key))
    await turn()
  }
  expect(questions.map(({ keys }) => keys)).toEqual([['a'], ['b']])
  questions[0]?.answer({ a: 'one' })
  await found[0]
  await turn()
  expect(questions.map(({ keys }) => keys)).toEqual([['a'], ['b'], ['c', 'd']])
  questions[1]?.fail()
  questions[2]?.answer({ c: 'two', d: 'three' })
  await expect(found[1]).rejects.toThrow('away')
  expect(await Promise.all([found[0], found[2], found[3]])).toEqual(['one', 'two', 'three'])
})
