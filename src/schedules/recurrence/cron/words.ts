import type { Text } from '../../../platform/errors.ts'
import { listed, months, place, plain, ranges, sentence, times, weekdayName, weekdays } from '../words.ts'
import type { CronFields, Field, MonthDays, Range, WeekDays } from './fields.ts'

/** An expression in words, as it is read, special days and the "or" of the day fields included. */
export function cronWords(fields: CronFields): Text {
  const { month } = fields
  const isDaily = !fields.hour.isStar && month.values.length === 12
  return sentence([
    ...timeWords(fields),
    dayWords(fields) ?? (isDaily ? { en: 'every day', ko: '매일' } : undefined),
    month.values.length === 12 ? undefined : months(month.values),
  ])
}

function timeWords({ second, minute, hour }: CronFields): (Text | undefined)[] {
  const isFixed = [second, minute, hour].every(({ ranges: parts }) =>
    parts.every(({ step, isStar }) => step === 1 && !isStar),
  )
  const fixed = isFixed ? times(hour.values, minute.values, second.values) : undefined
  if (fixed !== undefined) return [fixed]
  const isWholeMinute = second.values.length === 1 && second.values[0] === 0
  const isEverySecond = saysEvery(second, 60)
  const isEveryMinute = isEverySecond || saysEvery(minute, 60)
  return [
    isWholeMinute ? undefined : unitWords(second, 60, UNITS.second, true),
    unitWords(minute, 60, UNITS.minute, !isEverySecond),
    unitWords(hour, 24, UNITS.hour, !isEveryMinute),
  ]
}

/** Where the step does not divide the round, its last interval is shorter: the values tell it better. */
function saysEvery(field: Field, size: number): boolean {
  const step = stepOf(field)
  return step !== undefined && size % step === 0
}

interface Unit {
  one: Text
  /** The unit as the end of a Korean number, and in an English list. */
  suffix: string
  list: string
  every(n: number): Text
}

const UNITS = {
  second: {
    one: { en: 'every second', ko: '매초' },
    suffix: '초',
    list: 'at second',
    every: (n) => ({ en: `every ${n} seconds`, ko: `${n}초마다` }),
  },
  minute: {
    one: { en: 'every minute', ko: '매분' },
    suffix: '분',
    list: 'at minute',
    every: (n) => ({ en: `every ${n} minutes`, ko: `${n}분마다` }),
  },
  hour: {
    one: { en: 'every hour', ko: '매시간' },
    suffix: '시',
    list: 'in hour',
    every: (n) => ({ en: `every ${n} hours`, ko: `${n}시간마다` }),
  },
} as const satisfies Record<string, Unit>

/** `isLeast`: no smaller unit says "every" already, so that this one must. */
function unitWords(field: Field, size: number, unit: Unit, isLeast: boolean): Text | undefined {
  if (field.values.length === size) return isLeast ? unit.one : undefined
  if (saysEvery(field, size)) return unit.every(stepOf(field) ?? 1)
  const list = ranges(field.values, plain(unit.suffix))
  // 9시부터 17시까지 15분마다, but 9시에 매분.
  return { en: `${unit.list} ${list.en}`, ko: list.ko.endsWith('까지') ? list.ko : `${list.ko}에` }
}

function stepOf({ ranges: parts }: Field): number | undefined {
  const [first, second] = parts
  return first?.isStar === true && second === undefined ? first.step : undefined
}

function dayWords({ monthDay, weekDay }: CronFields): Text | undefined {
  const isAnyDate = isAll(monthDay)
  const isAnyWeekday = isAll(weekDay)
  if (isAnyDate && isAnyWeekday) return undefined
  const dates = dateWords(monthDay)
  const days = weekdayWords(weekDay)
  if (isAnyDate) return { en: `on ${days.en}`, ko: days.ko }
  if (isAnyWeekday) return { en: `on ${dates.en}`, ko: dates.ko }
  return monthDay.isStar || weekDay.isStar
    ? { en: `on ${dates.en} if it is also ${days.en}`, ko: `${dates.ko}이면서 ${days.ko}인 날` }
    : { en: `on ${dates.en} or on ${days.en}`, ko: `${dates.ko} 또는 ${days.ko}` }
}

function isAll({ ranges: [first, second] }: { ranges: readonly Range[] }): boolean {
  return first?.isStar === true && first.step === 1 && second === undefined
}

function dateWords(field: MonthDays): Text {
  const items: Text[] = []
  if (field.values.length > 0) {
    const list = ranges(field.values, plain('일'))
    items.push({ en: `day ${list.en} of the month`, ko: list.ko })
  }
  for (const before of field.beforeLast) {
    items.push(
      before === 0
        ? { en: 'the last day of the month', ko: '그 달의 마지막 날' }
        : { en: `the day ${before} before the last of the month`, ko: `그 달의 마지막 날 ${before}일 전` },
    )
  }
  for (const day of field.nearestWeekday) {
    items.push({
      en: `the weekday (Monday to Friday) nearest to day ${day} of the month`,
      ko: `${day}일에 가장 가까운 평일`,
    })
  }
  if (field.lastWeekday) items.push({ en: 'the last weekday of the month', ko: '그 달의 마지막 평일' })
  return listed(items)
}

function weekdayWords(field: WeekDays): Text {
  const items: Text[] = []
  if (field.values.length > 0) items.push(weekdays(field.values))
  const numbered = [...field.nth, ...field.last.map((day) => ({ day, n: -1 }))]
  for (const { day, n } of numbered) {
    const [which, name] = [place(n), weekdayName(day)]
    items.push({ en: `${which.en} ${name.en} of the month`, ko: `그 달의 ${which.ko} ${name.ko}` })
  }
  return listed(items)
}
