import type { Text } from '../../../platform/errors.ts'

/** One of the six fields of a cron expression. */
export interface FieldKind {
  name: Text
  min: number
  max: number
  /** Names for the values from `min` on. */
  names: readonly string[]
}

const none: readonly string[] = []
export const MONTH_NAMES = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ')
export const DAY_NAMES = 'SUN MON TUE WED THU FRI SAT'.split(' ')

export const SECOND: FieldKind = { name: { en: 'second', ko: '초' }, min: 0, max: 59, names: none }
export const MINUTE: FieldKind = { name: { en: 'minute', ko: '분' }, min: 0, max: 59, names: none }
export const HOUR: FieldKind = { name: { en: 'hour', ko: '시' }, min: 0, max: 23, names: none }
export const DAY_OF_MONTH: FieldKind = {
  name: { en: 'day of month', ko: '일' },
  min: 1,
  max: 31,
  names: none,
}
export const MONTH: FieldKind = { name: { en: 'month', ko: '월' }, min: 1, max: 12, names: MONTH_NAMES }
/** 7 is Sunday, too. */
export const DAY_OF_WEEK: FieldKind = {
  name: { en: 'day of week', ko: '요일' },
  min: 0,
  max: 7,
  names: DAY_NAMES,
}

/** A part of a field between commas: `from`, `from-to`, `from-to/step`, `*` or `*` with a step. */
export interface Range {
  from: number
  to: number
  step: number
  /** Written with `*` or `?`. */
  isStar: boolean
}

export interface Field {
  ranges: readonly Range[]
  /** Rising, each once. */
  values: readonly number[]
  /** Begins with `*` or `?`: the day fields then take part in no "or" (see `days.ts`). */
  isStar: boolean
}

export function fieldOf(ranges: readonly Range[]): Field {
  const values = new Set<number>()
  for (const { from, to, step } of ranges) for (let i = from; i <= to; i += step) values.add(i)
  return {
    ranges,
    values: [...values].sort((a, b) => a - b),
    isStar: ranges[0]?.isStar === true,
  }
}

/** The special days of the month: `L` (0 before the last), `L-3`, `15W`, `LW`. */
export interface MonthDays extends Field {
  beforeLast: readonly number[]
  nearestWeekday: readonly number[]
  lastWeekday: boolean
}

/** The special days of the week: `FRI#2`, and `FRIL` as the last Friday of the month. */
export interface WeekDays extends Field {
  nth: readonly { day: number; n: number }[]
  last: readonly number[]
}

export interface CronFields {
  /** Whether a field for seconds was given. */
  hasSeconds: boolean
  second: Field
  minute: Field
  hour: Field
  monthDay: MonthDays
  month: Field
  weekDay: WeekDays
}
