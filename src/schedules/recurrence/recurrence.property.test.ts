import { Cron } from 'croner'
import fc from 'fast-check'
import { RRuleTemporal } from 'rrule-temporal'
import type { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { YeyakError } from '../../platform/errors.ts'
import { FUZZ_SCALE, FUZZ_SEED } from '../../../test/kit/fuzz-size.ts'
import {
  createOccurrences,
  describeRule,
  parseRule,
  requireRun,
  type RuleInput,
  type Timing,
} from './index.ts'

process.stdout.write(`recurrence: seed ${FUZZ_SEED}: YEYAK_TEST_FUZZ_SEED=${FUZZ_SEED} repeats it\n`)

const utc: Timing = { timeZone: 'UTC', dstGap: 'next', dstOverlap: 'first', exclude: [], anchorMs: 0 }
const zones = Intl.supportedValuesOf('timeZone')
const startOfRange = Date.UTC(2000, 0, 1)
const endOfRange = Date.UTC(2038, 0, 1)
const TIMEOUT = { timeout: 30_000 * FUZZ_SCALE }
const options = (numRuns: number) => ({ numRuns: numRuns * FUZZ_SCALE, seed: FUZZ_SEED })

const instant = fc
  .integer({ min: startOfRange / 1000, max: endOfRange / 1000 })
  .map((seconds) => seconds * 1000)
const numbers = (min: number, max: number, maxLength = 4) =>
  fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength })

