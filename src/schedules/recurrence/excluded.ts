import type { WallSeries } from '../../timers/index.ts'
import { DAY_SECONDS, dayNumber, monthLength } from './civil.ts'
import { refusal, shown } from './refusal.ts'

const MAX_EXCLUDED = 1000
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/

/** Reads dates of the zone's calendar as days since 1970. */
export function readExcluded(dates: readonly string[]): ReadonlySet<number> {
  if (dates.length > MAX_EXCLUDED) {
    throw refusal('exclude', {
      en: `At most ${MAX_EXCLUDED} dates can be excluded; these are ${dates.length}.`,
      ko: `제외할 날짜는 ${MAX_EXCLUDED}개까지 쓸 수 있습니다. 지금은 ${dates.length}개입니다.`,
    })
  }
  return new Set(dates.map((date, i) => readDate(date, `exclude[${i}]`)))
}

function readDate(text: string, path: string): number {
  const [, year = 0, month = 0, day = 0] = (DATE.exec(text) ?? []).map(Number)
  if (month >= 1 && month <= 12 && day >= 1 && day <= monthLength(year, month)) {
    return dayNumber(year, month, day)
  }
  const loose = /^(\d{4})[-/.]?(\d\d)[-/.]?(\d\d)/.exec(text)
  const mended = loose === null ? undefined : `${loose[1]}-${loose[2]}-${loose[3]}`
  throw refusal(
    path,
    {
      en: `${shown(text)} is not a date of the calendar, written YYYY-MM-DD.`,
      ko: `${shown(text)}은(는) YYYY-MM-DD 형식으로 쓴, 달력에 있는 날짜가 아닙니다.`,
    },
    mended === text ? undefined : mended,
  )
}

/** The series without what falls on these days. */
export function excluding(series: WallSeries, days: ReadonlySet<number>): WallSeries {
  if (days.size === 0) return series
  return {
    next(after) {
      let wall = series.next(after)
      for (let day = dayOf(wall); days.has(day); day = dayOf(wall)) {
        wall = series.next((day + 1) * DAY_SECONDS - 1)
      }
      return wall
    },
  }
}

function dayOf(wall: number): number {
  return Math.floor(wall / DAY_SECONDS)
}
