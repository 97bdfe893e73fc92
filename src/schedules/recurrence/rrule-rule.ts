import { timeZoneNamed, wallSecondsOf, type WallSeries } from '../../timers/index.ts'
import { DAY_SECONDS } from './civil.ts'
import { unbounded } from './refusal.ts'
import type { BoundRule, Rule } from './rule.ts'
import {
  isWithinDay,
  type Meter,
  parseRRule,
  type Recurrence,
  ruleSeries,
  ruleWords,
  type Stamp,
} from './rrule/index.ts'

/** The runs of a COUNT are counted from the start on. Both limits stand for some 10 ms. */
const MAX_COUNT = 10_000
const MAX_COUNT_STEPS = 50_000
const FAR_SECONDS = 20 * 365 * DAY_SECONDS
/** A day to try rules from whose text names none. */
const ANY_WALL = 946_684_800

export function readRRuleRule(text: string): Rule {
  const recurrence = parseRRule(text)
  const { parts, start } = recurrence
  if (parts.count !== null && parts.count > MAX_COUNT) refuseLargeCount()
  const timeZone = recurrence.timeZone === null ? null : timeZoneNamed(recurrence.timeZone, 'rrule')
  // Schedules that run again and again ask for the same start, most of them the one that the text names.
  let last: { key: string; bound: BoundRule } | undefined
  const bind: Rule['bind'] = (zone, anchorMs, isStart) => {
    const key = `${start === null ? `${anchorMs} ${isStart}` : ''} ${zone}`
    if (last?.key !== key)
      last = { key, bound: boundTo(recurrence, zone, { at: Math.floor(anchorMs / 1000), isStart }) }
    return last.bound
  }
  // Without a start only a rule without an interval is the same wherever it begins.
  if (start !== null) requireAny(bind(timeZone ?? 'UTC', 0, true).series)
  else if (parts.interval === 1) requireAny(ruleSeries(parts, ANY_WALL, { steps: 0 }))
  return {
    path: 'rrule',
    timeZone,
    isElapsed: isWithinDay(parts),
    bind,
    describe: (language) => ruleWords(recurrence)[language],
  }
}

/** The rule in its zone, with what its text adds, leaves out and ends with. */
function boundTo(recurrence: Recurrence, zone: string, anchor: { at: number; isStart: boolean }): BoundRule {
  const { parts, start, excluded, added } = recurrence
  const wallOf = (stamp: Stamp): number =>
    stamp.kind === 'utc' ? wallSecondsOf(zone, stamp.wall) : stamp.wall
  const startWall = start === null ? wallSecondsOf(zone, anchor.at) : wallOf(start)
  const { until } = parts
  const meter = { steps: 0 }
  let series = ruleSeries(parts, startWall, meter)
  if (parts.count !== null) {
    const after = start !== null || anchor.isStart ? -Infinity : startWall
    series = endingAt(series, countedTo(series, parts.count, { after, meter }))
  }
  if (until !== null)
    series = endingAt(series, until.kind === 'date' ? until.wall + DAY_SECONDS - 1 : wallOf(until))
  if (added.length > 0) {
    const secondOfDay = ((startWall % DAY_SECONDS) + DAY_SECONDS) % DAY_SECONDS
    series = including(
      series,
      added.map((stamp) => wallOf(stamp) + (stamp.kind === 'date' ? secondOfDay : 0)),
    )
  }
  const of = (kind: Stamp['kind']): number[] =>
    excluded.filter((stamp) => stamp.kind === kind).map(({ wall }) => wall)
  return {
    series: leavingOut(series, new Set(of('local')), new Set(of('date').map((wall) => wall / DAY_SECONDS))),
    // Where clocks are put back the wall clock alone does not tell on which side of the end a run is.
    until: until?.kind === 'utc' && added.length === 0 ? until.wall : Infinity,
    without: new Set(of('utc')),
  }
}

/** The wall-clock time of the last of `count` runs that come after a time; Infinity where that is lifetimes away. */
function countedTo(
  series: WallSeries,
  count: number,
  { after, meter }: { after: number; meter: Meter },
): number {
  const first = series.next(after)
  let wall = first
  for (let i = 1; i < count && wall !== Infinity; i++) {
    if (meter.steps > MAX_COUNT_STEPS) return wall - first > FAR_SECONDS ? Infinity : refuseLargeCount()
    wall = series.next(wall)
  }
  return wall
}

function endingAt(series: WallSeries, end: number): WallSeries {
  return {
    next(after) {
      // Asked past its end, a rule would look for runs to the end of the calendar.
      if (after >= end) return Infinity
      const wall = series.next(after)
      return wall > end ? Infinity : wall
    },
  }
}

function including(series: WallSeries, added: readonly number[]): WallSeries {
  const sorted = [...added].sort((a, b) => a - b)
  return { next: (after) => Math.min(series.next(after), sorted.find((wall) => wall > after) ?? Infinity) }
}

function leavingOut(series: WallSeries, walls: ReadonlySet<number>, days: ReadonlySet<number>): WallSeries {
  if (walls.size === 0 && days.size === 0) return series
  return {
    next(after) {
      let wall = series.next(after)
      while (walls.has(wall) || days.has(Math.floor(wall / DAY_SECONDS))) wall = series.next(wall)
      return wall
    },
  }
}

/** A rule whose text says all that it depends on is held against the calendar at once. */
function requireAny(series: WallSeries): void {
  if (series.next(-Infinity) !== Infinity) return
  throw unbounded('rrule', {
    en: 'This rule never runs: no day or time from its start to its end fits all of its parts.',
    ko: '이 규칙은 한 번도 실행되지 않습니다. 시작부터 끝까지 모든 항목에 맞는 날짜나 시각이 없습니다.',
  })
}

function refuseLargeCount(): never {
  throw unbounded('rrule', {
    en: `The runs of this COUNT cannot be counted within the limits (${MAX_COUNT} at most). Leave it out, or end the rule by UNTIL.`,
    ko: `이 COUNT만큼의 실행은 한도 안에서 셀 수 없습니다(최대 ${MAX_COUNT}). 생략하거나 UNTIL로 끝을 정해야 합니다.`,
  })
}
