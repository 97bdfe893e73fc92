import type { YeyakError } from '../../platform/errors.ts'
import { nextInstant, type SeriesRule, timeZoneNamed } from '../../timers/index.ts'
import { formatWall } from './civil.ts'
import { excluding, readExcluded } from './excluded.ts'
import { refusal, unbounded } from './refusal.ts'
import type { Rule } from './rule.ts'

/** What a schedule says beside its rule. */
export interface Timing {
  /** An IANA name. */
  timeZone: string
  /** For a local time that does not exist: the moment at which clocks are put forward, or no run. */
  dstGap: 'next' | 'skip'
  /** For a local time that comes twice. */
  dstOverlap: 'first' | 'both'
  /** Dates in the zone, `2026-12-25`. */
  exclude: readonly string[]
  /** What an RRULE without DTSTART counts from: the moment of creation. `startsAtMs` goes before it. */
  anchorMs: number
  /** No run is before it. */
  startsAtMs?: number | null
  /** No run is after it; one that falls on it is made. */
  endsAtMs?: number | null
}

export interface Occurrence {
  atMs: number
  /** What the clocks of the zone show then, `2026-12-01T09:00:00`. */
  local: string
  /** Set where a clock change matters: the local time does not exist, and it runs when the gap ends; or it comes twice. */
  note: 'dst_gap' | 'dst_overlap' | null
}

/** The runs of a rule in its zone, found one by one. Each step is bounded, whatever the rule. */
export interface Occurrences {
  /** The first one after an instant; null where there is none. */
  next(afterMs: number): Occurrence | null
  /** Those from `fromMs` (included) to `toMs` (not included), oldest first, and no more than `limit`. */
  between(fromMs: number, toMs: number, limit: number): Occurrence[]
  /** The latest one in the same range, found without making those before it. */
  latest(fromMs: number, toMs: number): Occurrence | null
}

const TEN_YEARS_MS = 3653 * 86_400_000

export function createOccurrences(rule: Rule, timing: Timing): Occurrences {
  const timeZone = timeZoneNamed(timing.timeZone, 'timeZone')
  if (rule.timeZone !== null && rule.timeZone !== timeZone) throw refuseZones(rule.timeZone, timeZone)
  const bound = rule.bind(
    timeZone,
    timing.startsAtMs ?? timing.anchorMs,
    (timing.startsAtMs ?? null) !== null,
  )
  const series = excluding(bound.series, readExcluded(timing.exclude))
  const seriesRule: SeriesRule = {
    timeZone,
    gap: timing.dstGap,
    overlap: timing.dstOverlap,
    isElapsed: rule.isElapsed,
  }
  // Runs are on whole seconds of the clock, so that whole seconds of instants are enough here.
  const beforeStart = Math.ceil((timing.startsAtMs ?? -Infinity) / 1000) - 1
  const end = Math.min(bound.until, Math.floor((timing.endsAtMs ?? Infinity) / 1000))

  function next(afterMs: number): Occurrence | null {
    let after = Math.max(beforeStart, Math.floor(afterMs / 1000))
    for (;;) {
      const found = nextInstant(series, seriesRule, after)
      if (found === undefined || found.at > end) return null
      if (!bound.without.has(found.at)) {
        return { atMs: found.at * 1000, local: formatWall(found.wall), note: found.note }
      }
      after = found.at
    }
  }

  return {
    next,
    between(fromMs, toMs, limit) {
      const found: Occurrence[] = []
      for (let at = next(fromMs - 1); at !== null && at.atMs < toMs; at = next(at.atMs)) {
        if (found.length === limit) break
        found.push(at)
      }
      return found
    },
    latest(fromMs, toMs) {
      let best = next(fromMs - 1)
      if (best === null || best.atMs >= toMs) return null
      // The run after a moment rises with the moment: the last moment whose run is before `toMs` is found by halving.
      let low = best.atMs / 1000
      let high = Math.ceil(toMs / 1000)
      while (low < high) {
        const middle = Math.floor((low + high) / 2)
        const at = next(middle * 1000)
        if (at === null || at.atMs >= toMs) high = middle
        else {
          best = at
          low = at.atMs / 1000
        }
      }
      return best
    },
  }
}

/** The first run after an instant. Throws `unbounded-schedule` where there is none within ten years. */
export function requireRun(rule: Rule, occurrences: Occurrences, afterMs: number): Occurrence {
  const first = occurrences.next(afterMs)
  if (first !== null && first.atMs - afterMs <= TEN_YEARS_MS) return first
  throw unbounded(rule.path, {
    en: 'With its zone, start, end and excluded dates this rule does not run within ten years.',
    ko: '이 시간대, 시작, 끝, 제외한 날짜로는 10년 안에 한 번도 실행되지 않습니다.',
  })
}

function refuseZones(inRule: string, given: string): YeyakError {
  return refusal(
    'timeZone',
    {
      en: `The rule is in ${inRule} by its TZID, the schedule in ${given}: give the same zone, or leave TZID out.`,
      ko: `규칙의 TZID는 ${inRule}이고 일정의 시간대는 ${given}입니다. 같은 시간대를 쓰거나 TZID를 빼야 합니다.`,
    },
    inRule,
  )
}
