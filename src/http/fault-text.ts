import type { ErrorObject } from 'ajv'
import type { Text } from '../platform/errors.ts'

const TYPES: Readonly<Record<string, Text>> = {
  string: { en: 'a string', ko: '문자열' },
  number: { en: 'a number', ko: '숫자' },
  integer: { en: 'a whole number', ko: '정수' },
  boolean: { en: 'true or false', ko: 'true 또는 false 값' },
  object: { en: 'an object', ko: '객체' },
  array: { en: 'an array', ko: '배열' },
  null: { en: 'null', ko: 'null' },
}

const FORMATS: Readonly<Record<string, Text>> = {
  'date-time': { en: 'an instant such as 2026-12-01T09:00:00Z', ko: '2026-12-01T09:00:00Z와 같은 시각' },
  date: { en: 'a date such as 2026-12-25', ko: '2026-12-25와 같은 날짜' },
  email: { en: 'an e-mail address', ko: '이메일 주소' },
  uri: { en: 'an absolute URL', ko: '절대 URL' },
  url: { en: 'an absolute URL', ko: '절대 URL' },
  uuid: { en: 'a UUID', ko: 'UUID' },
}

/** `of` gives a parameter of the fault as text, as AJV names them. */
type Say = (of: (parameter: string) => string, error: ErrorObject) => Text

/** What is wrong, for each keyword of JSON Schema, in words that say what would be right. */
const SAY: Readonly<Record<string, Say>> = {
  type: (_, { params }) => mustBeType(listOf(params['type'])),
  required: () => ({ en: 'is required', ko: '필수 항목입니다.' }),
  additionalProperties: (_, { parentSchema }) => unknownField(propertyNames(parentSchema)),
  enum: (_, { params }) => mustBeOneOf(listOf(params['allowedValues'])),
  const: (_, { params }) => mustBeOneOf([params['allowedValue']]),
  minLength: (of) =>
    of('limit') === '1'
      ? { en: 'must not be empty', ko: '비어 있을 수 없습니다.' }
      : {
          en: `must have at least ${count(of('limit'), 'character')}`,
          ko: `${of('limit')}자 이상이어야 합니다.`,
        },
  maxLength: (of) => ({
    en: `must have at most ${count(of('limit'), 'character')}`,
    ko: `${of('limit')}자 이하여야 합니다.`,
  }),
  minimum: (of) => ({ en: `must be at least ${of('limit')}`, ko: `${of('limit')} 이상이어야 합니다.` }),
  maximum: (of) => ({ en: `must be at most ${of('limit')}`, ko: `${of('limit')} 이하여야 합니다.` }),
  exclusiveMinimum: (of) => ({
    en: `must be more than ${of('limit')}`,
    ko: `${of('limit')}보다 커야 합니다.`,
  }),
  exclusiveMaximum: (of) => ({
    en: `must be less than ${of('limit')}`,
    ko: `${of('limit')}보다 작아야 합니다.`,
  }),
  multipleOf: (of) => ({
    en: `must be a multiple of ${of('multipleOf')}`,
    ko: `${of('multipleOf')}의 배수여야 합니다.`,
  }),
  minItems: (of) => ({
    en: `must have at least ${count(of('limit'), 'element')}`,
    ko: `${of('limit')}개 이상이어야 합니다.`,
  }),
  maxItems: (of) => atMost(of('limit')),
  additionalItems: (of) => atMost(of('limit')),
  minProperties: (of) => ({
    en: `must have at least ${count(of('limit'), 'member')}`,
    ko: `항목이 ${of('limit')}개 이상이어야 합니다.`,
  }),
  maxProperties: (of) => ({
    en: `must have at most ${count(of('limit'), 'member')}`,
    ko: `항목이 ${of('limit')}개 이하여야 합니다.`,
  }),
  uniqueItems: (of) => ({
    en: `must not repeat an element: [${of('i')}] and [${of('j')}] are equal`,
    ko: `요소가 중복될 수 없습니다. [${of('i')}]와 [${of('j')}]가 같습니다.`,
  }),
  pattern: (of) => ({
    en: `must match ${of('pattern')}`,
    ko: `다음 형식과 일치해야 합니다: ${of('pattern')}`,
  }),
  format: (of) => {
    const { en, ko } = FORMATS[of('format')] ?? {
      en: `a valid ${of('format')}`,
      ko: `올바른 ${of('format')} 값`,
    }
    return { en: `must be ${en}`, ko: `${ko}${itMustBe(ko)} 합니다.` }
  },
  not: () => ({ en: 'is not allowed here', ko: '여기에는 쓸 수 없습니다.' }),
  dependentRequired: (of) => needs(of('property')),
  dependencies: (of) => needs(of('property')),
  anyOf: () => ({ en: 'has none of the allowed forms', ko: '허용되는 형식이 아닙니다.' }),
  oneOf: (_, { params }) =>
    params['passingSchemas'] === null
      ? { en: 'has none of the allowed forms', ko: '허용되는 형식이 아닙니다.' }
      : { en: 'must have exactly one of the allowed forms', ko: '허용되는 형식 중 하나만 써야 합니다.' },
}

