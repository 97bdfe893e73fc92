import { expect, test } from 'vitest'
import { YeyakError } from '../platform/errors.ts'
import { checkIfMatch, etagOf, isNotModified, parseIfMatch } from './etag.ts'

function refusal(run: () => unknown): { code: string; members: object } | undefined {
  try {
    run()
  } catch (error) {
    if (error instanceof YeyakError) return { code: error.code, members: error.members }
    throw error
  }
  return undefined
}

test('the tag is the version in quotes', () => {
  expect(etagOf(7)).toBe('"7"')
})

test.each([['"7"'], ['W/"7"'], ['*'], ['"6", "7"'], ['"6",W/"7"'], [' "7" ']])(
  'If-None-Match %s knows version 7',
  (header) => {
    expect(isNotModified(header, 7)).toBe(true)
  },
)

test.each([[undefined], [''], ['"6"'], ['7'], ['"77"'], ['"6", "8"']])(
  'If-None-Match %s does not',
  (header) => {
    expect(isNotModified(header, 7)).toBe(false)
  },
)

test('If-Match names one version, with or without quotes, or any', () => {
  expect(parseIfMatch('"7"')).toBe(7)
  expect(parseIfMatch('7')).toBe(7)
  expect(parseIfMatch(' "12" ')).toBe(12)
  expect(parseIfMatch('*')).toBe('any')
  expect(parseIfMatch(undefined)).toBeUndefined()
})

test.each(['', '"', '"a"', 'W/"7"', '-1', '1.5', '"7', '"7", "8"', '9'.repeat(30)])(
  'If-Match %s is refused',
  (header) => {
    expect(refusal(() => parseIfMatch(header))?.code).toBe('invalid-parameter')
  },
)

test('a stale version is a conflict that names both, the actual one and any are not', () => {
  expect(refusal(() => checkIfMatch('"6"', 7))).toEqual({
    code: 'version-conflict',
    members: { expected: 6, actual: 7 },
  })
  for (const header of ['"7"', '7', '*', undefined])
    expect(refusal(() => checkIfMatch(header, 7))).toBeUndefined()
})
