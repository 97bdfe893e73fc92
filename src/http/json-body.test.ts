import fc from 'fast-check'
import { expect, test } from 'vitest'
import { YeyakError } from '../platform/errors.ts'
import { readJson } from './json-body.ts'

const read = (text: string) => readJson(Buffer.from(text))

function refusal(text: string | Buffer): { code: string; paths: string[] } {
  try {
    readJson(Buffer.from(text))
  } catch (error) {
    if (error instanceof YeyakError) return { code: error.code, paths: error.errors.map(({ path }) => path) }
    throw error
  }
  return { code: 'none', paths: [] }
}

test('every JSON value is read as JSON.parse reads it', () => {
  const wellFormed = fc.string({ unit: 'grapheme' }).filter((s) => !s.includes('\u0000') && s !== '__proto__')
  const values = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constant(null),
      fc.boolean(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      wellFormed,
      fc.array(tie('value')),
      fc.dictionary(wellFormed, tie('value')),
    ),
  })).value
  fc.assert(
    fc.property(values, (value) => {
      const text = JSON.stringify(value)
      expect(read(text)).toEqual(JSON.parse(text))
    }),
  )
})

test('a surrogate pair written as escapes is taken, as are escapes of Korean and of ASCII', () => {
  expect(read('{"message":"\\ud83d\\ude00 \\uc608\\uc57d \\u003cb\\u003e"}')).toEqual({
    message: '😀 예약 <b>',
  })
})

test('a backslash before u0000 is no NUL', () => {
  expect(read('{"message":"\\\\u0000"}')).toEqual({ message: '\\u0000' })
})

test.each([
  ['{"message":"a\\u0000b"}', ['message']],
  ['{"notifications":[{},{"to":"\\u0000"}]}', ['notifications[1].to']],
  ['{"metadata":{"a\\u0000":1}}', ['metadata["a\\u0000"]']],
  ['{"message":"\\ud83d"}', ['message']],
  ['{"message":"\\uDE00\\uD83D"}', ['message']],
  ['{"metadata":{"\\udfff":[1]}}', ['metadata["\uFFFD"]']],
  ['["\\u0000",{"a":"\\u0000"},"\\u0000"]', ['[0]', '[1].a', '[2]']],
  ['"\\u0000"', ['']],
])('%s is refused at its path', (text, paths) => {
  expect(refusal(text)).toEqual({ code: 'invalid-request', paths })
})

test.each([
  ['{"__proto__":{"admin":true}}', '__proto__'],
  ['{"metadata":{"\\u005f_proto__":1}}', 'metadata.__proto__'],
  ['{"constructor":{"prototype":{"admin":true}}}', 'constructor'],
])('the key that poisons prototypes in %s is refused', (text, path) => {
  expect(refusal(text)).toEqual({ code: 'invalid-request', paths: [path] })
})

test('a member named constructor is taken', () => {
  expect(read('{"metadata":{"constructor":"Kim"}}')).toEqual({ metadata: { constructor: 'Kim' } })
})

test('at most 100 faults are told', () => {
  expect(refusal(JSON.stringify(Array.from({ length: 5000 }, () => '\u0000'))).paths).toHaveLength(100)
})

test('nesting is bounded, however deep it goes', () => {
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
  expect(refusal(nested(200)).code).toBe('none')
  expect(refusal(nested(201)).code).toBe('invalid-request')
  expect(refusal(nested(3_000_000)).code).toBe('invalid-request')
  expect(refusal('{"a":'.repeat(500_000) + '1' + '}'.repeat(500_000)).code).toBe('invalid-request')
})

test('a very wide body is walked to its end', () => {
  const wide = `[${'1,'.repeat(4_000_000)}"\\u0000"]`
  expect(refusal(wide).paths).toEqual(['[4000000]'])
})

test('brackets inside of strings are no nesting', () => {
  expect(refusal(JSON.stringify({ message: '[{'.repeat(10_000) })).code).toBe('none')
})

test.each([
  '{',
  '{"message":"a}',
  "{'message':'a'}",
  '{"a":1,}',
  'undefined',
  '{"message":"a\u0000b"}',
  '{} {}',
])('%s is malformed', (text) => expect(refusal(text).code).toBe('malformed-json'))

test('what is not UTF-8 is malformed, and never stored as replacement characters', () => {
  const cp949 = Buffer.from([...Buffer.from('{"message":"'), 0xbe, 0xc8, 0xb3, 0xe7, ...Buffer.from('"}')])
  expect(refusal(cp949).code).toBe('malformed-json')
  const surrogate = Buffer.from([...Buffer.from('{"message":"'), 0xed, 0xa0, 0x80, ...Buffer.from('"}')])
  expect(refusal(surrogate).code).toBe('malformed-json')
  expect(read('{"message":"\uFFFD"}')).toEqual({ message: '\uFFFD' })
})

test('a byte order mark is skipped, an empty body is malformed', () => {
  expect(read('\uFEFF{"message":"a"}')).toEqual({ message: 'a' })
  expect(refusal('').code).toBe('malformed-json')
})
