import { refusal, shown, unbounded } from '../refusal.ts'
import { refuseFrequency, refusePart, refuseWeekday } from './mend.ts'
import { FREQUENCIES, type Frequency, type RuleParts, WEEKDAYS } from './parts.ts'
import { readStamp } from './stamp.ts'
import { checkParts } from './check.ts'

/** The lists of whole numbers: their least and greatest value, and whether they count from the end where negative. */
const LISTS = {
  BYMONTH: { min: 1, max: 12, isSigned: false },
  BYWEEKNO: { min: 1, max: 53, isSigned: true },
  BYYEARDAY: { min: 1, max: 366, isSigned: true },
  BYMONTHDAY: { min: 1, max: 31, isSigned: true },
  BYHOUR: { min: 0, max: 23, isSigned: false },
  BYMINUTE: { min: 0, max: 59, isSigned: false },
  BYSECOND: { min: 0, max: 60, isSigned: false },
  BYSETPOS: { min: 1, max: 366, isSigned: true },
} as const
type ListName = keyof typeof LISTS
const NAMES = ['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'WKST', 'BYDAY', ...(Object.keys(LISTS) as ListName[])]
const MAX_NUMBER = 1_000_000_000

/** Reads `FREQ=…;…` in any order and any case. */
export function readParts(text: string): RuleParts {
  const given = new Map<string, string>()
  for (const part of text.split(';')) {
    if (part.trim() === '') continue
    const [, name = '', value = ''] = /^\s*([A-Za-z]+)\s*=\s*(\S.*)$/.exec(part) ?? []
    const upper = name.toUpperCase()
    if (!NAMES.includes(upper)) return refusePart(part.trim(), upper, NAMES)
    if (given.has(upper)) refuseTwice(upper)
    given.set(upper, value.trim())
  }
  const list = (name: ListName): number[] => readList(name, given.get(name))
  const freq = readFrequency(given.get('FREQ'), text)
  const until = given.get('UNTIL')
  const parts: RuleParts = {
    freq,
    interval: readNumber('INTERVAL', given.get('INTERVAL')) ?? 1,
    count: readNumber('COUNT', given.get('COUNT')),
    until: until === undefined ? null : readStamp(until, 'UNTIL'),
    weekStart: readWeekday(given.get('WKST') ?? 'MO'),
    byMonth: list('BYMONTH'),
    byWeekNo: list('BYWEEKNO'),
    byYearDay: list('BYYEARDAY'),
    byMonthDay: list('BYMONTHDAY'),
    byDay: (given.get('BYDAY')?.split(',') ?? []).map(readNumberedDay),
    byHour: list('BYHOUR'),
    byMinute: list('BYMINUTE'),
    // The leap second is taken for the one before it, as RFC 5545 says of clocks without.
    bySecond: [...new Set(list('BYSECOND').map((second) => Math.min(second, 59)))],
    bySetPos: list('BYSETPOS'),
  }
  checkParts(parts)
  return parts
}

function readFrequency(value: string | undefined, text: string): Frequency {
  const found = FREQUENCIES.find((name) => name === value?.toUpperCase())
  return found ?? refuseFrequency(value, text)
}

function readNumber(name: string, value: string | undefined): number | null {
  if (value === undefined) return null
  const number = /^\+?\d{1,40}$/.test(value) ? Number(value) : 0
  if (number >= 1 && number <= MAX_NUMBER) return number
  if (number > MAX_NUMBER) {
    throw unbounded('rrule', {
      en: `${name} is at most ${MAX_NUMBER}.`,
      ko: `${name}은(는) ${MAX_NUMBER} 이하여야 합니다.`,
    })
  }
  throw refusal(
    'rrule',
    {
      en: `${name} is a whole number from 1, not ${shown(value)}.`,
      ko: `${name}은(는) 1 이상의 정수여야 합니다. ${shown(value)}은(는) 쓸 수 없습니다.`,
    },
    `${name}=1`,
  )
}

/** Rising, each value once. */
function readList(name: ListName, value: string | undefined): number[] {
  if (value === undefined) return []
  const { min, max, isSigned } = LISTS[name]
  const numbers = value.split(',').map((text) => {
    const number = /^[+-]?\d{1,4}$/.test(text.trim()) ? Number(text) : Number.NaN
    const size = isSigned ? Math.abs(number) : number
    if (size >= min && size <= max) return number
    throw refusal('rrule', {
      en: `${shown(text)} is outside ${name}: it takes ${min} to ${max}${isSigned ? ', or the same with a minus, counted from the end' : ''}.`,
      ko: `${shown(text)}은(는) ${name}의 범위를 벗어납니다. ${min}부터 ${max}까지${isSigned ? ', 또는 끝에서부터 세는 음수를' : ''} 쓸 수 있습니다.`,
    })
  })
  return [...new Set(numbers)].sort((a, b) => a - b)
}

function readNumberedDay(text: string): { day: number; n: number } {
  const [, number = '0', name] = /^([+-]?\d{1,2})?([A-Za-z]{2})$/.exec(text.trim()) ?? []
  const n = Number(number)
  if (name === undefined || Math.abs(n) > 53 || (n === 0 && number !== '0')) return refuseWeekday(text)
  return { day: readWeekday(name), n }
}

function readWeekday(text: string): number {
  const index = WEEKDAYS.findIndex((name) => name === text.trim().toUpperCase())
  return index === -1 ? refuseWeekday(text) : index
}

function refuseTwice(name: string): never {
  throw refusal('rrule', {
    en: `${name} is given twice: write its values in one list.`,
    ko: `${name}이(가) 두 번 있습니다. 값을 한 목록에 써야 합니다.`,
  })
}
