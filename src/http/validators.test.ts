import { type TSchema, Type } from 'typebox'
import { expect, test } from 'vitest'
import { YeyakError } from '../platform/errors.ts'
import { compileBody, validatorCompiler } from './validators.ts'

const compile = validatorCompiler()

type Part = 'body' | 'querystring' | 'params'

/** Whether `value` is taken, or the refusal. */
function judge(schema: TSchema, value: unknown, httpPart: Part = 'body'): YeyakError | undefined {
  const verdict: unknown = compile({ schema, method: 'POST', url: '/x', httpPart })(value)
  if (verdict === true) return undefined
  if (
    typeof verdict === 'object' &&
    verdict !== null &&
    'error' in verdict &&
    verdict.error instanceof YeyakError
  ) {
    return verdict.error
  }
  throw new Error('a verdict is true or an error')
}

/** `path: message` in English, `→ suggestion` where there is one. */
const faults = (schema: TSchema, value: unknown, httpPart?: Part): string[] =>
  (judge(schema, value, httpPart)?.fieldErrors ?? []).map(
    ({ path, message, suggestion }) =>
      `${path}: ${message.en}${suggestion === undefined ? '' : ` → ${suggestion}`}`,
  )

const strict = { additionalProperties: false }
const closed = <Properties extends Record<string, TSchema>>(properties: Properties) =>
  Type.Object(properties, strict)

test.each<[string, TSchema, unknown, string]>([
  ['type', Type.String(), 5, 'must be a string'],
  ['nullable', Type.Union([Type.String(), Type.Null()]), 5, 'must be a string or null'],
  ['several types', { type: ['string', 'null'] }, 5, 'must be a string or null'],
  ['integer', Type.Integer(), 1.5, 'must be a whole number'],
  ['boolean', Type.Boolean(), 'true', 'must be true or false'],
  ['array', Type.Array(Type.String()), 'a', 'must be an array'],
  ['empty', Type.String({ minLength: 1 }), '', 'must not be empty'],
  ['minLength', Type.String({ minLength: 3 }), '예약', 'must have at least 3 characters'],
  ['maxLength', Type.String({ maxLength: 1 }), '😀😀', 'must have at most 1 character'],
  ['minimum', Type.Integer({ minimum: 1 }), 0, 'must be at least 1'],
  ['maximum', Type.Integer({ maximum: 100 }), 101, 'must be at most 100'],
  ['exclusiveMinimum', Type.Number({ exclusiveMinimum: 0 }), 0, 'must be more than 0'],
  ['exclusiveMaximum', Type.Number({ exclusiveMaximum: 1 }), 1, 'must be less than 1'],
  ['multipleOf', Type.Integer({ multipleOf: 60 }), 90, 'must be a multiple of 60'],
  ['pattern', Type.String({ pattern: '^[a-z]+$' }), 'A', 'must match ^[a-z]+$'],
  ['date-time', Type.String({ format: 'date-time' }), 'x', 'must be an instant such as 2026-12-01T09:00:00Z'],
  ['email', Type.String({ format: 'email' }), 'x', 'must be an e-mail address'],
  ['minItems', Type.Array(Type.String(), { minItems: 1 }), [], 'must have at least 1 element'],
  ['maxItems', Type.Array(Type.String(), { maxItems: 2 }), ['a', 'b', 'c'], 'must have at most 2 elements'],
  [
    'uniqueItems',
    Type.Array(Type.String(), { uniqueItems: true }),
    ['a', 'b', 'a'],
    'must not repeat an element: [0] and [2] are equal',
  ],
  ['const', Type.Literal('log'), 'x', 'must be "log"'],
  ['enum', Type.Enum(['log', 'email'], { type: 'string' }), 'x', 'must be one of log, email'],
  [
    'union of constants',
    Type.Union([Type.Literal('log'), Type.Literal('email')]),
    'x',
    'must be one of log, email',
  ],
  [
    'maxProperties',
    Type.Record(Type.String(), Type.String(), { maxProperties: 1 }),
    { a: 'a', b: 'b' },
    'must have at most 1 member',
  ],
])('%s is told with its mend', (_, schema, value, message) => {
  expect(faults(closed({ field: schema }), { field: value })).toEqual([`field: ${message}`])
})

test('every text is there in Korean too', () => {
  const schema = closed({
    name: Type.String(),
    limit: Type.Integer({ minimum: 1 }),
    kind: Type.Union([Type.Literal('log'), Type.Literal('email')]),
  })
  const found = judge(schema, { limit: 0, kind: 'lgo', nmae: 1 })?.fieldErrors
  expect(found?.map(({ path, message }) => `${path}: ${message.ko}`).sort()).toEqual([
    'kind: 다음 중 하나여야 합니다: log, email',
    'limit: 1 이상이어야 합니다.',
    'name: 필수 항목입니다.',
    'nmae: 알 수 없는 이름입니다. 쓸 수 있는 이름: name, limit, kind',
  ])
})

test.each([
  [Type.String(), '문자열이어야 합니다.'],
  [Type.Number(), '숫자여야 합니다.'],
  [Type.Union([Type.Object({}), Type.Null()]), '객체 또는 null이어야 합니다.'],
  [Type.Boolean(), 'true 또는 false 값이어야 합니다.'],
])('Korean particles agree with the word before them: %#', (schema, text) => {
  expect(judge(closed({ field: schema }), { field: [] })?.fieldErrors[0]?.message.ko).toBe(text)
})

