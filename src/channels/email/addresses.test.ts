import { expect, test } from 'vitest'
import { parseAddress } from './addresses.ts'

const suggestionOf = (text: string) => {
  const parsed = parseAddress(text)
  return 'wrong' in parsed ? (parsed.suggestion ?? null) : 'taken'
}

test.each([
  ['a@b', '', 'a@b'],
  ['<a@b>', '', 'a@b'],
  ['Min.Kim+tag@Example.COM', '', 'Min.Kim+tag@example.com'],
  ['김민수 <minsu@example.com>', '김민수', 'minsu@example.com'],
  ['"Kim, Min" <a@b>', 'Kim, Min', 'a@b'],
  [String.raw`"Kim \"Min\" \\" <a@b>`, String.raw`Kim "Min" \ `.trim(), 'a@b'],
  ['Kim, Min <a@b>', 'Kim, Min', 'a@b'],
  ["O'Neil <o'neil@b.ie>", "O'Neil", "o'neil@b.ie"],
  ['민수@한국.kr', '', '민수@xn--3e0b707e.kr'],
  ['a@BÜCHER.example', '', 'a@xn--bcher-kva.example'],
  ['שלום <a@b>', 'שלום', 'a@b'],
  ['🎉 Party <a@b>', '🎉 Party', 'a@b'],
])('%s is an address', (text, name, address) => {
  expect(parseAddress(text)).toEqual({ mailbox: { name, address } })
})

test.each([
  ...[
    '',
    ' ',
    'a',
    '@',
    'a@',
    '@b',
    'a@b@c',
    'a b@c',
    'a@b c',
    'a@b.',
    'a@.b',
    'a@-b',
    'a@b..c',
    '.a@b',
    'a.@b',
  ],
  ...[
    'a..b@c',
    '<a@b',
    'a@b>',
    '<<a@b>>',
    '<a@b> x',
    'x <a@b> <c@d>',
    '<>',
    'x <>',
    '"a b"@c',
    'a@[127.0.0.1]',
  ],
  ...['a@1', 'a@127.0.0.1', 'a@0x7f', 'a@b/c', 'a@b?c', 'a@b:25', 'a@b%2e', 'a@b_c', 'a@b,', 'a@b;', ','],
  ...[
    'a@b, Min <c@d>',
    'Kim, Min <a@b>, x@y',
    ', Kim <a@b>, ',
    'group: a@b;',
    'a(comment)@b',
    'a@b (comment)',
    'mailto:a@b',
    '"x" y <a@b>',
    '"x <a@b>',
    'a@b\u202e',
  ],
  ...['a\u200b@b', 'a\u00a0b@c', `${'a'.repeat(65)}@b`, `a@${'b'.repeat(64)}`, `a@${'b.'.repeat(130)}c`],
  `${'x'.repeat(321)} <a@b>`,
])('%j is no address', (text) => {
  expect(parseAddress(text)).toHaveProperty('wrong')
})

test('where the mend is known, it is given', () => {
  expect(suggestionOf(' a@b ')).toBe('a@b')
  expect(suggestionOf('a@b, c@d')).toBe('["a@b","c@d"]')
  expect(suggestionOf('a@b; c@d')).toBe('["a@b","c@d"]')
  expect(suggestionOf('Kim, <a@b>')).toBeNull()
  expect(suggestionOf('Team: Yeyak <a@b>')).toBe('"Team: Yeyak" <a@b>')
})

test('a text that is made to be slow is not', () => {
  const before = performance.now()
  for (const text of [
    ' <'.repeat(1000),
    `${'a'.repeat(2000)}@`,
    '"\\'.repeat(1000),
    `${'a.'.repeat(1000)}@b`,
  ])
    parseAddress(text)
  expect(performance.now() - before).toBeLessThan(100)
})
