/** From the longest to the shortest, so that they can be compared. */
export const FREQUENCIES = ['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY', 'SECONDLY'] as const
export type Frequency = (typeof FREQUENCIES)[number]

/** As in BYDAY, from Sunday on, which is 0. */
export const WEEKDAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const

/** A date or a time as RFC 5545 writes it; `wall` is read as UTC, in seconds since 1970. */
export interface Stamp {
  wall: number
  /** `date`: without a time of day. `utc`: an instant. `local`: what the clocks of the zone show. */
  kind: 'date' | 'utc' | 'local'
}

export interface RuleParts {
  freq: Frequency
  interval: number
  count: number | null
  until: Stamp | null
  /** The day that weeks begin with; 0 is Sunday. */
  weekStart: number
  byMonth: readonly number[]
  byWeekNo: readonly number[]
  byYearDay: readonly number[]
  byMonthDay: readonly number[]
  /** `n` is 0 for every one of these days, else which one of the month or year, from its end where negative. */
  byDay: readonly { day: number; n: number }[]
  byHour: readonly number[]
  byMinute: readonly number[]
  bySecond: readonly number[]
  bySetPos: readonly number[]
}

/** What a text of lines says. */
export interface Recurrence {
  parts: RuleParts
  start: Stamp | null
  /** As it was given by TZID. */
  timeZone: string | null
  excluded: readonly Stamp[]
  added: readonly Stamp[]
}

/** The parts that the start stands in for, as RFC 5545 says of what a rule leaves out. */
export interface Start {
  /** Days since 1970. */
  day: number
  year: number
  month: number
  monthDay: number
  weekday: number
  hour: number
  minute: number
  second: number
}

/** How much has been reckoned with a series, so that whoever walks through it can stop. */
export interface Meter {
  /** A day or a tick that was looked at: some 50 ns. */
  steps: number
}

/**
 * How far the next run is looked for: every day of 137 years, or as many ticks. A rule that is rarer counts as one that
 * does not run any more; those that come together only once in 28 years (29 February on a Monday) are well within it.
 */
export const MAX_STEPS = 50_000
