import type { WallSeries } from '../../../timers/index.ts'
import { civilDay, DAY_SECONDS, dayNumber, LAST_DAY, monthLength } from '../civil.ts'
import type { DayTimes } from '../day-times.ts'
import type { DayFilter } from './day-filter.ts'
import { MAX_STEPS, type Meter, type RuleParts, type Start } from './parts.ts'

/**
 * Rules of whole days: YEARLY to DAILY. Periods are numbered through the calendar (years, months from the year 0, weeks
 * and days from 1970), so that the one that an instant lies in is found without counting up to it.
 */
interface Periods {
  of(day: number): number
  /** Adds the days of a period that the rule takes, in order. */
  collect(period: number, days: number[]): void
  firstDay(period: number): number
  /** How many days one has, at most. */
  days: number
}

export function createPeriodSeries(
  parts: RuleParts,
  start: Start,
  filter: DayFilter,
  times: DayTimes,
  meter: Meter,
): WallSeries {
  const periods = periodsOf(parts, filter)
  const first = periods.of(start.day)
  const { interval, bySetPos } = parts
  const startWall = start.day * DAY_SECONDS + start.hour * 3600 + start.minute * 60 + start.second
  let cachedPeriod = Number.NaN
  let cachedDays: number[] = []
  let cachedPlaces: number[] = []

  const load = (period: number): void => {
    if (period === cachedPeriod) return
    cachedPeriod = period
    cachedDays = []
    meter.steps += periods.days
    periods.collect(period, cachedDays)
    if (bySetPos.length > 0) cachedPlaces = placesOf(bySetPos, cachedDays, times)
  }

  /** The first run of the loaded period at or after a wall-clock time; -1 where there is none. */
  const inPeriod = (from: number): number => {
    if (bySetPos.length > 0) return cachedPlaces.find((wall) => wall >= from) ?? -Infinity
    const fromDay = Math.floor(from / DAY_SECONDS)
    for (const day of cachedDays) {
      if (day < fromDay) continue
      const time = times.next(day === fromDay ? from - day * DAY_SECONDS : 0)
      if (time >= 0) return day * DAY_SECONDS + time
    }
    return -Infinity
  }

  return {
    next(after) {
      const from = Math.max(after + 1, startWall)
      if (from >= (LAST_DAY + 1) * DAY_SECONDS) return Infinity
      const ahead = Math.max(0, periods.of(Math.floor(from / DAY_SECONDS)) - first)
      let period = first + ahead - (ahead % interval)
      const mostSteps = meter.steps + MAX_STEPS
      for (; periods.firstDay(period) <= LAST_DAY && meter.steps < mostSteps; period += interval) {
        load(period)
        const wall = cachedDays.length === 0 ? -Infinity : inPeriod(from)
        if (wall !== -Infinity) return wall
      }
      return Infinity
    },
  }
}

/** BYSETPOS: places among all runs of a period, which are never listed, as a year may have 31 million. */
function placesOf(positions: readonly number[], days: readonly number[], times: DayTimes): number[] {
  const total = days.length * times.count
  const walls = new Set<number>()
  for (const position of positions) {
    const index = position > 0 ? position - 1 : total + position
    if (index < 0 || index >= total) continue
    const day = days[Math.floor(index / times.count)] ?? 0
    walls.add(day * DAY_SECONDS + times.at(index % times.count))
  }
  return [...walls].sort((a, b) => a - b)
}

function periodsOf({ freq, weekStart, byMonth }: RuleParts, filter: DayFilter): Periods {
  const collectMonth = (year: number, month: number, days: number[]): void => {
    const first = dayNumber(year, month, 1)
    const length = monthLength(year, month)
    for (let day = 1; day <= length; day++) {
      if (filter.takes(first + day - 1, year, month, day)) days.push(first + day - 1)
    }
  }
  if (freq === 'YEARLY') {
    const months = byMonth.length > 0 ? byMonth : [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    return {
      of: (day) => civilDay(day).year,
      days: months.length * 31,
      firstDay: (year) => dayNumber(year, 1, 1),
      collect(year, days) {
        for (const month of months) collectMonth(year, month, days)
      },
    }
  }
  if (freq === 'MONTHLY') {
    return {
      of(day) {
        const { year, month } = civilDay(day)
        return year * 12 + month - 1
      },
      days: 31,
      firstDay: (month) => dayNumber(Math.floor(month / 12), (month % 12) + 1, 1),
      collect: (month, days) => collectMonth(Math.floor(month / 12), (month % 12) + 1, days),
    }
  }
  if (freq === 'WEEKLY') {
    // 1970-01-01 was a Thursday.
    const shift = (4 - weekStart + 7) % 7
    return {
      of: (day) => Math.floor((day + shift) / 7),
      days: 7,
      firstDay: (week) => week * 7 - shift,
      collect(week, days) {
        for (let day = week * 7 - shift; day < week * 7 - shift + 7; day++) {
          if (filter.takesNumber(day)) days.push(day)
        }
      },
    }
  }
  return {
    of: (day) => day,
    days: 1,
    firstDay: (day) => day,
    collect(day, days) {
      if (filter.takesNumber(day)) days.push(day)
    },
  }
}
