import { expect, test } from 'vitest'
import { chunksOf } from './chunks.ts'

const matches = (text: string) => text.split('').map((id) => ({ id, alone: id === id.toUpperCase() }))

test.each([
  ['', []],
  ['abcde', ['ab', 'cd', 'e']],
  ['abCde', ['ab', 'C', 'de']],
  ['aBCd', ['a', 'B', 'C', 'd']],
])('%o keeps its order, in chunks of two, and what must be alone is', (given, chunks) => {
  expect(chunksOf(matches(given), 2).map((chunk) => chunk.join(''))).toEqual(chunks)
})
