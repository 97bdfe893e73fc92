/**
 * The Gregorian calendar in whole numbers: a day is counted from 1970-01-01, and a month from January of the year 0
 * (`year * 12 + month - 1`), so that both can be stepped through.
 */
export interface CivilDay {
  year: number
  /** 1 to 12. */
  month: number
  /** 1 to 31. */
  day: number
}

export const DAY_SECONDS = 86_400
/** Nothing runs after it: no search goes on for ever. */
export const LAST_YEAR = 2199

/** Days from 1970-01-01 to the first of a month, by the algorithm of Howard Hinnant: years begin in March. */
export function dayNumber(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

export function civilDay(number: number): CivilDay {
  const shifted = number + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  }
}

export const LAST_DAY = dayNumber(LAST_YEAR, 12, 31)

/** 0 is Sunday, as in cron. */
export function weekday(number: number): number {
  return (((number + 4) % 7) + 7) % 7
}

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

export function monthLength(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`)

/** `2026-12-01` */
export function formatDay(number: number): string {
  const { year, month, day } = civilDay(number)
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
}

/** `2026-12-01T09:00:00`, of a wall-clock time read as UTC. */
export function formatWall(seconds: number): string {
  const day = Math.floor(seconds / DAY_SECONDS)
  const rest = seconds - day * DAY_SECONDS
  const minutes = Math.floor(rest / 60)
  return `${formatDay(day)}T${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(rest % 60)}`
}
