import { expect, test } from 'vitest'
import { align } from './table.ts'
import { cut, widthOf } from './width.ts'

test.each([
  ['', 0],
  ['abc', 3],
  ['한글', 4],
  ['ｆｕｌｌ', 8],
  ['日本', 4],
  ['🎉', 2],
  ['👩‍👩‍👧', 2],
  ['e\u0301', 1],
  ['é', 1],
  ['a한b', 4],
])('%j takes %i columns', (text, columns) => {
  expect(widthOf(text)).toBe(columns)
})

test('a text is cut to its columns, never within a character', () => {
  expect(cut('abcdef', 6)).toBe('abcdef')
  expect(cut('abcdefg', 6)).toBe('abcde…')
  expect(cut('한글한글', 6)).toBe('한글…')
  expect(widthOf(cut('가'.repeat(100_000), 7))).toBeLessThanOrEqual(7)
})

test('columns stay aligned whatever the script', () => {
  expect(
    align([
      ['한글', 'x'],
      ['abc', 'y'],
      ['', 'z'],
    ]),
  ).toEqual(['한글  x', 'abc   y', '      z'])
})
