import { expect, test } from 'vitest'
import { YeyakError } from '../../platform/errors.ts'
import { createOccurrences, parseRule, requireRun, type RuleInput, type Timing } from './index.ts'

const at = (text: string): number => Date.parse(`${text}Z`)

function occurrencesOf(rule: RuleInput | string, timeZone: string, more: Partial<Timing> = {}) {
  const read = parseRule(typeof rule === 'string' ? { cron: rule } : rule)
  return createOccurrences(read, {
    timeZone,
    dstGap: 'next',
    dstOverlap: 'first',
    exclude: [],
    anchorMs: 0,
    ...more,
  })
}

/** `instant=wall clock` from an instant on, with G and O for what happened in a gap or an overlap. */
function runs(
  rule: RuleInput | string,
  timeZone: string,
  from: string,
  count: number,
  more?: Partial<Timing>,
): string[] {
  const marks = { dst_gap: ' G', dst_overlap: ' O' }
  return occurrencesOf(rule, timeZone, more)
    .between(at(from), Number.MAX_SAFE_INTEGER, count)
    .map(
      ({ atMs, local, note }) =>
        `${new Date(atMs).toISOString().slice(5, 16)}=${local.slice(5, 16)}${note === null ? '' : marks[note]}`,
    )
}

test('a time in the gap runs at the instant at which clocks are put forward, or not at all', () => {
  const daily = (more?: Partial<Timing>) =>
    runs('30 2 * * *', 'America/New_York', '2026-03-07T00:00:00', 3, more)
  expect(daily()).toEqual(['03-07T07:30=03-07T02:30', '03-08T07:00=03-08T03:00 G', '03-09T06:30=03-09T02:30'])
  expect(daily({ dstGap: 'skip' })).toEqual([
    '03-07T07:30=03-07T02:30',
    '03-09T06:30=03-09T02:30',
    '03-10T06:30=03-10T02:30',
  ])
})

test('several that fall into the gap are one run, and so is one at its very end', () => {
  expect(runs('*/15 2 * * *', 'America/New_York', '2026-03-08T06:00:00', 2)).toEqual([
    '03-08T07:00=03-08T03:00 G',
    '03-09T06:00=03-09T02:00',
  ])
  expect(runs('30 2,3 * * *', 'America/New_York', '2026-03-08T06:00:00', 2)).toEqual([
    '03-08T07:00=03-08T03:00 G',
    '03-08T07:30=03-08T03:30',
  ])
  expect(runs('0 2,3 * * *', 'America/New_York', '2026-03-08T06:00:00', 2)).toEqual([
    '03-08T07:00=03-08T03:00 G',
    '03-09T06:00=03-09T02:00',
  ])
})

test('asked from within the last second before the gap, its run is still found', () => {
  const next = occurrencesOf('30 2 * * *', 'America/New_York').next(at('2026-03-08T06:59:59.999'))
  expect(next?.atMs).toBe(at('2026-03-08T07:00:00'))
})

test('a time that comes twice runs the first time, or both', () => {
  const daily = (more?: Partial<Timing>) =>
    runs('30 1 * * *', 'America/New_York', '2026-11-01T00:00:00', 3, more)
  expect(daily()).toEqual(['11-01T05:30=11-01T01:30 O', '11-02T06:30=11-02T01:30', '11-03T06:30=11-03T01:30'])
  expect(daily({ dstOverlap: 'both' })).toEqual([
    '11-01T05:30=11-01T01:30 O',
    '11-01T06:30=11-01T01:30 O',
    '11-02T06:30=11-02T01:30',
  ])
  expect(runs('*/20 1 * * *', 'America/New_York', '2026-11-01T05:30:00', 2)).toEqual([
    '11-01T05:40=11-01T01:40 O',
    '11-02T06:00=11-02T01:00',
  ])
})

