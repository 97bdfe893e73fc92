import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const read = (file: string) => readFileSync(fileURLToPath(new URL(`../${file}`, import.meta.url)), 'utf8')
const rows = read('docs/publishing-elsewhere.md')
  .split('\n')
  .filter((line) => /^\| I?\d+ \|/u.test(line))
  .map((line) => line.slice(2, -2).split(' | '))

/** As its file and its name, which stands there as a literal. */
const held = rows.flatMap((cells) =>
  (cells.at(-1) ?? '').split('<br>').map((one) => {
    const [, file = '', name = ''] = /^`([^`]+)`: (.+)$/u.exec(one) ?? []
    return { number: cells[0], file, name }
  }),
)

test('every complaint and every guarantee is there, and is held by a test', () => {
  const numbers = rows.map(([number]) => number)
  const expected = [
    ...Array.from({ length: 38 }, (_, i) => String(i + 1)),
    ...Array.from({ length: 16 }, (_, i) => `I${i + 1}`),
  ]
  expect(numbers).toEqual(expected)
  expect(held.filter(({ file, name }) => file === '' || name === '')).toEqual([])
})

test('each test that is named is there, under that name', () => {
  const missing = held.filter(({ file, name }) => {
    const text = read(file)
    return !["'", '"', '`'].some((quote) => text.includes(`${quote}${name}${quote}`))
  })
  expect(missing).toEqual([])
})
