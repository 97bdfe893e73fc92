import { expect, test } from 'vitest'
import { CHUNK_CHARACTERS, createRecent } from './recent.ts'
import type { Filter, StoredEvent } from './repository.ts'
import { createStream } from './stream.ts'

const FILTER: Filter = { projectId: 1, kinds: ['content'], only: undefined, subjectId: undefined }
const large = (position: bigint): StoredEvent => ({
  ...{ position, at: new Date(0), projectId: 1, kind: 'content', subjectId: String(position) },
  ...{ type: 'content.updated', actor: null, data: { text: 'x'.repeat(CHUNK_CHARACTERS / 2) } },
})
const events = Array.from({ length: 20 }, (_, i) => large(BigInt(i + 1)))
/** Room for the event with which the limit is reached. */
const MOST_CHARACTERS = 2 * CHUNK_CHARACTERS
const namesIn = (written: readonly string[]): string[] =>
  Array.from(written.join('').matchAll(/^id: (\d+)$/gmu), ([, id]) => id ?? '')
const ALL = events.map(({ position }) => String(position))

/** What a client that takes each piece only when the test says so is given. */
const read = async (start: bigint, recentFrom: bigint): Promise<{ written: string[]; asked: number[] }> => {
  const written: string[] = []
  const asked: number[] = []
  const recent = createRecent(recentFrom)
  recent.add(
    events.filter(({ position }) => position > recentFrom),
    20n,
  )
  const over = Promise.withResolvers<void>()
  const stream = createStream({
    sink: {
      write(text) {
        written.push(String(text))
        if (namesIn(written).length === events.length) over.resolve()
        return false
      },
      drained: () => new Promise((resolve) => setImmediate(resolve)),
    },
    hub: { join: () => () => {}, recent, stop: () => {} },
    filter: FILTER,
    position: start,
    read: async (_filter, after, limit) => {
      asked.push(limit)
      const found = events.filter(({ position }) => position > after).slice(0, limit)
      return { events: found, position: found.at(-1)?.position ?? 20n, isEnd: false }
    },
    onBroken: over.reject,
  })
  stream.wake()
  await over.promise
  return { written, asked }
}

test.each([
  ['in memory', 0n],
  ['in the database', 20n],
])('large events that are %s are written a few at a time, each once', async (_, recentFrom) => {
  const { written, asked } = await read(0n, recentFrom)
  expect(namesIn(written)).toEqual(ALL)
  for (const text of written) expect(text.length).toBeLessThan(MOST_CHARACTERS)
  // No more is read than is about to be written.
  for (const limit of asked.slice(1)) expect(limit).toBeLessThan(10)
})
