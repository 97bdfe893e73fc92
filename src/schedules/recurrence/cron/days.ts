import { civilDay, dayNumber, LAST_DAY, monthLength, weekday } from '../civil.ts'
import type { CronFields, MonthDays, WeekDays } from './fields.ts'

/** The days on which an expression runs. */
export interface CronDays {
  /** The first one at or after a day; Infinity where there is none. */
  next(day: number): number
}

/**
 * crontab(5): where both fields of days are restricted, a day that matches either of them is taken. A field that begins
 * with a star counts as not restricted, also with a step: then both must match, so that `0 0 1-31/2 * MON` is every odd
 * day and every Monday, but `0 0 *\/2 * MON` the Mondays with an odd date.
 */
export function createCronDays({ monthDay, month, weekDay }: CronFields): CronDays {
  const isEither = !monthDay.isStar && !weekDay.isStar
  const isMonth = new Set(month.values)
  let lastKey = -1
  let lastMask = 0

  /** Bit 1 for the first of the month, bit 31 for the 31st. */
  const maskOf = (year: number, of: number): number => {
    const key = year * 12 + of
    if (key === lastKey) return lastMask
    const length = monthLength(year, of)
    const first = weekday(dayNumber(year, of, 1))
    const byDate = dateMask(monthDay, length, first)
    const byWeekday = weekdayMask(weekDay, length, first)
    lastKey = key
    lastMask = isEither ? byDate | byWeekday : byDate & byWeekday
    return lastMask
  }

  return {
    next(from) {
      if (from > LAST_DAY) return Infinity
      let { year, month: of, day } = civilDay(from)
      for (let start = dayNumber(year, of, 1); start <= LAST_DAY;) {
        if (isMonth.has(of)) {
          const rest = (maskOf(year, of) >>> day) << day
          // The lowest bit that is left: 31 leading zeros stand for bit 0.
          if (rest !== 0) return start + 30 - Math.clz32(rest & -rest)
        }
        start += monthLength(year, of)
        day = 1
        if (of === 12) {
          of = 1
          year++
        } else of++
      }
      return Infinity
    },
  }
}

function dateMask(field: MonthDays, length: number, first: number): number {
  let mask = 0
  const isWeekend = (day: number): boolean => (first + day - 1) % 7 === 0 || (first + day - 1) % 7 === 6
  for (const day of field.values) if (day <= length) mask |= 1 << day
  for (const before of field.beforeLast) if (length - before >= 1) mask |= 1 << (length - before)
  for (const day of field.nearestWeekday) if (day <= length) mask |= 1 << nearest(day, length, first)
  if (field.lastWeekday) {
    let day = length
    while (isWeekend(day)) day--
    mask |= 1 << day
  }
  return mask
}

/** The weekday nearest to a date, never in another month. */
function nearest(day: number, length: number, first: number): number {
  const of = (first + day - 1) % 7
  if (of === 6) return day > 1 ? day - 1 : day + 2
  if (of === 0) return day < length ? day + 1 : day - 2
  return day
}

function weekdayMask(field: WeekDays, length: number, first: number): number {
  let mask = 0
  const firstOf = (of: number): number => 1 + ((of - first + 7) % 7)
  for (const of of field.values) for (let day = firstOf(of); day <= length; day += 7) mask |= 1 << day
  for (const { day: of, n } of field.nth) {
    const day = firstOf(of) + (n - 1) * 7
    if (day <= length) mask |= 1 << day
  }
  for (const of of field.last) mask |= 1 << (firstOf(of) + Math.floor((length - firstOf(of)) / 7) * 7)
  return mask
}
