import { civilDay, dayNumber, isLeapYear, monthLength, weekday } from '../civil.ts'
import type { RuleParts, Start } from './parts.ts'

/** Whether a rule's BY parts for days take a day of the calendar. */
export interface DayFilter {
  /** The day, as a number and as a date. */
  takes(number: number, year: number, month: number, day: number): boolean
  takesNumber(number: number): boolean
}

/**
 * All BY parts for days as one filter over the days of a period: what RFC 5545 calls expanding a period and what it
 * calls limiting it come to the same, once what is left out is taken from the start.
 */
export function createDayFilter(parts: RuleParts): DayFilter {
  const { freq, byMonth, byWeekNo, byYearDay, byMonthDay, byDay } = parts
  const weekdays = maskOf(byDay.filter(({ n }) => n === 0).map(({ day }) => day))
  const numbered = byDay.filter(({ n }) => n !== 0)
  const months = maskOf(byMonth)
  const monthDays = maskOf(byMonthDay.filter((day) => day > 0))
  const daysFromEnd = maskOf(byMonthDay.filter((day) => day < 0).map((day) => -day))
  const yearDays = new Set(byYearDay)
  const weeks = new Set(byWeekNo)
  /** A numbered day is one of the month, unless the rule is yearly and names no month. */
  const isOfMonth = freq === 'MONTHLY' || byMonth.length > 0

  const takesNumbered = (of: number, number: number, year: number, month: number, day: number): boolean => {
    const place = isOfMonth ? day : number - dayNumber(year, 1, 1) + 1
    const size = isOfMonth ? monthLength(year, month) : isLeapYear(year) ? 366 : 365
    const fromStart = Math.ceil(place / 7)
    const fromEnd = -Math.ceil((size - place + 1) / 7)
    return numbered.some(({ day: wanted, n }) => wanted === of && (n === fromStart || n === fromEnd))
  }

  function takes(number: number, year: number, month: number, day: number): boolean {
    if (months !== 0 && ((months >>> month) & 1) === 0) return false
    if (byMonthDay.length > 0) {
      const isTaken =
        ((monthDays >>> day) & 1) === 1 ||
        (daysFromEnd !== 0 && ((daysFromEnd >>> (monthLength(year, month) - day + 1)) & 1) === 1)
      if (!isTaken) return false
    }
    if (byDay.length > 0) {
      const of = weekday(number)
      if (((weekdays >>> of) & 1) === 0 && !takesNumbered(of, number, year, month, day)) return false
    }
    if (yearDays.size > 0) {
      const place = number - dayNumber(year, 1, 1) + 1
      if (!yearDays.has(place) && !yearDays.has(place - (isLeapYear(year) ? 367 : 366))) return false
    }
    return weeks.size === 0 || takesWeek(weeks, number, parts.weekStart)
  }

  const takesAll = [months, byMonthDay.length, byDay.length, yearDays.size, weeks.size].every((n) => n === 0)
  return {
    takes,
    takesNumber(number) {
      if (takesAll) return true
      const { year, month, day } = civilDay(number)
      return takes(number, year, month, day)
    },
  }
}

/** The rule with the day of the start where it names none. */
export function filled(parts: RuleParts, start: Start): RuleParts {
  const { freq, byWeekNo, byYearDay, byMonthDay, byDay, byMonth } = parts
  if (byYearDay.length > 0 || byMonthDay.length > 0 || byDay.length > 0) return parts
  const isWhole = freq === 'YEARLY' || freq === 'MONTHLY' || freq === 'WEEKLY'
  if (freq === 'WEEKLY' || (isWhole && byWeekNo.length > 0)) {
    return { ...parts, byDay: [{ day: start.weekday, n: 0 }] }
  }
  if (freq === 'MONTHLY') return { ...parts, byMonthDay: [start.monthDay] }
  if (freq !== 'YEARLY') return parts
  return { ...parts, byMonthDay: [start.monthDay], byMonth: byMonth.length > 0 ? byMonth : [start.month] }
}

/** Weeks begin with `weekStart`, and belong to the year that has at least four of their days. */
function takesWeek(weeks: ReadonlySet<number>, number: number, weekStart: number): boolean {
  const middle = number - ((weekday(number) - weekStart + 7) % 7) + 3
  const { year } = civilDay(middle)
  const week = Math.floor((middle - dayNumber(year, 1, 1)) / 7) + 1
  if (weeks.has(week)) return true
  // 28 December is always in the last week.
  const late = dayNumber(year, 12, 28)
  const last = Math.floor((late - ((weekday(late) - weekStart + 7) % 7) + 3 - dayNumber(year, 1, 1)) / 7) + 1
  return weeks.has(week - last - 1)
}

function maskOf(values: readonly number[]): number {
  return values.reduce((mask, value) => mask | (1 << value), 0)
}
