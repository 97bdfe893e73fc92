import { expect, test } from 'vitest'
import { formsOf } from './search.ts'

test('what is looked for is found as it is typed, as JSON has it, and as it is copied from a row of the list', () => {
  expect(formsOf('a,b')).toEqual(['a,b'])
  expect(formsOf('say "hi"\\')).toContain(String.raw`say \"hi\"\\`)
  expect(formsOf('{"day":"2026-12-01","n":[1,2]}')).toContain('{"day": "2026-12-01", "n": [1, 2]}')
})