test.each<[string, RuleInput, number]>([
  ['*/15 * * * *', { cron: '*/15 * * * *' }, 15],
  ['30 * * * *', { cron: '30 * * * *' }, 60],
  ['FREQ=MINUTELY;INTERVAL=20', { rrule: 'FREQ=MINUTELY;INTERVAL=20' }, 20],
  ['FREQ=HOURLY', { rrule: 'FREQ=HOURLY' }, 60],
])('%s has no hole and nothing twice where clocks are changed, by an hour', (_, rule, minutes) => {
  for (const from of ['2026-03-08T02:30:00', '2026-11-01T02:30:00']) {
    const found = occurrencesOf(rule, 'America/New_York').between(at(from), at(from) + 43_200_000, 1000)
    const steps = new Set(found.map(({ atMs }, i) => atMs - (found[i - 1]?.atMs ?? atMs - minutes * 60_000)))
    expect([...steps]).toEqual([minutes * 60_000])
  }
})

test('every two hours goes on in two hours over the gap, and at both of the hours that come twice', () => {
  expect(runs('0 */2 * * *', 'America/New_York', '2026-03-08T05:00:00', 3)).toEqual([
    '03-08T05:00=03-08T00:00',
    '03-08T07:00=03-08T03:00 G',
    '03-08T08:00=03-08T04:00',
  ])
  expect(runs('0 */2 * * *', 'Europe/Berlin', '2026-10-25T00:00:00', 3)).toEqual([
    '10-25T00:00=10-25T02:00 O',
    '10-25T01:00=10-25T02:00 O',
    '10-25T03:00=10-25T04:00',
  ])
})

test('Lord Howe changes by half an hour', () => {
  expect(runs('15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T00:00:00', 2)).toEqual([
    '10-03T15:30=10-04T02:30 G',
    '10-04T15:15=10-05T02:15',
  ])
  expect(runs('45 1 * * *', 'Australia/Lord_Howe', '2026-04-04T12:00:00', 3, { dstOverlap: 'both' })).toEqual(
    ['04-04T14:45=04-05T01:45 O', '04-04T15:15=04-05T01:45 O', '04-05T15:15=04-06T01:45'],
  )
})

test('Samoa had no 30 December 2011: its run is at the start of the 31st', () => {
  expect(runs('0 9 * * *', 'Pacific/Apia', '2011-12-29T12:00:00', 3)).toEqual([
    '12-29T19:00=12-29T09:00',
    '12-30T10:00=12-31T00:00 G',
    '12-30T19:00=12-31T09:00',
  ])
  expect(runs('0 9 30 12 *', 'Pacific/Apia', '2011-01-01T00:00:00', 1, { dstGap: 'skip' })).toEqual([
    '12-29T19:00=12-30T09:00',
  ])
  const elapsed = occurrencesOf('* * * * * *', 'Pacific/Apia').between(
    at('2011-12-30T09:59:58'),
    at('2011-12-30T10:00:02'),
    10,
  )
  expect(elapsed.map(({ local }) => local.slice(8))).toEqual([
    '29T23:59:58',
    '29T23:59:59',
    '31T00:00:00',
    '31T00:00:01',
  ])
})

test('Casablanca puts clocks back for Ramadan and forward after it', () => {
  expect(runs('30 2 * * *', 'Africa/Casablanca', '2025-02-22T12:00:00', 2)).toEqual([
    '02-23T01:30=02-23T02:30 O',
    '02-24T02:30=02-24T02:30',
  ])
  expect(runs('30 2 * * *', 'Africa/Casablanca', '2025-04-05T12:00:00', 2)).toEqual([
    '04-06T02:00=04-06T03:00 G',
    '04-07T01:30=04-07T02:30',
  ])
})

test('St. John’s changed a minute after midnight until 2011, so that a midnight came twice', () => {
  expect(runs('30 0 * * *', 'America/St_Johns', '2010-03-14T00:00:00', 2)).toEqual([
    '03-14T03:31=03-14T01:01 G',
    '03-15T03:00=03-15T00:30',
  ])
  const midnight = (more?: Partial<Timing>) =>
    runs('0 0 * * *', 'America/St_Johns', '2010-11-07T00:00:00', 2, more)
  expect(midnight()).toEqual(['11-07T02:30=11-07T00:00 O', '11-08T03:30=11-08T00:00'])
  expect(midnight({ dstOverlap: 'both' })).toEqual(['11-07T02:30=11-07T00:00 O', '11-07T03:30=11-07T00:00 O'])
})

