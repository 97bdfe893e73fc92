import { expect, test } from 'vitest'
import { YeyakError } from '../../platform/errors.ts'
import { createOutgoingHttp } from '../../platform/outgoing-http/index.ts'
import { checkDraft } from './check.ts'

const { judge } = createOutgoingHttp({ allow: [], userAgent: 'Yeyak/test' })

const refusalOf = (to: unknown, content: Record<string, unknown>): YeyakError | null => {
  try {
    checkDraft({ to, content }, judge)
    return null
  } catch (error) {
    if (error instanceof YeyakError) return error
    throw error
  }
}
const pathsOf = (to: unknown, content: Record<string, unknown>) =>
  refusalOf(to, content)?.fieldErrors.map(({ path }) => path) ?? []

const URL = 'https://example.com/hook'

test('a URL with a payload and ordinary headers is taken', () => {
  const headers = {
    Authorization: 'Bearer a.b-c=',
    'X-Empty': '',
    'X_odd!#$': 'a "b"; c',
    'User-Agent': 'me',
  }
  expect(refusalOf(URL, { payload: [1, null], headers })).toBeNull()
  expect(refusalOf(URL, { payload: false })).toBeNull()
  expect(refusalOf(URL, { message: 'Hello' })).toBeNull()
})

test.each([
  'host',
  'Host',
  'Content-Type',
  'content-length',
  'Content-Encoding',
  'webhook-id',
  'Webhook-Signature',
  'yeyak-attempt',
  'Connection',
  'Keep-Alive',
  'Transfer-Encoding',
  'TE',
  'Trailer',
  'Upgrade',
  'Expect',
  'Proxy-Authorization',
  'proxy-connection',
])('header %s is set by the server, and refused by name', (name) => {
  expect(pathsOf(URL, { message: 'm', headers: { [name]: 'x' } })).toEqual([`headers.${name}`])
})

test.each([
  'a\r\nX-Evil: 1',
  'a\nb',
  'a\rb',
  'a\0b',
  'a\tb',
  'é',
  '한글',
  '\u007f',
  '\u2028',
  'x'.repeat(4097),
])('the header value %j is refused: it could become another header, or arrive as something else', (value) => {
  expect(pathsOf(URL, { message: 'm', headers: { 'x-a': value } })).toEqual(['headers.x-a'])
})

test.each(['a\r\nX-Evil', 'a b', 'a:', '', 'a\0', '한글', '(a)', 'x'.repeat(257)])(
  'the header name %j is refused, and is not repeated in the answer',
  (name) => {
    expect(pathsOf(URL, { message: 'm', headers: { [name]: 'x' } })).toEqual(['headers'])
  },
)

test('what is no text, comes twice, or is one too many is refused', () => {
  expect(pathsOf(URL, { message: 'm', headers: { 'x-a': 1, 'x-b': ['y'], 'x-c': null } })).toHaveLength(3)
  expect(pathsOf(URL, { message: 'm', headers: { 'x-a': '1', 'X-A': '2' } })).toEqual(['headers'])
  const many = Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`x-${i}`, 'v']))
  expect(pathsOf(URL, { message: 'm', headers: many })).toEqual(['headers'])
})

test('every faulty field is named at once, in English and Korean', () => {
  const refusal = refusalOf('ftp://example.com', {
    payload: 1,
    message: 'm',
    headers: { host: 'x', 'x-a': '\n' },
  })
  expect(refusal?.code).toBe('invalid-request')
  expect(refusal?.fieldErrors.map(({ path }) => path).toSorted()).toEqual([
    'headers.host',
    'headers.x-a',
    'message',
    'to',
  ])
  for (const { message } of refusal?.fieldErrors ?? []) expect(message.ko).toMatch(/\p{Script=Hangul}/u)
})

test('an address that is not public is refused with the setting that could allow it', () => {
  const refusal = refusalOf('http://169.254.169.254/', { message: 'm' })
  expect(refusal?.code).toBe('address-not-allowed')
  expect(refusal?.members).toEqual({ setting: 'YEYAK_WEBHOOK_ALLOW' })
  expect(refusal?.fieldErrors.map(({ path }) => path)).toEqual(['to'])
})

test('a URL of 2,048 characters is taken, a longer one is not', () => {
  const long = (length: number) => `${URL}?${'x'.repeat(length - URL.length - 1)}`
  expect(refusalOf(long(2048), { message: 'm' })).toBeNull()
  expect(pathsOf(long(2049), { message: 'm' })).toEqual(['to'])
  expect(pathsOf(null, { message: 'm' })).toEqual(['to'])
})
