import type { WallSeries } from '../../../timers/index.ts'
import { DAY_SECONDS } from '../civil.ts'
import { createDayTimes } from '../day-times.ts'
import { createCronDays } from './days.ts'
import type { CronFields } from './fields.ts'

export type { CronFields } from './fields.ts'
export { parseCron } from './parse.ts'
export { cronWords } from './words.ts'

/** The wall-clock times of an expression. */
export function cronSeries(fields: CronFields): WallSeries {
  const days = createCronDays(fields)
  const times = createDayTimes(fields.hour.values, fields.minute.values, fields.second.values)
  return {
    next(after) {
      const from = after + 1
      const day = Math.floor(from / DAY_SECONDS)
      const first = days.next(day)
      if (first === day) {
        const time = times.next(from - day * DAY_SECONDS)
        if (time >= 0) return day * DAY_SECONDS + time
        return days.next(day + 1) * DAY_SECONDS + times.next(0)
      }
      return first * DAY_SECONDS + times.next(0)
    },
  }
}

/** The hour is `*` or has a step: what is meant is elapsed time, and it must have no hole where clocks are changed. */
export function isElapsed({ hour }: CronFields): boolean {
  return hour.ranges.some(({ isStar, step }) => isStar || step > 1)
}
