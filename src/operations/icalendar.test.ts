import { expect, test } from 'vitest'
import { escapeText, fold, toICalendar } from './icalendar.ts'

const entry = (title: string) => ({
  ...{ at: '2026-12-01T00:00:00.000Z', kind: 'notification', id: 'a', title, count: 1 },
})

test('no line is longer than 75 bytes, no character is cut in two, and unfolding gives back what was there', () => {
  for (const text of [
    'x'.repeat(75),
    'x'.repeat(76),
    `SUMMARY:${'한국어 알림 🎉 '.repeat(30)}`,
    '🎉'.repeat(100),
  ]) {
    const folded = fold(text)
    for (const line of folded.split('\r\n')) {
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
      expect(line.isWellFormed()).toBe(true)
    }
    expect(folded.replaceAll('\r\n ', '')).toBe(text)
  }
  expect(fold('x'.repeat(75))).not.toContain('\r\n')
})

test('what has a meaning of its own is escaped, so that a text can begin no line of its own', () => {
  expect(escapeText('a;b,c\\d')).toBe(String.raw`a\;b\,c\\d`)
  expect(escapeText('one\r\nEND:VEVENT\nthree\u0000\u0007')).toBe(String.raw`one\nEND:VEVENT\nthree`)
  const text = toICalendar('a', [entry('x\r\nBEGIN:VALARM')], new Date(0))
  expect(text.split('\r\n').filter((line) => line.startsWith('BEGIN:'))).toEqual([
    'BEGIN:VCALENDAR',
    'BEGIN:VEVENT',
  ])
})

test('a calendar has its events with instants in UTC, and ends with a line break', () => {
  const text = toICalendar('Yeyak: default', [entry('log: Hi')], new Date('2026-11-22T06:00:00Z'))
  expect(text).toContain(
    [
      ...['BEGIN:VEVENT', 'UID:notification-a@yeyak', 'DTSTAMP:20261122T060000Z', 'DTSTART:20261201T000000Z'],
      ...['SUMMARY:log: Hi', 'CATEGORIES:notification', 'TRANSP:TRANSPARENT', 'END:VEVENT'],
    ].join('\r\n'),
  )
  expect(text.endsWith('END:VCALENDAR\r\n')).toBe(true)
})