test('Kathmandu is 5:45 ahead, and Dublin’s winter is its daylight saving, turned round', () => {
  expect(runs('0 9 * * *', 'Asia/Kathmandu', '2026-12-01T00:00:00', 1)).toEqual(['12-01T03:15=12-01T09:00'])
  expect(runs('30 1 * * *', 'Europe/Dublin', '2026-03-28T12:00:00', 2)).toEqual([
    '03-29T01:00=03-29T02:00 G',
    '03-30T00:30=03-30T01:30',
  ])
  expect(runs('30 1 * * *', 'Europe/Dublin', '2026-10-24T12:00:00', 2)).toEqual([
    '10-25T00:30=10-25T01:30 O',
    '10-26T01:30=10-26T01:30',
  ])
})

test('the start is included, and so is the end', () => {
  const bounds = { startsAtMs: at('2026-12-02T09:00:00'), endsAtMs: at('2026-12-04T09:00:00') }
  expect(runs('0 9 * * *', 'UTC', '2026-12-01T00:00:00', 9, bounds)).toHaveLength(3)
  const inside = { startsAtMs: at('2026-12-02T09:00:00.001'), endsAtMs: at('2026-12-04T08:59:59.999') }
  expect(runs('0 9 * * *', 'UTC', '2026-12-01T00:00:00', 9, inside)).toEqual(['12-03T09:00=12-03T09:00'])
})

test('excluded dates are dates of the zone', () => {
  expect(runs('0 0,23 * * *', 'Asia/Seoul', '2026-12-24T00:00:00', 3, { exclude: ['2026-12-25'] })).toEqual([
    '12-24T14:00=12-24T23:00',
    '12-25T15:00=12-26T00:00',
    '12-26T14:00=12-26T23:00',
  ])
  for (const [date, mend] of [
    ['2026-02-30', undefined],
    ['20261225', '2026-12-25'],
    ['25.12.', undefined],
  ] as const) {
    const error = refused(() => occurrencesOf('0 9 * * *', 'UTC', { exclude: ['2026-12-01', date] }))
    expect(error.fieldErrors[0]?.path).toBe('exclude[1]')
    expect(error.fieldErrors[0]?.suggestion).toBe(mend)
  }
})

test('an RRULE without DTSTART counts from the start of the schedule, else from its creation', () => {
  const rule = { rrule: 'FREQ=DAILY;INTERVAL=3' }
  const anchorMs = at('2026-12-01T10:30:20.500')
  expect(runs(rule, 'Asia/Seoul', '2026-12-01T10:30:21', 2, { anchorMs })).toEqual([
    '12-04T10:30=12-04T19:30',
    '12-07T10:30=12-07T19:30',
  ])
  expect(
    runs(rule, 'Asia/Seoul', '2026-12-01T00:00:00', 2, { anchorMs, startsAtMs: at('2026-12-05T00:00:00') }),
  ).toEqual(['12-05T00:00=12-05T09:00', '12-08T00:00=12-08T09:00'])
})

test('COUNT runs so often: the moment of creation is none of them, a start that somebody gave is one', () => {
  const rule = { rrule: 'FREQ=DAILY;COUNT=3' }
  const anchorMs = at('2026-12-01T10:30:20.500')
  expect(runs(rule, 'UTC', '2026-12-01T10:30:21', 9, { anchorMs }).map((run) => run.slice(0, 5))).toEqual([
    '12-02',
    '12-03',
    '12-04',
  ])
  const startsAtMs = at('2026-12-05T00:00:00')
  expect(
    runs(rule, 'UTC', '2026-12-01T10:30:21', 9, { anchorMs, startsAtMs }).map((run) => run.slice(0, 5)),
  ).toEqual(['12-05', '12-06', '12-07'])
})

