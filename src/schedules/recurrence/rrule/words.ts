import type { Text } from '../../../platform/errors.ts'
import { civilDay, DAY_SECONDS, formatDay } from '../civil.ts'
import { listed, months, place, plain, ranges, sentence, times, weekdayName, weekdays } from '../words.ts'
import type { Frequency, Recurrence, RuleParts } from './parts.ts'

const EVERY: Readonly<Record<Frequency, { one: Text; many: Text }>> = {
  YEARLY: { one: { en: 'every year', ko: '매년' }, many: { en: 'years', ko: '년' } },
  MONTHLY: { one: { en: 'every month', ko: '매월' }, many: { en: 'months', ko: '개월' } },
  WEEKLY: { one: { en: 'every week', ko: '매주' }, many: { en: 'weeks', ko: '주' } },
  DAILY: { one: { en: 'every day', ko: '매일' }, many: { en: 'days', ko: '일' } },
  HOURLY: { one: { en: 'every hour', ko: '매시간' }, many: { en: 'hours', ko: '시간' } },
  MINUTELY: { one: { en: 'every minute', ko: '매분' }, many: { en: 'minutes', ko: '분' } },
  SECONDLY: { one: { en: 'every second', ko: '매초' }, many: { en: 'seconds', ko: '초' } },
}

/** A rule in words. What it leaves out is that of its start, and is named where the text has one. */
export function ruleWords({ parts, start, excluded, added }: Recurrence): Text {
  const { freq, interval } = parts
  const { one, many } = EVERY[freq]
  const every = interval === 1 ? one : { en: `every ${interval} ${many.en}`, ko: `${interval}${many.ko}마다` }
  const month = parts.byMonth.length > 0 ? months(parts.byMonth) : undefined
  const days = dayWords(parts, start?.wall)
  const ends = endWords(parts, excluded.length, added.length)
  return {
    en: sentence([every, ...days, month, ...timeWords(parts, start?.wall), choice(parts), ...ends]).en,
    ko: sentence([
      ...ends.slice(2),
      ...timeWords(parts, start?.wall),
      choice(parts),
      ...days,
      month,
      every,
      ...ends.slice(0, 2),
    ]).ko,
  }
}

function timeWords(parts: RuleParts, start: number | undefined): (Text | undefined)[] {
  const { freq, byHour, byMinute, bySecond } = parts
  const second = start === undefined ? undefined : ((start % DAY_SECONDS) + DAY_SECONDS) % DAY_SECONDS
  const isWithinDay = freq === 'HOURLY' || freq === 'MINUTELY' || freq === 'SECONDLY'
  if (!isWithinDay) {
    const of = (list: readonly number[], value: number): readonly number[] | undefined =>
      list.length > 0 ? list : second === undefined ? undefined : [value]
    const at = second ?? 0
    const hours = of(byHour, Math.floor(at / 3600))
    const minutes = of(byMinute, Math.floor(at / 60) % 60)
    const listedTimes =
      hours === undefined || minutes === undefined
        ? undefined
        : times(hours, minutes, of(bySecond, at % 60) ?? [0])
    if (listedTimes !== undefined) return [listedTimes]
    if (byHour.length + byMinute.length + bySecond.length === 0) {
      return [{ en: 'at the time of its start', ko: '시작 시각과 같은 시각에' }]
    }
  }
  return [unit(bySecond, 'at second', '초'), unit(byMinute, 'at minute', '분'), unit(byHour, 'in hour', '시')]
}

function unit(values: readonly number[], en: string, ko: string): Text | undefined {
  if (values.length === 0) return undefined
  const list = ranges(values, plain(ko))
  return { en: `${en} ${list.en}`, ko: `${list.ko}에` }
}