/** The text for one fault. A schema may bring its own as `x-message`, where the keyword alone would not help. */
export function faultText(error: ErrorObject): Text {
  // Of these the schema at hand is the object's, and the fault a member's.
  const own = ABOUT_A_MEMBER.has(error.keyword) ? undefined : ownText(error.parentSchema?.['x-message'])
  return own ?? say(error)
}

function say(error: ErrorObject): Text {
  return SAY[error.keyword]?.((name) => String(error.params[name]), error) ?? NOT_VALID
}

const ABOUT_A_MEMBER = new Set(['required', 'additionalProperties', 'dependentRequired', 'dependencies'])

const NOT_VALID: Text = { en: 'is not valid here', ko: '올바르지 않은 값입니다.' }

export const BODY_REQUIRED: Text = {
  en: 'the body is required: send a JSON object with Content-Type: application/json',
  ko: '본문이 필요합니다. Content-Type: application/json으로 JSON 객체를 보내야 합니다.',
}

function mustBeType(types: readonly unknown[]): Text {
  const names = types.map(String).map((type) => TYPES[type] ?? { en: type, ko: type })
  const ko = names.map((name) => name.ko).join(' 또는 ')
  return { en: `must be ${names.map((name) => name.en).join(' or ')}`, ko: `${ko}${itMustBe(ko)} 합니다.` }
}

export function mustBeOneOf(values: readonly unknown[]): Text {
  if (values.length === 1)
    return { en: `must be ${quote(values[0])}`, ko: `다음 값이어야 합니다: ${quote(values[0])}` }
  const list = values.map((value) => (typeof value === 'string' ? value : quote(value))).join(', ')
  return { en: `must be one of ${list}`, ko: `다음 중 하나여야 합니다: ${list}` }
}

function unknownField(known: readonly string[]): Text {
  if (known.length === 0)
    return {
      en: 'is not a known name here: none is taken',
      ko: '알 수 없는 이름입니다. 여기에는 아무것도 쓸 수 없습니다.',
    }
  const list = known.join(', ')
  return {
    en: `is not a known name here; known are ${list}`,
    ko: `알 수 없는 이름입니다. 쓸 수 있는 이름: ${list}`,
  }
}

const needs = (property: string): Text => ({
  en: `is required where ${property} is given`,
  ko: `${property}을(를) 쓸 때 필요한 항목입니다.`,
})

const atMost = (limit: string): Text => ({
  en: `must have at most ${count(limit, 'element')}`,
  ko: `${limit}개 이하여야 합니다.`,
})

const quote = (value: unknown): string => JSON.stringify(value) ?? 'undefined'

const count = (limit: string, noun: string): string => `${limit} ${noun}${limit === '1' ? '' : 's'}`

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value])

/** The names that an object's schema knows. */
export function propertyNames(schema: object | undefined): string[] {
  const properties: unknown = schema !== undefined && 'properties' in schema ? schema.properties : undefined
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : []
}

/** 이어야 after a final consonant, 여야 after a vowel; Latin letters are read with a consonant here (null, UUID). */
function itMustBe(word: string): string {
  const code = word.codePointAt(word.length - 1) ?? 0
  const isSyllable = code >= 0xac00 && code <= 0xd7a3
  return isSyllable && (code - 0xac00) % 28 === 0 ? '여야' : '이어야'
}

function ownText(value: unknown): Text | undefined {
  if (typeof value !== 'object' || value === null || !('en' in value) || !('ko' in value)) return undefined
  return typeof value.en === 'string' && typeof value.ko === 'string'
    ? { en: value.en, ko: value.ko }
    : undefined
}