test('an unknown field is refused, with the name that was meant', () => {
  const schema = closed({ message: Type.String(), sendAt: Type.Optional(Type.String()) })
  expect(faults(schema, { message: 'a', send_at: 'x' })).toEqual([
    'send_at: is not a known name here; known are message, sendAt → sendAt',
  ])
  expect(judge(schema, { message: 'a', colour: 'x' })?.fieldErrors[0]?.suggestion).toBeUndefined()
})

test('paths go through arrays, and quote what is no plain name', () => {
  const item = closed({ to: Type.String() })
  const schema = closed({
    notifications: Type.Array(item),
    metadata: Type.Optional(Type.Record(Type.String(), Type.String())),
  })
  const found = faults(schema, {
    notifications: [{ to: 'a' }, { to: 1 }, {}],
    metadata: { 'a.b/c~d': 1, 3: 1 },
  })
  expect(found.sort()).toEqual([
    'metadata["3"]: must be a string',
    'metadata["a.b/c~d"]: must be a string',
    'notifications[1].to: must be a string',
    'notifications[2].to: is required',
  ])
})

test('a body is not coerced, not completed and not cut', () => {
  const schema = Type.Object({ n: Type.Integer(), limit: Type.Optional(Type.Integer({ default: 50 })) })
  const body = { n: 1, more: true }
  expect(judge(schema, body)).toBeUndefined()
  expect(body).toEqual({ n: 1, more: true })
  expect(faults(schema, { n: '1' })).toEqual(['n: must be a whole number'])
})

test('a missing body is told as such', () => {
  expect(judge(closed({ a: Type.String() }), null)?.code).toBe('invalid-request')
  expect(faults(closed({ a: Type.String() }), null)).toEqual([
    ': the body is required: send a JSON object with Content-Type: application/json',
  ])
})

test('a query is coerced and completed, one value counts as a list, and unknown parameters are refused', () => {
  const schema = closed({
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
    tag: Type.Optional(Type.Array(Type.String())),
    dryRun: Type.Optional(Type.Boolean()),
  })
  const query = { tag: 'a', dryRun: 'true' }
  expect(judge(schema, query, 'querystring')).toBeUndefined()
  expect(query).toEqual({ limit: 50, tag: ['a'], dryRun: true })
  expect(judge(schema, { limit: '0' }, 'querystring')?.code).toBe('invalid-parameter')
  expect(faults(schema, { limit: '201', limt: '5' }, 'querystring').sort()).toEqual([
    'limit: must be at most 200',
    'limt: is not a known name here; known are limit, tag, dryRun → limit',
  ])
  expect(faults(schema, { limit: 'ten' }, 'querystring')).toEqual(['limit: must be a whole number'])
})

const when = Type.Union([
  Type.String(),
  closed({ delay: Type.Union([Type.String(), Type.Number()]) }),
  closed({ local: Type.String(), timeZone: Type.String(), disambiguation: Type.Optional(Type.String()) }),
])

test.each<[unknown, string[]]>([
  [true, ['sendAt: must be a string or an object']],
  [
    { delai: '10s' },
    ['sendAt.delay: is required', 'sendAt.delai: is not a known name here; known are delay → delay'],
  ],
  [{ delay: [] }, ['sendAt.delay: must be a string or a number']],
  [
    { local: '2026-12-01T09:00', timezone: 'Asia/Seoul' },
    [
      'sendAt.timeZone: is required',
      'sendAt.timezone: is not a known name here; known are local, timeZone, disambiguation → timeZone',
    ],
  ],
])('of the forms of a union only the one that was meant is spoken of: %j', (value, expected) => {
  expect(faults(closed({ sendAt: when }), { sendAt: value }).sort()).toEqual(expected.toSorted())
})

test('a member with a fixed value chooses the form', () => {
  const log = closed({ channel: Type.Literal('log'), message: Type.String() })
  const email = closed({
    channel: Type.Literal('email'),
    to: Type.String(),
    subject: Type.String(),
    text: Type.String(),
  })
  const either = Type.Union([log, email])
  expect(faults(either, { channel: 'email', to: 'a@b.c' })).toEqual([
    'subject: is required',
    'text: is required',
  ])
  expect(faults(either, { channel: 'emial', to: 'a@b.c' })).toEqual([
    'channel: must be one of log, email → email',
  ])
})

test('a schema may bring words of its own', () => {
  const text = { en: 'must be a number and a unit, such as 10s', ko: '10s처럼 숫자와 단위여야 합니다.' }
  const field = Type.String({ pattern: '^\\d+[smhdw]$', 'x-message': text })
  expect(faults(closed({ field }), { field: 'soon' })).toEqual([`field: ${text.en}`])
  const union = Type.Union([Type.String(), Type.Number()], { 'x-message': text })
  expect(faults(closed({ field: union }), { field: [] })).toEqual([`field: ${text.en}`])
})

test('at most 100 faults are told, and of a huge body only the first', () => {
  const schema = closed({ list: Type.Array(Type.String()) })
  const list = (length: number) => ({ list: Array.from({ length }, () => 1) })
  expect(faults(schema, list(5000))).toHaveLength(100)
  expect(faults(schema, list(1_000_000))).toEqual(['list[0]: must be a string'])
})

test('a schema with a mistake in it is refused: a foreign one when it is given, one of a route when it is first used', () => {
  const wrong = { type: 'object', propertis: {} }
  expect(() => compileBody(wrong)).toThrow('propertis')
  expect(() => compileBody({ type: 'object', properties: 5 })).toThrow('properties')
  expect(() => judge(wrong, {})).toThrow('propertis')
})
