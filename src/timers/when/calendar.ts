import type { Text } from '../../platform/errors.ts'

/** A date and a time of day as written, not yet known to exist. */
export interface WallClock {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
}

/** What is wrong with a wall clock and, where one can be guessed, the one that was meant, as `YYYY-MM-DDTHH:MM:SS`. */
export interface CalendarFault {
  message: Text
  mended?: string
}

const CYCLE_YEARS = 400
const CYCLE_MS = 146_097 * 86_400_000
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
)

export function daysInMonth(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
}

export function exists({ year, month, day, hour, minute, second }: WallClock): boolean {
  return (
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysInMonth(year, month) &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 59
  )
}

/** The wall clock read as UTC, in milliseconds since 1970. Fields that are too large run over into the next. */
export function utcMs({ year, month, day, hour, minute, second }: WallClock): number {
  // Date.UTC takes the years 0-99 for 1900-1999; 400 years later the calendar is the same.
  if (year >= 100) return Date.UTC(year, month - 1, day, hour, minute, second)
  return Date.UTC(year + CYCLE_YEARS, month - 1, day, hour, minute, second) - CYCLE_MS
}

/** The milliseconds of a fraction's digits, rounded up: nothing may ever be due before the time that was asked for. */
export function fractionMs(digits: string | undefined): number {
  if (digits === undefined) return 0
  return Number((digits + '00').slice(0, 3)) + (isFinerThanMs(digits) ? 1 : 0)
}

export function isFinerThanMs(digits: string | undefined): boolean {
  return digits !== undefined && digits.length > 3 && /[1-9]/.test(digits.slice(3))
}

export function formatWallClock(wall: WallClock): string {
  const two = (n: number) => String(n).padStart(2, '0')
  const date = `${String(wall.year).padStart(4, '0')}-${two(wall.month)}-${two(wall.day)}`
  return `${date}T${two(wall.hour)}:${two(wall.minute)}:${two(wall.second)}`
}

/** Says why the wall clock does not exist; undefined if it does. */
export function calendarFault(wall: WallClock): CalendarFault | undefined {
  if (exists(wall)) return undefined
  const { year, month, day, hour, minute, second } = wall
  if (month < 1 || month > 12) {
    const swapped = { ...wall, month: day, day: month }
    const message = {
      en: `There is no month ${month}: the order is year, month, day.`,
      ko: `${month}월은 없습니다. 연, 월, 일 순서로 써야 합니다.`,
    }
    return exists(swapped) ? { message, mended: formatWallClock(swapped) } : { message }
  }
  const last = daysInMonth(year, month)
  if (day < 1 || day > last) {
    const nearest = { ...wall, day: day < 1 ? 1 : last }
    const message = {
      en: `${MONTHS[month - 1]} ${year} has the days 1 to ${last}.`,
      ko: `${year}년 ${month}월에는 1일부터 ${last}일까지만 있습니다.`,
    }
    return exists(nearest) ? { message, mended: formatWallClock(nearest) } : { message }
  }
  if (hour === 24 && minute === 0 && second === 0) {
    return runOver(wall, {
      en: '24:00 is not taken: write 00:00 of the next day.',
      ko: '24:00은 쓸 수 없습니다. 다음 날 00:00으로 써야 합니다.',
    })
  }
  if (hour > 23) {
    return {
      message: {
        en: `There is no hour ${hour}: hours are 00 to 23.`,
        ko: `${hour}시는 없습니다. 시는 00부터 23까지입니다.`,
      },
    }
  }
  if (minute > 60 || second > 60) {
    return {
      message: {
        en: 'Minutes and seconds are 00 to 59.',
        ko: '분과 초는 00부터 59까지입니다.',
      },
    }
  }
  return runOver(wall, {
    en: ':60 is not taken, not for a leap second either: minutes and seconds are 00 to 59.',
    ko: ':60은 윤초라도 쓸 수 없습니다. 분과 초는 00부터 59까지입니다.',
  })
}

function runOver(wall: WallClock, message: Text): CalendarFault {
  const iso = new Date(utcMs(wall)).toISOString()
  // Past the year 9999 there is nothing left to suggest: toISOString then writes six digits and a sign.
  return /^\d/.test(iso) ? { message, mended: iso.slice(0, 19) } : { message }
}