function dayWords(parts: RuleParts, start: number | undefined): (Text | undefined)[] {
  const { freq, byDay, byMonthDay, byYearDay, byWeekNo, byMonth } = parts
  const isOfMonth = freq === 'MONTHLY' || byMonth.length > 0
  const hasNone = byDay.length + byMonthDay.length + byYearDay.length === 0
  if (hasNone && start !== undefined && byWeekNo.length === 0) return [startDay(freq, byMonth, start)]
  return [
    byDay.length > 0 ? weekdayWords(parts, isOfMonth) : undefined,
    signed(byMonthDay, { en: 'of the month', ko: '' }),
    signed(byYearDay, { en: 'of the year', ko: '그 해의 ' }),
    byWeekNo.length > 0
      ? { en: `in week ${byWeekNo.join(', ')} of the year`, ko: `그 해의 ${byWeekNo.join(', ')}주차` }
      : undefined,
  ]
}

/** The day that the start stands in for. */
function startDay(freq: Frequency, byMonth: readonly number[], start: number): Text | undefined {
  const number = Math.floor(start / DAY_SECONDS)
  const { month, day } = civilDay(number)
  const date = { en: `on day ${day} of the month`, ko: `${day}일` }
  if (freq === 'WEEKLY') {
    const name = weekdayName((((number + 4) % 7) + 7) % 7)
    return { en: `on ${name.en}`, ko: name.ko }
  }
  if (freq === 'MONTHLY' || (freq === 'YEARLY' && byMonth.length > 0)) return date
  if (freq !== 'YEARLY') return undefined
  const of = months([month])
  return { en: `on ${of.en.slice('in '.length)} ${day}`, ko: `${of.ko} ${date.ko}` }
}

function weekdayWords({ byDay }: RuleParts, isOfMonth: boolean): Text {
  const every = byDay.filter(({ n }) => n === 0).map(({ day }) => day)
  const items = every.length > 0 ? [weekdays([...new Set(every)].sort((a, b) => a - b))] : []
  for (const { day, n } of byDay) {
    if (n === 0) continue
    const [which, name] = [place(n), weekdayName(day)]
    items.push({
      en: `${which.en} ${name.en} of the ${isOfMonth ? 'month' : 'year'}`,
      ko: `그 ${isOfMonth ? '달' : '해'}의 ${which.ko} ${name.ko}`,
    })
  }
  const { en, ko } = listed(items)
  return { en: `on ${en}`, ko }
}

/** Days that are counted from the start or, negative, from the end. */
function signed(values: readonly number[], of: Text): Text | undefined {
  if (values.length === 0) return undefined
  const fromStart = values.filter((value) => value > 0)
  const items: Text[] = []
  if (fromStart.length > 0) {
    const list = ranges(fromStart, plain(of.ko === '' ? '일' : '번째 날'))
    items.push({ en: `day ${list.en} ${of.en}`, ko: `${of.ko}${list.ko}` })
  }
  for (const value of values) {
    if (value > 0) continue
    const which = place(value)
    items.push({ en: `${which.en} day ${of.en}`, ko: `${of.ko === '' ? '그 달의 ' : of.ko}${which.ko} 날` })
  }
  const { en, ko } = listed(items)
  return { en: `on ${en}`, ko }
}

function choice({ bySetPos, freq }: RuleParts): Text | undefined {
  if (bySetPos.length === 0) return undefined
  const list = listed(bySetPos.map(place))
  const period = {
    YEARLY: '해',
    MONTHLY: '달',
    WEEKLY: '주',
    DAILY: '날',
    HOURLY: '시간',
    MINUTELY: '분',
    SECONDLY: '초',
  }[freq]
  const name = freq === 'DAILY' ? 'day' : freq.slice(0, -2).toLowerCase()
  return { en: `only ${list.en} of these in the ${name}`, ko: `(그 ${period}의 해당하는 것 중 ${list.ko}만)` }
}

function endWords({ count, until }: RuleParts, excluded: number, added: number): (Text | undefined)[] {
  const day = until === null ? '' : formatDay(Math.floor(until.wall / DAY_SECONDS))
  return [
    count === null ? undefined : { en: count === 1 ? 'once' : `${count} times`, ko: `총 ${count}번` },
    until === null ? undefined : { en: `until ${day}`, ko: `${day}까지` },
    excluded === 0 ? undefined : { en: `but for ${excluded} excluded`, ko: `(제외 ${excluded}건)` },
    added === 0 ? undefined : { en: `and ${added} more`, ko: `(추가 ${added}건)` },
  ]
}