test('DTSTART, UNTIL, EXDATE and RDATE may be instants, local times or dates', () => {
  const lines = (...more: string[]) => ({
    rrule: ['DTSTART;TZID=Asia/Seoul:20261201T090000', ...more].join('\n'),
  })
  const seoul = (...more: string[]) =>
    runs(lines(...more), 'Asia/Seoul', '2026-12-01T00:00:00', 9).map((run) => run.slice(12, 17))
  expect(seoul('RRULE:FREQ=DAILY;UNTIL=20261203')).toEqual(['12-01', '12-02', '12-03'])
  expect(seoul('RRULE:FREQ=DAILY;UNTIL=20261203T000000Z')).toEqual(['12-01', '12-02', '12-03'])
  expect(seoul('RRULE:FREQ=DAILY;UNTIL=20261202T235959Z')).toEqual(['12-01', '12-02'])
  expect(seoul('RRULE:FREQ=DAILY;UNTIL=20261203T085959')).toEqual(['12-01', '12-02'])
  expect(seoul('RRULE:FREQ=DAILY;COUNT=4', 'EXDATE;TZID=Asia/Seoul:20261202T090000,20261203T090000')).toEqual(
    ['12-01', '12-04'],
  )
  expect(seoul('RRULE:FREQ=DAILY;COUNT=4', 'EXDATE:20261202T000000Z')).toEqual(['12-01', '12-03', '12-04'])
  expect(
    seoul('RRULE:FREQ=DAILY;COUNT=2', 'EXDATE;VALUE=DATE:20261202', 'RDATE;VALUE=DATE:20261205'),
  ).toEqual(['12-01', '12-05'])
  expect(refused(() => occurrencesOf(lines('RRULE:FREQ=DAILY'), 'UTC')).fieldErrors[0]).toMatchObject({
    path: 'timeZone',
    suggestion: 'Asia/Seoul',
  })
})

test('the latest of a range is found without the others, and a range is cut at its limit', () => {
  const everySecond = occurrencesOf('* * * * * *', 'America/New_York')
  expect(everySecond.latest(at('2026-01-01T00:00:00'), at('2026-12-01T00:00:00'))?.atMs).toBe(
    at('2026-11-30T23:59:59'),
  )
  const leapDay = occurrencesOf('0 0 29 2 *', 'UTC')
  expect(leapDay.latest(at('2020-01-01T00:00:00'), at('2030-01-01T00:00:00'))?.local).toBe(
    '2028-02-29T00:00:00',
  )
  expect(leapDay.latest(at('2028-02-29T00:00:00'), at('2028-02-29T00:00:00.001'))?.local).toBe(
    '2028-02-29T00:00:00',
  )
  expect(leapDay.latest(at('2028-02-29T00:00:00.001'), at('2030-01-01T00:00:00'))).toBeNull()
  expect(everySecond.between(at('2026-01-01T00:00:00'), at('2027-01-01T00:00:00'), 10_000)).toHaveLength(
    10_000,
  )
})

test('a rule that does not run within ten years of its start is refused', () => {
  const first = (rrule: string, more?: Partial<Timing>) => {
    const rule = parseRule({ rrule })
    const timing = {
      timeZone: 'UTC',
      dstGap: 'next',
      dstOverlap: 'first',
      exclude: [],
      anchorMs: at('2026-12-01T00:00:00'),
      ...more,
    } as const
    return requireRun(rule, createOccurrences(rule, timing), at('2026-12-01T00:00:00')).local
  }
  expect(first('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29')).toBe('2028-02-29T00:00:00')
  for (const never of [
    'FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29;BYHOUR=9',
    'DTSTART:20260101T000000\nRRULE:FREQ=DAILY;COUNT=3',
    'FREQ=YEARLY;INTERVAL=20;BYMONTH=1',
    'DTSTART:20500101T000000\nRRULE:FREQ=DAILY',
  ]) {
    expect(refused(() => first(never)).code).toBe('unbounded-schedule')
  }
  expect(refused(() => first('FREQ=DAILY', { endsAtMs: at('2026-12-01T12:00:00') })).code).toBe(
    'unbounded-schedule',
  )
})

function refused(run: () => unknown): YeyakError {
  try {
    run()
  } catch (error) {
    if (error instanceof YeyakError) return error
    throw error
  }
  throw new Error('it was taken')
}
