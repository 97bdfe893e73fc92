import type { CalendarEntry } from './calendar.ts'

const LINE_BYTES = 75

/** Lines end after 75 bytes and go on behind a blank; a character is never cut in two (RFC 5545, 3.1). */
export const fold = (line: string): string => {
  const lines: string[] = []
  let current = ''
  let bytes = 0
  for (const character of line) {
    const size = Buffer.byteLength(character)
    if (bytes + size > LINE_BYTES) {
      lines.push(current)
      current = ' '
      bytes = 1
    }
    current += character
    bytes += size
  }
  return [...lines, current].join('\r\n')
}

/** Text as a value: what has a meaning of its own is escaped, control characters are left out (RFC 5545, 3.3.11). */
export const escapeText = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\\;,]/gu, String.raw`\$&`)
    .replaceAll(/\r\n|\r|\n/gu, String.raw`\n`)
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/gu, '')

const instantOf = (at: string): string => `${at.slice(0, 19).replaceAll(/[-:]/gu, '')}Z`

const eventOf = (entry: CalendarEntry, now: string): string[] => [
  'BEGIN:VEVENT',
  `UID:${entry.kind}-${entry.id ?? instantOf(entry.at)}@yeyak`,
  `DTSTAMP:${instantOf(now)}`,
  `DTSTART:${instantOf(entry.at)}`,
  `SUMMARY:${escapeText(entry.title)}`,
  `CATEGORIES:${escapeText(entry.kind)}`,
  'TRANSP:TRANSPARENT',
  'END:VEVENT',
]

/** A calendar as calendar programs subscribe to it. */
export const toICalendar = (name: string, entries: readonly CalendarEntry[], now: Date): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Yeyak//Calendar//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${escapeText(name)}`,
    ...entries.flatMap((entry) => eventOf(entry, now.toISOString())),
    'END:VCALENDAR',
    '',
  ]
    .map(fold)
    .join('\r\n')
