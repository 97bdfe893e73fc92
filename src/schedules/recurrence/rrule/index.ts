import type { WallSeries } from '../../../timers/index.ts'
import { civilDay, DAY_SECONDS, weekday } from '../civil.ts'
import { createDayTimes } from '../day-times.ts'
import { createDayFilter, filled } from './day-filter.ts'
import type { Meter, RuleParts, Start } from './parts.ts'
import { createPeriodSeries } from './periods.ts'
import { createTickSeries } from './ticks.ts'

export { parseRRule } from './parse.ts'
export { ruleWords } from './words.ts'
export type { Meter, Recurrence, RuleParts, Stamp } from './parts.ts'

/** The wall-clock times of a rule without its COUNT and UNTIL, from a start on, which is itself one only if it fits. */
export function ruleSeries(parts: RuleParts, startWall: number, meter: Meter): WallSeries {
  const start = startOf(startWall)
  const whole = filled(parts, start)
  const filter = createDayFilter(whole)
  if (isWithinDay(parts)) return createTickSeries(whole, start, filter, meter)
  const times = createDayTimes(
    parts.byHour.length > 0 ? parts.byHour : [start.hour],
    parts.byMinute.length > 0 ? parts.byMinute : [start.minute],
    parts.bySecond.length > 0 ? parts.bySecond : [start.second],
  )
  return createPeriodSeries(whole, start, filter, times, meter)
}

/** Such a rule means elapsed time. */
export function isWithinDay({ freq }: RuleParts): boolean {
  return freq === 'HOURLY' || freq === 'MINUTELY' || freq === 'SECONDLY'
}

function startOf(wall: number): Start {
  const number = Math.floor(wall / DAY_SECONDS)
  const second = wall - number * DAY_SECONDS
  const { year, month, day } = civilDay(number)
  return {
    day: number,
    year,
    month,
    monthDay: day,
    weekday: weekday(number),
    hour: Math.floor(second / 3600),
    minute: Math.floor(second / 60) % 60,
    second: second % 60,
  }
}
