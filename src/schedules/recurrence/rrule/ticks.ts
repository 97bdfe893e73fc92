import type { WallSeries } from '../../../timers/index.ts'
import { DAY_SECONDS, LAST_DAY } from '../civil.ts'
import { createDayTimes, type DayTimes } from '../day-times.ts'
import type { DayFilter } from './day-filter.ts'
import { MAX_STEPS, type Meter, type RuleParts, type Start } from './parts.ts'

const UNIT_SECONDS = { HOURLY: 3600, MINUTELY: 60, SECONDLY: 1 } as const

/**
 * Rules that tick within the day: HOURLY to SECONDLY. Ticks are `interval` units apart from the start on; where a tick
 * is not taken, the next one that may be is reckoned, not walked to.
 */
export function createTickSeries(
  parts: RuleParts,
  start: Start,
  filter: DayFilter,
  meter: Meter,
): WallSeries {
  const { freq } = parts
  const unit = freq === 'HOURLY' || freq === 'MINUTELY' ? UNIT_SECONDS[freq] : UNIT_SECONDS.SECONDLY
  const step = unit * parts.interval
  const startWall = start.day * DAY_SECONDS + start.hour * 3600 + start.minute * 60 + start.second
  const base = Math.floor(startWall / unit) * unit
  // What is smaller than a tick is within it, and not a condition on it.
  const conditions = createDayTimes(
    listOf(parts.byHour, 24),
    listOf(unit > 60 ? [] : parts.byMinute, 60),
    listOf(unit > 1 ? [] : parts.bySecond, 60),
  )
  const offsets = offsetsOf(parts, start, unit)
  const isPossible = canMatch(step, base, conditions, unit)

  /** The first tick at or after a wall-clock time. */
  const tickFrom = (wall: number): number => base + Math.max(0, Math.ceil((wall - base) / step)) * step

  return {
    next(after) {
      if (!isPossible) return Infinity
      const from = Math.max(after + 1, startWall)
      let tick = base + Math.floor((from - base) / step) * step
      let takenDay = Number.NaN
      for (let steps = 0; steps < MAX_STEPS; steps++) {
        meter.steps++
        const day = Math.floor(tick / DAY_SECONDS)
        if (day > LAST_DAY) return Infinity
        if (day !== takenDay && !filter.takesNumber(day)) {
          tick = tickFrom((day + 1) * DAY_SECONDS)
          continue
        }
        takenDay = day
        const time = conditionAt(conditions, tick - day * DAY_SECONDS, unit)
        if (time < 0) tick = tickFrom((day + 1) * DAY_SECONDS)
        else if (day * DAY_SECONDS + time > tick) tick = tickFrom(day * DAY_SECONDS + time)
        else {
          const offset = offsets.find((value) => tick + value >= from)
          if (offset !== undefined) return tick + offset
          tick += step
        }
      }
      return Infinity
    },
  }
}

/** The first time of the day, at or after one, at which a tick may be; itself where it may be there. */
function conditionAt(conditions: DayTimes, time: number, unit: number): number {
  const found = conditions.next(time)
  // Ticks of hours and minutes are whole, as the conditions on what is smaller are empty: the first in it is meant.
  return found < 0 ? found : Math.floor(found / unit) * unit
}

/** A list, or all values where it is empty. */
function listOf(list: readonly number[], size: number): readonly number[] {
  return list.length > 0 ? list : Array.from({ length: size }, (_, i) => i)
}

/** The seconds within a tick at which the rule runs. */
function offsetsOf({ byMinute, bySecond, bySetPos }: RuleParts, start: Start, unit: number): number[] {
  const minutes = unit < 3600 ? [0] : byMinute.length > 0 ? byMinute : [start.minute]
  const seconds = unit < 60 ? [0] : bySecond.length > 0 ? bySecond : [start.second]
  const all = minutes.flatMap((minute) => seconds.map((second) => minute * 60 + second))
  if (bySetPos.length === 0) return all
  const places = new Set(bySetPos.map((position) => (position > 0 ? position - 1 : all.length + position)))
  return all.filter((_, i) => places.has(i))
}

/**
 * Ticks come round to the same times of the day again: those that differ by the greatest common divisor of the step and
 * the day. A rule that takes none of these would be walked through to the end of the calendar.
 */
function canMatch(step: number, base: number, conditions: DayTimes, unit: number): boolean {
  const divisor = greatestCommonDivisor(step, DAY_SECONDS)
  const first = ((base % divisor) + divisor) % divisor
  for (let time = first; time < DAY_SECONDS; time += divisor) {
    if (conditionAt(conditions, time, unit) === time) return true
  }
  return false
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
