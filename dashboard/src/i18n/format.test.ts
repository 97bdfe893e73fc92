import { expect, test } from 'vitest'
import { createFormat } from './format.ts'
import { preferredLanguage } from './texts.ts'

const AT = '2026-12-01T00:00:00.123Z'

test('instants are written in the zone that was chosen, the same way in both languages', () => {
  for (const language of ['en', 'ko'] as const) {
    expect(createFormat(language, 'Asia/Seoul').instant(AT, 'ms')).toBe('2026-12-01 09:00:00.123')
    expect(createFormat(language, 'America/New_York').instant(AT, 'minute')).toBe('2026-11-30 19:00')
    expect(createFormat(language, 'UTC').time(AT)).toBe('00:00:00')
  }
  expect(createFormat('en', 'Asia/Seoul').zone(AT)).toBe('GMT+9')
})

test.each([
  [12.4, '12.4ms', '12.4ms'],
  [1_330, '1.33s', '1.33초'],
  [65_000, '1m 5s', '1분 5초'],
  [7_500_000, '2h 5m', '2시간 5분'],
  [90_000_000, '1d 1h', '1일 1시간'],
])('%i ms is %s, and %s', (ms, english, korean) => {
  expect(createFormat('en', 'UTC').span(ms)).toBe(english)
  expect(createFormat('ko', 'UTC').span(ms)).toBe(korean)
})

test('how long it is to go, or ago, is told in words', () => {
  const now = new Date(AT).getTime()
  const [en, ko] = [createFormat('en', 'UTC'), createFormat('ko', 'UTC')]
  const at = (ms: number) => new Date(now + ms)
  expect([en.relative(at(300_000), now), en.relative(at(-172_800_000), now)]).toEqual([
    'in 5 minutes',
    '2 days ago',
  ])
  expect([ko.relative(at(300_000), now), ko.relative(at(-2_000), now)]).toEqual(['5분 후', '2초 전'])
})

test('no day is named for a number of hours: 47 hours from now are mostly not tomorrow', () => {
  const now = new Date('2026-12-01T10:00:00Z').getTime()
  const [en, ko] = [createFormat('en', 'UTC'), createFormat('ko', 'UTC')]
  expect(en.relative('2026-12-03T09:00:00Z', now)).toBe('in 47 hours')
  expect(ko.relative('2026-12-03T09:00:00Z', now)).toBe('47시간 후')
  expect(ko.relative('2026-12-04T09:00:00Z', now)).toBe('2일 후')
  expect([en.relative(new Date(now + 400), now), ko.relative(new Date(now), now)]).toEqual(['now', '지금'])
})

test('the language is the first of the browser’s that is one of ours', () => {
  expect(preferredLanguage(['fr-FR', 'ko-KR', 'en'])).toBe('ko')
  expect(preferredLanguage(['EN-us'])).toBe('en')
  expect(preferredLanguage(['fr'])).toBe('en')
})