/** One field of cron, in every form of it. */
function field(min: number, max: number): fc.Arbitrary<string> {
  const value = fc.integer({ min, max })
  const range = fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`)
  const step = fc.integer({ min: 1, max: Math.ceil((max - min) / 2) })
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant('*') },
    { weight: 3, arbitrary: numbers(min, max).map((list) => list.join(',')) },
    range,
    step.map((n) => `*/${n}`),
    fc.tuple(range, step).map(([of, n]) => `${of}/${n}`),
  )
}

const days = fc.oneof(
  fc.tuple(field(1, 31), fc.constant('*')),
  fc.tuple(fc.constant('*'), field(0, 6)),
  // Both restricted: croner has no "and" for a star with a step, so that only its "or" is held against ours.
  fc.tuple(
    numbers(1, 31).map((list) => list.join(',')),
    numbers(0, 6).map((list) => list.join(',')),
  ),
  fc.tuple(fc.constantFrom('L', '15W', '1W', 'LW'), fc.constant('*')),
  fc.tuple(
    fc.constant('*'),
    fc
      .tuple(fc.integer({ min: 0, max: 6 }), fc.constantFrom('#1', '#3', '#5', 'L'))
      .map((pair) => pair.join('')),
  ),
)
const cron = fc
  .tuple(fc.option(field(0, 59), { nil: '' }), field(0, 59), field(0, 23), days, field(1, 12))
  .map(([second, minute, hour, [date, weekday], month]) =>
    `${second} ${minute} ${hour} ${date} ${month} ${weekday}`.trim(),
  )

test('cron is what croner says of the same expression, where there is no zone', TIMEOUT, () => {
  fc.assert(
    fc.property(cron, instant, (expression, from) => {
      const oracle = new Cron(expression, { timezone: 'UTC', paused: true }).nextRuns(8, new Date(from))
      const wanted = oracle.map((date) => date.toISOString().slice(0, 19))
      if (wanted.length === 0) return
      const found = createOccurrences(parseRule({ cron: expression }), utc).between(
        from + 1,
        1e14,
        wanted.length,
      )
      expect(found.map(({ local }) => local)).toEqual(wanted)
    }),
    options(400),
  )
})

const part = <Value>(name: string, value: fc.Arbitrary<Value>) =>
  fc.option(
    value.map((of) => `;${name}=${String(of)}`),
    { nil: '' },
  )
const signed = (max: number) =>
  fc.uniqueArray(
    fc.integer({ min: -max, max }).filter((n) => n !== 0),
    { minLength: 1, maxLength: 3 },
  )
const weekday = fc.constantFrom('SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA')
const plainDays = fc.uniqueArray(weekday, { minLength: 1, maxLength: 3 })
const numberedDays = fc.uniqueArray(
  fc.tuple(fc.constantFrom('1', '2', '-1', '5', '-2'), weekday).map((pair) => pair.join('')),
  { minLength: 1, maxLength: 2 },
)
const rrule = fc
  .record({
    dateParts: fc.oneof(
      fc.tuple(fc.constant('FREQ=YEARLY'), part('BYMONTH', numbers(1, 12, 3)), part('BYDAY', numberedDays)),
      fc.tuple(fc.constant('FREQ=YEARLY'), fc.constant(''), part('BYYEARDAY', signed(366))),
      fc.tuple(fc.constant('FREQ=YEARLY'), part('BYDAY', plainDays), part('BYWEEKNO', numbers(2, 51, 3))),
      fc.tuple(fc.constant('FREQ=MONTHLY'), part('BYMONTHDAY', signed(31)), part('BYDAY', plainDays)),
      fc.tuple(fc.constant('FREQ=MONTHLY'), part('BYMONTH', numbers(1, 12, 3)), part('BYDAY', numberedDays)),
      fc.tuple(fc.constant('FREQ=WEEKLY'), part('BYDAY', plainDays), part('WKST', weekday)),
      fc.tuple(fc.constant('FREQ=DAILY'), part('BYMONTH', numbers(1, 12, 3)), part('BYDAY', plainDays)),
      fc.tuple(fc.constantFrom('FREQ=HOURLY', 'FREQ=MINUTELY'), part('BYDAY', plainDays), fc.constant('')),
    ),
    interval: part('INTERVAL', fc.integer({ min: 1, max: 5 })),
    hour: part('BYHOUR', numbers(0, 23, 2)),
    start: fc.integer({ min: startOfRange / 1000, max: Date.UTC(2030, 0, 1) / 1000 }),
  })
  .map(({ dateParts, interval, hour, start }) => {
    const stamp = new Date(start * 1000).toISOString().replaceAll(/[-:]|\.000Z/g, '')
    return `DTSTART;TZID=UTC:${stamp}\nRRULE:${dateParts.join('')}${interval}${hour};COUNT=8`
  })

test('an RRULE is what rrule-temporal says of it, where there is no zone', TIMEOUT, () => {
  let compared = 0
  fc.assert(
    fc.property(rrule, (text) => {
      const oracle = allOf(text)
      if (oracle.length < 8 || (oracle[7]?.year ?? 0) > 2199) return
      compared++
      expect(outcome({ rrule: text })).toEqual(
        oracle.map((at) => at.toPlainDateTime().toString({ smallestUnit: 'second' })),
      )
    }),
    options(200),
  )
  expect(compared).toBeGreaterThan(50)
})

/** Nothing where it gives up: it is walking through all that does not match. */
function allOf(text: string): Temporal.ZonedDateTime[] {
  try {
    return new RRuleTemporal({ rruleString: text, maxIterations: 3000 }).all()
  } catch {
    return []
  }
}

function outcome(rule: RuleInput): string[] | YeyakError {
  try {
    const found = createOccurrences(parseRule(rule), utc).between(-1e14, 1e14, 8)
    return found.map(({ local }) => local)
  } catch (error) {
    if (error instanceof YeyakError) return error
    throw error
  }
}

const DAY_MS = 86_400_000
const formats = new Map<string, Intl.DateTimeFormat>()

/** What the clocks of a zone show, read as UTC, less the instant. */
function offsetAt(timeZone: string, ms: number): number {
  const known = formats.get(timeZone)
  const format =
    known ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  formats.set(timeZone, format)
  return Date.parse(`${format.format(ms).replace(' ', 'T')}Z`) - ms
}

/** The first change of a zone's clocks within a year, day by day; Temporal's polyfill takes 50 ms for it. */
function nextChange(timeZone: string, from: number): number | undefined {
  const offset = offsetAt(timeZone, from)
  for (let low = from; low < from + 366 * DAY_MS; low += DAY_MS) {
    if (offsetAt(timeZone, low + DAY_MS) === offset) continue
    let high = low + DAY_MS
    while (high - low > 1000) {
      const middle = low + Math.floor((high - low) / 2000) * 1000
      if (offsetAt(timeZone, middle) === offset) low = middle
      else high = middle
    }
    return high
  }
  return undefined
}

/** Half of the zones never change their clocks; these do. */
const CHANGING =
  'America/New_York Europe/London Europe/Dublin Australia/Lord_Howe Africa/Casablanca America/St_Johns Asia/Gaza Pacific/Apia'.split(
    ' ',
  )
/** Hours around a change of a zone's clocks, or any other. */
const window = fc
  .record({
    timeZone: fc.oneof(fc.constantFrom(...zones), { weight: 2, arbitrary: fc.constantFrom(...CHANGING) }),
    at: instant,
    isNear: fc.constantFrom(true, true, true, true, false),
  })
  .map(({ timeZone, at, isNear }) => {
    const middle = (isNear ? nextChange(timeZone, at) : undefined) ?? at
    return { timeZone, from: middle - 12 * 3_600_000, to: middle + 12 * 3_600_000 }
  })
const minuteField = fc.oneof(
  numbers(0, 59, 3).map((list) => list.join(',')),
  fc.constantFrom('*/15', '*/20', '*'),
)
/** Most changes are between midnight and three. */
const hourField = fc.oneof(
  numbers(0, 23, 3).map((list) => list.join(',')),
  fc.constantFrom('*', '*/2', '*/3'),
  fc.constantFrom('0,1,2,3', '0-3'),
)

/** Whether a field of one of the forms above takes a value. */
function takes(text: string): (value: number) => boolean {
  const step = /^\*\/(\d+)$/.exec(text)
  if (step !== null) return (value) => value % Number(step[1]) === 0
  const range = /^(\d+)-(\d+)$/.exec(text)
  if (range !== null) return (value) => value >= Number(range[1]) && value <= Number(range[2])
  return (value) => text === '*' || text.split(',').map(Number).includes(value)
}

/**
 * What the runs of a window should be, by Intl alone: each wall-clock time resolved by itself, then sorted. Nothing of it is the walk through the spans of a zone that is tested.
 */
function oracleOf(expression: string, timeZone: string, from: number, to: number, timing: Timing): number[] {
  const isElapsed = /^[*]|\//.test(expression.split(' ')[1] ?? '')
  const [minutes, hours] = expression.split(' ').map(takes)
  const walls = new Set<number>()
  for (let at = from - 2 * DAY_MS - (from % 60_000); at < to + 2 * DAY_MS; at += 60_000) {
    const wall = new Date(at)
    if (minutes?.(wall.getUTCMinutes()) === true && hours?.(wall.getUTCHours()) === true) walls.add(at)
  }
  const runs = new Set<number>()
  for (const wall of walls) {
    // A clock shows it at an instant of the day before or after at which the offset is that of then.
    const [before, after] = [offsetAt(timeZone, wall - DAY_MS), offsetAt(timeZone, wall + DAY_MS)]
    const shown = [...new Set([wall - before, wall - after])]
      .filter((at) => at + offsetAt(timeZone, at) === wall)
      .sort((a, b) => a - b)
    if (shown.length > 0) {
      for (const at of isElapsed || timing.dstOverlap === 'both' ? shown : shown.slice(0, 1)) runs.add(at)
    } else if (timing.dstGap === 'next' && !(isElapsed && walls.has(wall + after - before))) {
      const change = nextChange(timeZone, wall - before - DAY_MS)
      if (change !== undefined) runs.add(change)
    }
  }
  return [...runs].filter((at) => at >= from && at < to).sort((a, b) => a - b)
}

test('in any zone and any year: never early, never twice, gap and overlap as stated', TIMEOUT, () => {
  const seen = { dst_gap: 0, dst_overlap: 0 }
  const policy = fc.record({
    dstGap: fc.constantFrom('next', 'next', 'next', 'skip'),
    dstOverlap: fc.constantFrom('first', 'both'),
  })
  fc.assert(
    fc.property(window, minuteField, hourField, policy, ({ timeZone, from, to }, minute, hour, given) => {
      const expression = `${minute} ${hour} * * *`
      const timing: Timing = { ...utc, ...given, timeZone }
      const found = createOccurrences(parseRule({ cron: expression }), timing).between(from, to, 100_000)
      for (const { note } of found) if (note !== null) seen[note]++
      const wanted = oracleOf(expression, timeZone, from, to, timing)
      expect(found.map(({ atMs }) => new Date(atMs).toISOString())).toEqual(
        wanted.map((ms) => new Date(ms).toISOString()),
      )
      for (const { atMs, local } of found)
        expect(Date.parse(`${local}Z`)).toBe(atMs + offsetAt(timeZone, atMs))
    }),
    options(100),
  )
  // Else the property would hold without ever having met a change of clocks.
  expect(Math.min(seen.dst_gap, seen.dst_overlap)).toBeGreaterThan(0)
})

test('asked from anywhere, the next run is the same as in the list', TIMEOUT, () => {
  fc.assert(
    fc.property(
      window,
      minuteField,
      hourField,
      fc.integer({ min: 0, max: 86_400_000 }),
      ({ timeZone, from, to }, minute, hour, byMs) => {
        const occurrences = createOccurrences(parseRule({ cron: `${minute} ${hour} * * *` }), {
          ...utc,
          timeZone,
        })
        const found = occurrences.between(from, to, 100_000)
        const after = from + byMs
        const next = found.find(({ atMs }) => atMs > after)
        if (next !== undefined) expect(occurrences.next(after)).toEqual(next)
        const before = found.filter(({ atMs }) => atMs < after)
        expect(occurrences.latest(from, after)).toEqual(before.at(-1) ?? null)
      },
    ),
    options(100),
  )
})

test(
  'garbage is refused with its field, or taken and bounded; nothing hangs, and all of it has words',
  TIMEOUT,
  () => {
    const cronish = fc.string({
      unit: fc.constantFrom(...'0123456789*/,-#LW? @JANFRIh'.split('')),
      maxLength: 40,
    })
    const ruleish = fc
      .array(
        fc.oneof(
          fc.constantFrom(
            'FREQ=SECONDLY',
            'FREQ=DAILY',
            'FREQ=YEARLY',
            'INTERVAL=86399',
            'INTERVAL=7',
            'COUNT=20000',
            'BYDAY=MO,-1SU',
          ),
          fc.constantFrom(
            'BYHOUR=0',
            'BYMINUTE=59',
            'BYSECOND=0,59',
            'BYMONTHDAY=31,-31',
            'BYMONTH=2',
            'BYWEEKNO=53',
            'BYYEARDAY=366',
          ),
          fc.constantFrom(
            'BYSETPOS=-366',
            'UNTIL=20300101',
            'WKST=TU',
            'DTSTART:20260101T000001',
            '\n',
            'RRULE:',
            'EXDATE:20260102T000001Z',
          ),
          fc.string({ maxLength: 10 }),
        ),
        { maxLength: 9 },
      )
      .map((parts) =>
        parts
          .join(';')
          .replaceAll(/;?\n;?/g, '\n')
          .replaceAll('RRULE:;', 'RRULE:'),
      )
    const input = fc.oneof(
      fc.oneof(cronish, fc.string({ maxLength: 200 }), cron).map((text): RuleInput => ({ cron: text })),
      fc.oneof(ruleish, fc.string({ maxLength: 200 })).map((text): RuleInput => ({ rrule: text })),
    )
    fc.assert(
      fc.property(input, fc.constantFrom(...zones), instant, (rule, timeZone, anchorMs) => {
        const startedMs = performance.now()
        try {
          const read = parseRule(rule)
          for (const language of ['en', 'ko'] as const) expect(describeRule(read, language)).not.toBe('')
          const occurrences = createOccurrences(read, {
            ...utc,
            timeZone: read.timeZone ?? timeZone,
            anchorMs,
          })
          let last = anchorMs
          requireRun(read, occurrences, anchorMs)
          for (const { atMs } of occurrences.between(anchorMs + 1, 1e14, 20)) {
            expect(atMs).toBeGreaterThan(last)
            last = atMs
          }
        } catch (error) {
          if (!(error instanceof YeyakError)) throw error
          expect(error.status).toBe(422)
          expect(error.fieldErrors[0]?.path).toMatch(/^(cron|rrule)$/)
          expect([error.detail.en, error.detail.ko]).not.toContain('')
        }
        // Within 50 ms on a machine of its own; a test shares one.
        expect(performance.now() - startedMs).toBeLessThan(1500)
      }),
      options(1000),
    )
  },
)
