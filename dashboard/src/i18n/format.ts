import type { Language } from './texts.ts'

const LOCALES: Record<Language, string> = { en: 'en-GB', ko: 'ko-KR' }
const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Each with its size, and from how much on it is used: of a single day too little would be said. */
const UNITS: [Intl.RelativeTimeFormatUnit, size: number, from: number][] = [
  ['day', DAY, 2 * DAY],
  ['hour', HOUR, HOUR],
  ['minute', MINUTE, MINUTE],
  ['second', SECOND, SECOND],
]

type Parts = Partial<Record<Intl.DateTimeFormatPartTypes, string>>

const partsOf = (format: Intl.DateTimeFormat, at: Date): Parts =>
  Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))

/** How instants, spans and numbers are written, in one language and one time zone. */
export const createFormat = (language: Language, timeZone: string) => {
  const locale = LOCALES[language]
  const numbers = new Intl.NumberFormat(locale)
  const compact = new Intl.NumberFormat(locale, { notation: 'compact' })
  const fine = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 })
  const relative = new Intl.RelativeTimeFormat(locale)
  const present = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(0, 'second')
  const zoned = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone, ...options })
  // Years first and 24 hours, in both languages: columns of them can be compared.
  const plain = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 },
  })
  const full = zoned({ dateStyle: 'full', timeStyle: 'long' })
  const zone = zoned({ timeZoneName: 'short' })
  const units = new Map<string, Intl.NumberFormat>()
  const unit = (value: number, name: string): string => {
    const known = units.get(name)
    const format =
      known ??
      new Intl.NumberFormat(locale, {
        ...{
          style: 'unit',
          unit: name,
          unitDisplay: language === 'en' ? 'narrow' : 'short',
          maximumSignificantDigits: 3,
        },
      })
    if (known === undefined) units.set(name, format)
    return format.format(value)
  }

  return {
    language,
    timeZone,
    number: (value: number): string => numbers.format(value),
    /** Where there is hardly room: `1.2K`, `1.2천`. */
    count: (value: number): string => compact.format(value),
    /** With no more digits than anybody needs. */
    rate: (value: number): string => fine.format(value),
    /** `2026-12-01 09:00:00`, with `.123` where milliseconds matter. */
    instant(at: string | Date, precision: 'minute' | 'second' | 'ms' = 'second'): string {
      const p = partsOf(plain, new Date(at))
      const minute = `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}`
      if (precision === 'minute') return minute
      return precision === 'second' ? `${minute}:${p.second}` : `${minute}:${p.second}.${p.fractionalSecond}`
    },
    /** `09:00:00` alone. */
    time(at: string | Date): string {
      const p = partsOf(plain, new Date(at))
      return `${p.hour}:${p.minute}:${p.second}`
    },
    /** In words, with the zone. */
    full: (at: string | Date): string => full.format(new Date(at)),
    /** As people call the zone there and then: `GMT+9`. */
    zone: (at: string | Date = new Date()): string =>
      zone.formatToParts(new Date(at)).find(({ type }) => type === 'timeZoneName')?.value ?? timeZone,
    /** `in 5 minutes`, `3분 전`; never `tomorrow`, which is a matter of the calendar. */
    relative(at: string | Date, now: number = Date.now()): string {
      const ms = new Date(at).getTime() - now
      const [name, size] = UNITS.find(([, , from]) => Math.abs(ms) >= from) ?? []
      return name === undefined || size === undefined ? present : relative.format(Math.trunc(ms / size), name)
    },
    /** A span: `12.4ms`, `3.2s`, `2h 5m`. */
    span(ms: number): string {
      const size = Math.abs(ms)
      if (size < SECOND) return unit(ms, 'millisecond')
      if (size < MINUTE) return unit(ms / SECOND, 'second')
      if (size < HOUR) return pair(ms, MINUTE, 'minute', SECOND, 'second')
      if (size < DAY) return pair(ms, HOUR, 'hour', MINUTE, 'minute')
      return pair(ms, DAY, 'day', HOUR, 'hour')
    },
    list: (items: readonly string[]): string => new Intl.ListFormat(locale).format(items),
  }

  function pair(ms: number, size: number, name: string, small: number, smallName: string): string {
    const whole = Math.trunc(ms / size)
    const rest = Math.trunc(Math.abs(ms % size) / small)
    return rest === 0 ? unit(whole, name) : `${unit(whole, name)} ${unit(rest, smallName)}`
  }
}

export type Format = ReturnType<typeof createFormat>
