import type { Language } from '../../platform/errors.ts'
import type { WallSeries } from '../../timers/index.ts'
import type { RulePath } from './refusal.ts'

/** A rule that has been read. It is never changed, so one may serve any number of schedules. */
export interface Rule {
  path: RulePath
  /** The zone that the text itself names (`DTSTART;TZID=…`), in IANA's spelling. */
  timeZone: string | null
  /** It means elapsed time, such as every 15 minutes: no clock change makes a hole in it. */
  isElapsed: boolean
  /**
   * `anchorMs` is what the rule counts from where its text does not say. `isStart`: somebody has said so, and it may be the first
   * of a COUNT; the moment at which a rule was given is no run of it.
   */
  bind(timeZone: string, anchorMs: number, isStart: boolean): BoundRule
  describe(language: Language): string
}

/** A rule in its zone. */
export interface BoundRule {
  series: WallSeries
  /** The last instant that is taken, in seconds; Infinity where there is no end. */
  until: number
  /** Instants that are left out, in seconds. */
  without: ReadonlySet<number>
}
