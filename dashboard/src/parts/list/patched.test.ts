import { expect, test } from 'vitest'
import { patched, readAgain } from './patched.ts'

interface Row {
  id: string
  state: string
}

const row = (id: string, state = 'scheduled'): Row => ({ id, state })
const pagesOf = (...pages: Row[][]) => ({
  pages: pages.map((items, i) => ({ items, nextCursor: String(i + 1) })),
  pageParams: pages.map((_, i) => (i === 0 ? null : String(i))),
})
const limits = { limit: 100, mostPages: 2, mostRows: 2 }
const isOutdated = ({ state }: Row) => state === 'scheduled'

test('rows change in their places, and a page on which nothing has changed stays the same object', () => {
  const before = pagesOf([row('a'), row('b')], [row('c')])
  const after = patched(before, new Map([['b', { state: 'running' }]]))
  expect(after.pages[0]?.items).toEqual([row('a'), row('b', 'running')])
  expect(after.pages[1]).toBe(before.pages[1])
  expect(patched(before, new Map())).toBe(before)
})

test('only pages with a row that the clock has outdated are read again, and no more of them than allowed', async () => {
  const asked: (string | null)[] = []
  const readPage = ({ cursor }: { cursor: string | null }) => {
    asked.push(cursor)
    return Promise.resolve({ items: [row(`of ${String(cursor)}`, 'running')], nextCursor: null })
  }
  const readOne = (id: string) => Promise.resolve(row(id, 'done'))
  const data = pagesOf([row('a', 'done')], [row('b')], [row('c', 'done')], [row('d')], [row('e')])
  const found = await readAgain({ isOutdated, readPage, readOne }, data, limits)
  expect(asked).toEqual(['1', '3'])
  // What the filter finds no longer is read by itself.
  expect([found.get('b'), found.get('d'), found.has('e')]).toEqual([
    row('b', 'done'),
    row('d', 'done'),
    false,
  ])
})

test('a row that cannot be read stays as it was, and costs the others nothing', async () => {
  const readPage = () => Promise.resolve({ items: [], nextCursor: null })
  const readOne = (id: string) =>
    id === 'a' ? Promise.reject(new Error('gone')) : Promise.resolve(row(id, 'done'))
  const found = await readAgain(
    { isOutdated, readPage, readOne },
    pagesOf([row('a'), row('b'), row('c')]),
    limits,
  )
  expect([...found]).toEqual([['b', row('b', 'done')]])
})
