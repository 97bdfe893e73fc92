import { expect, test } from 'vitest'
import { YeyakError } from '../../platform/errors.ts'
import { describeWhen, formatInstant, resolveWhen, timeZoneNamed, type WhenOptions } from './when.ts'

const now = new Date('2026-11-22T00:00:00.000Z')
const options = (more: Partial<WhenOptions> = {}): WhenOptions => ({ path: 'sendAt', now, ...more })
const at = (input: unknown, more?: Partial<WhenOptions>) =>
  formatInstant(resolveWhen(input, options(more)).at)

function refused(input: unknown, more?: Partial<WhenOptions>): YeyakError {
  try {
    resolveWhen(input, options(more))
  } catch (error) {
    if (error instanceof YeyakError) return error
    throw error
  }
  throw new Error(`${JSON.stringify(input)} was taken`)
}

/** Code, path and suggestion of a refusal with one fault; both languages must be there. */
function mend(input: unknown, more?: Partial<WhenOptions>) {
  const error = refused(input, more)
  const [fault] = error.fieldErrors
  expect(error.status).toBe(422)
  expect(error.fieldErrors).toHaveLength(1)
  expect(fault?.message.en).toMatch(/^.{10,}[.?]$/)
  expect(fault?.message.ko).toMatch(/^.*[가-힣].*[.?]$/)
  return [error.code, fault?.path, fault?.suggestion]
}

test.each([
  ['2026-12-01T09:00:00+09:00', '2026-12-01T00:00:00.000Z'],
  ['2026-12-01T09:00:00Z', '2026-12-01T09:00:00.000Z'],
  ['2026-12-01t09:00:00z', '2026-12-01T09:00:00.000Z'],
  ['2026-12-01T09:00:00-00:00', '2026-12-01T09:00:00.000Z'],
  ['2026-12-01T09:00:00.5Z', '2026-12-01T09:00:00.500Z'],
  ['2026-12-01T09:00:00.123000000Z', '2026-12-01T09:00:00.123Z'],
  ['2026-12-01T09:00:00.123000001Z', '2026-12-01T09:00:00.124Z'],
  ['2026-12-31T23:59:59.9999Z', '2027-01-01T00:00:00.000Z'],
  [`2026-12-01T09:00:00.${'0'.repeat(29)}1Z`, '2026-12-01T09:00:00.001Z'],
  ['2028-02-29T00:00:00-23:59', '2028-02-29T23:59:00.000Z'],
])('the instant %s is %s', (input, instant) => {
  expect(at(input)).toBe(instant)
  expect(resolveWhen(input, options()).given).toBe('instant')
})

test.each([
  [{ delay: 'PT10S' }, 10_000],
  [{ delay: 'pt1h30m' }, 5_400_000],
  [{ delay: 'P1DT1H' }, 90_000_000],
  [{ delay: 'P1W' }, 604_800_000],
  [{ delay: 'P1.5D' }, 129_600_000],
  [{ delay: 'PT0,5S' }, 500],
  [{ delay: '10s' }, 10_000],
  [{ delay: '5m' }, 300_000],
  [{ delay: '2h' }, 7_200_000],
  [{ delay: '1d' }, 86_400_000],
  [{ delay: '1w' }, 604_800_000],
  [{ delay: '1.5h' }, 5_400_000],
  [{ delay: '1h30m' }, 5_400_000],
  [{ delay: '1w2d3h4m5.25s' }, 788_645_250],
  [{ delay: '0.0001s' }, 1],
  [{ delay: 10 }, 10_000],
  [{ delay: 0 }, 0],
  [{ delay: 0.25 }, 250],
  [{ delay: 4.003 }, 4003],
  [{ delay: 1.005 }, 1005],
  [{ delay: 1e-9 }, 1],
  [{ delay: 10, local: null, timeZone: null }, 10_000],
])('the delay %j is %i ms, never shorter', (input, delayMs) => {
  expect(resolveWhen(input, options())).toEqual({ at: new Date(now.getTime() + delayMs), given: 'delay' })
})

test('a delay counts from the base where one is given', () => {
  const base = new Date('2027-01-01T00:00:00.000Z')
  expect(at({ delay: '1h' }, { base, past: 'allow' })).toBe('2027-01-01T01:00:00.000Z')
})

test('a Date of the caller in the process is an instant', () => {
  expect(at(new Date('2026-12-01T00:00:00.001Z'))).toBe('2026-12-01T00:00:00.001Z')
  expect(mend(new Date(Number.NaN))).toEqual(['invalid-request', 'sendAt', undefined])
})

test.each([
  [{ local: '2026-12-01T09:00', timeZone: 'Asia/Seoul' }, '2026-12-01T00:00:00.000Z'],
  [{ local: '2026-12-01T09:00:30', timeZone: 'Asia/Seoul' }, '2026-12-01T00:00:30.000Z'],
  [{ local: '2026-12-01t09:00:30.0001', timeZone: 'Asia/Seoul' }, '2026-12-01T00:00:30.001Z'],
  [{ local: '2027-01-01T00:00', timeZone: 'Asia/Kathmandu' }, '2026-12-31T18:15:00.000Z'],
  [{ local: '2026-12-01T09:00', timeZone: 'UTC' }, '2026-12-01T09:00:00.000Z'],
  [{ local: '2026-12-01T09:00', timeZone: 'US/Pacific' }, '2026-12-01T17:00:00.000Z'],
  [{ local: '2026-12-01T09:00', timeZone: 'Asia/Calcutta' }, '2026-12-01T03:30:00.000Z'],
  [{ local: '2026-12-01T09:00', timeZone: 'Japan' }, '2026-12-01T00:00:00.000Z'],
  [{ local: '2026-12-01T09:00', timeZone: 'ROK' }, '2026-12-01T00:00:00.000Z'],
  [{ local: '2026-12-01T09:00', timeZone: 'Etc/GMT-9' }, '2026-12-01T00:00:00.000Z'],
  [{ local: '2026-12-01T09:00', timeZone: 'asia/seoul', disambiguation: null }, '2026-12-01T00:00:00.000Z'],
])('the wall clock %j is %s', (input, instant) => {
  expect(at(input)).toBe(instant)
  expect(resolveWhen(input, options()).given).toBe('local')
})

test.each([
  // gaps
  ['2027-03-28T02:30', 'Europe/Berlin', '2027-03-28T00:30:00.000Z', '2027-03-28T01:30:00.000Z'],
  ['2027-03-14T02:00', 'America/New_York', '2027-03-14T06:00:00.000Z', '2027-03-14T07:00:00.000Z'],
  ['2027-10-03T02:15', 'Australia/Lord_Howe', '2027-10-02T15:15:00.000Z', '2027-10-02T15:45:00.000Z'],
  // overlaps
  ['2027-10-31T02:30', 'Europe/Berlin', '2027-10-31T00:30:00.000Z', '2027-10-31T01:30:00.000Z'],
  ['2027-11-07T01:30', 'America/New_York', '2027-11-07T05:30:00.000Z', '2027-11-07T06:30:00.000Z'],
  ['2027-04-04T01:45', 'Australia/Lord_Howe', '2027-04-03T14:45:00.000Z', '2027-04-03T15:15:00.000Z'],
])('%s in %s is refused with both candidates unless one is chosen', (local, timeZone, earlier, later) => {
  const error = refused({ local, timeZone })
  expect(error.code).toBe('ambiguous-local-time')
  expect(error.members).toEqual({ candidates: [earlier, later] })
  expect(refused({ local, timeZone, disambiguation: 'reject' }).code).toBe('ambiguous-local-time')
  expect(at({ local, timeZone, disambiguation: 'earlier' })).toBe(earlier)
  expect(at({ local, timeZone, disambiguation: 'later' })).toBe(later)
})

test('the last moment before a gap is taken, also when rounding up brings it to the gap', () => {
  const input = { local: '2027-03-28T01:59:59.9995', timeZone: 'Europe/Berlin' }
  expect(at(input)).toBe('2027-03-28T01:00:00.000Z')
})

const both = (wall: string) => `${wall}Z | {"local":"${wall}","timeZone":"Asia/Seoul"}`
test.each([
  // without offset or zone
  ['2026-12-01T09:00:00', 'ambiguous-time', 'sendAt', both('2026-12-01T09:00:00')],
  ['2026-12-01T09:00', 'ambiguous-time', 'sendAt', both('2026-12-01T09:00:00')],
  ['2026-12-01 09:00:00.5', 'ambiguous-time', 'sendAt', both('2026-12-01T09:00:00.5')],
  ['2026-12-01', 'ambiguous-time', 'sendAt', both('2026-12-01T09:00:00')],
  [
    { local: '2026-12-01T09:00' },
    'ambiguous-time',
    'sendAt',
    '{"local":"2026-12-01T09:00","timeZone":"Asia/Seoul"}',
  ],
  // bare delays and numbers
  ['10s', 'invalid-request', 'sendAt', '{"delay":"10s"}'],
  ['PT10S', 'invalid-request', 'sendAt', '{"delay":"PT10S"}'],
  ['10 minutes', 'invalid-request', 'sendAt', '{"delay":"10m"}'],
  ['30분', 'invalid-request', 'sendAt', '{"delay":"30m"}'],
  ['10', 'invalid-request', 'sendAt', '{"delay":10}'],
  [10, 'invalid-request', 'sendAt', '{"delay":10}'],
  [1_796_083_200, 'invalid-request', 'sendAt', '2026-12-01T00:00:00.000Z'],
  [1_796_083_200_000, 'invalid-request', 'sendAt', '2026-12-01T00:00:00.000Z'],
  // the calendar
  ['2026-02-30T09:00:00Z', 'invalid-request', 'sendAt', '2026-02-28T09:00:00Z'],
  ['2026-15-03T09:00:00Z', 'invalid-request', 'sendAt', '2026-03-15T09:00:00Z'],
  ['2026-12-31T24:00:00Z', 'invalid-request', 'sendAt', '2027-01-01T00:00:00Z'],
  ['2026-12-31T23:59:60+09:00', 'invalid-request', 'sendAt', '2027-01-01T00:00:00+09:00'],
  ['2026-12-31T23:60:00Z', 'invalid-request', 'sendAt', '2027-01-01T00:00:00Z'],
  ['2026-12-31T25:00:00Z', 'invalid-request', 'sendAt', undefined],
  ['9999-12-31T24:00:00Z', 'invalid-request', 'sendAt', undefined],
  [{ local: '2026-02-29T09:00', timeZone: 'UTC' }, 'invalid-request', 'sendAt.local', '2026-02-28T09:00:00'],
  // nearly RFC 3339
  ['2026-12-01T09:00Z', 'invalid-request', 'sendAt', '2026-12-01T09:00:00Z'],
  ['2026-12-01 09:00:00Z', 'invalid-request', 'sendAt', '2026-12-01T09:00:00Z'],
  [' 2026-12-01T09:00:00Z', 'invalid-request', 'sendAt', '2026-12-01T09:00:00Z'],
  ['2026/12/1 09:00:00 UTC', 'invalid-request', 'sendAt', '2026-12-01T09:00:00Z'],
  ['2026-12-01T09:00:00+0900', 'invalid-request', 'sendAt', '2026-12-01T09:00:00+09:00'],
  ['2026-12-01T09:00:00+09', 'invalid-request', 'sendAt', '2026-12-01T09:00:00+09:00'],
  ['2026-12-01T09:00:00+24:00', 'invalid-request', 'sendAt', undefined],
  ['2026-12-01T09:00:00+09:00[Asia/Seoul]', 'invalid-request', 'sendAt', '2026-12-01T09:00:00+09:00'],
  [
    '2026-12-01T09:00[Asia/Seoul]',
    'invalid-request',
    'sendAt',
    '{"local":"2026-12-01T09:00:00","timeZone":"Asia/Seoul"}',
  ],
  // delays
  [{ delay: 'P1M' }, 'invalid-request', 'sendAt.delay', '30d'],
  [{ delay: 'P1Y' }, 'invalid-request', 'sendAt.delay', '365d'],
  [{ delay: '1mo' }, 'invalid-request', 'sendAt.delay', '30d'],
  [{ delay: '1y' }, 'invalid-request', 'sendAt.delay', '365d'],
  [{ delay: '3개월' }, 'invalid-request', 'sendAt.delay', '90d'],
  [{ delay: '-10s' }, 'invalid-request', 'sendAt.delay', '10s'],
  [{ delay: '-PT10S' }, 'invalid-request', 'sendAt.delay', '10s'],
  [{ delay: -10 }, 'invalid-request', 'sendAt.delay', '10s'],
  [{ delay: Number.NaN }, 'invalid-request', 'sendAt.delay', '10s'],
  [{ delay: Number.POSITIVE_INFINITY }, 'invalid-request', 'sendAt.delay', '10s'],
  [{ delay: '10' }, 'invalid-request', 'sendAt.delay', '10s'],
  [{ delay: '10S' }, 'invalid-request', 'sendAt.delay', '10s'],
  [{ delay: '500ms' }, 'invalid-request', 'sendAt.delay', '0.5s'],
  [{ delay: '1h 30m' }, 'invalid-request', 'sendAt.delay', '1h30m'],
  [{ delay: '30m1h' }, 'invalid-request', 'sendAt.delay', '1h30m'],
  [{ delay: '1.5h30m' }, 'invalid-request', 'sendAt.delay', '2h'],
  [{ delay: 'P1DT' }, 'invalid-request', 'sendAt.delay', '1d'],
  [{ delay: '' }, 'invalid-request', 'sendAt.delay', '10s'],
  [{ delay: true }, 'invalid-request', 'sendAt.delay', '10s | 10'],
  // local
  [
    { local: '2026-12-01T09:00:00+09:00', timeZone: 'Asia/Seoul' },
    'invalid-request',
    'sendAt.local',
    '2026-12-01T09:00:00',
  ],
  [{ local: '2026-12-01T09:00Z', timeZone: 'UTC' }, 'invalid-request', 'sendAt.local', '2026-12-01T09:00'],
  [{ local: '2026-12-01 09:00', timeZone: 'UTC' }, 'invalid-request', 'sendAt.local', '2026-12-01T09:00'],
  [{ local: 5, timeZone: 'UTC' }, 'invalid-request', 'sendAt.local', '2026-12-01T09:00'],
  [
    { local: '2026-12-01T09:00', timeZone: 'UTC', disambiguation: 'compatible' },
    'invalid-request',
    'sendAt.disambiguation',
    'earlier | later',
  ],
  // members
  [{ local: '2026-12-01T09:00', timezone: 'UTC' }, 'invalid-request', 'sendAt.timezone', 'timeZone'],
  [{ local: '2026-12-01T09:00', tz: 'UTC' }, 'invalid-request', 'sendAt.tz', 'timeZone'],
  [{ dealy: 10 }, 'invalid-request', 'sendAt.dealy', 'delay'],
  [{ delay: 10, timeZone: 'UTC' }, 'invalid-request', 'sendAt', undefined],
])('%j is refused as %s at %s with a mend', (input, code, path, suggestion) => {
  expect(mend(input)).toEqual([code, path, suggestion])
})

test.each([[null], [undefined], [true], [[]], [{}], ['tomorrow'], [''], [-10], [{ timeZone: 'UTC' }]])(
  '%j is refused with examples of all forms',
  (input) => {
    const [code, path, suggestion] = mend(input)
    expect([code, path]).toEqual(['invalid-request', 'sendAt'])
    expect(suggestion).toContain('{"delay":"10s"}')
  },
)

const zoned = (timeZone: unknown) => ({ local: '2026-12-01T09:00', timeZone })
test.each([
  ['KST', 'Asia/Seoul'],
  ['kst', 'Asia/Seoul'],
  ['JST', 'Asia/Tokyo'],
  ['jst', 'Asia/Tokyo'],
  ['PST', 'America/Los_Angeles'],
  ['EST', 'America/New_York'],
  ['CET', 'Europe/Paris'],
  ['EST5EDT', 'America/New_York'],
  ['Z', 'UTC'],
  ['Asia/Soeul', 'Asia/Seoul'],
  ['Seoul', 'Asia/Seoul'],
  ['America/New York', 'America/New_York'],
  ['Europe/Berln', 'Europe/Berlin'],
  ['Asia/Kolkatta', 'Asia/Kolkata'],
  [' Asia/Seoul', 'Asia/Seoul'],
  ['+09:00', 'Asia/Seoul | 2026-12-01T09:00:00+09:00'],
  ['-0330', 'Asia/Seoul | 2026-12-01T09:00:00-03:30'],
  ['UTC+9', 'Asia/Seoul | 2026-12-01T09:00:00+09:00'],
  ['UTC+25', 'Asia/Seoul'],
  ['Asia/Beijing', 'Asia/Shanghai'],
  ['Korea', 'Asia/Seoul'],
  ['Eastern', 'America/New_York'],
  ['Mars/Olympus_Mons', undefined],
  ['', undefined],
  ['2026-12-01T09:00[Asia/Seoul]', undefined],
  ['ACT', undefined],
])('the zone %j is unknown; %j is suggested', (timeZone, suggestion) => {
  expect(mend(zoned(timeZone))).toEqual(['unknown-time-zone', 'sendAt.timeZone', suggestion])
})

test('the message for an unknown zone asks for the near one in both languages', () => {
  const [fault] = refused(zoned('Asia/Soeul')).fieldErrors
  expect(fault?.message.en).toContain('Did you mean Asia/Seoul?')
  expect(fault?.message.ko).toContain('Asia/Seoul')
})

test('every zone that the runtime lists is taken, in its own spelling', () => {
  for (const zone of Intl.supportedValuesOf('timeZone')) expect(timeZoneNamed(zone, 'timeZone')).toBe(zone)
})

test('a name that only becomes a zone in small letters is refused, also once that zone is known', () => {
  expect(timeZoneNamed('asia/BANGKOK', 'timeZone')).toBe('Asia/Bangkok')
  expect(mend(zoned('Asia/Bang\u212Aok'))[0]).toBe('unknown-time-zone')
})

test('several wrong members are named together, and never more than ten', () => {
  const two = refused({ local: '2026-12-01T09:00', timezone: 'UTC', disambig: 'later' })
  expect(two.fieldErrors.map(({ path }) => path)).toEqual(['sendAt.timezone', 'sendAt.disambig'])
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`${'x'.repeat(200)}${i}`, 1]))
  const error = refused(many)
  expect(error.fieldErrors).toHaveLength(10)
  expect(error.fieldErrors[0]?.path.length).toBeLessThan(60)
})

test('strings of more than 100 characters are refused wherever they stand', () => {
  const long = '2'.repeat(101)
  expect(mend(long)).toEqual(['invalid-request', 'sendAt', undefined])
  expect(mend({ delay: long })).toEqual(['invalid-request', 'sendAt.delay', undefined])
  expect(mend({ local: long, timeZone: 'UTC' })).toEqual(['invalid-request', 'sendAt.local', undefined])
  expect(mend(zoned(`A${long}`))).toEqual(['invalid-request', 'sendAt.timeZone', undefined])
})

test('up to 60 s past counts as now, and further past is refused', () => {
  expect(at('2026-11-22T00:00:00Z')).toBe(formatInstant(now))
  expect(at('2026-11-21T23:59:00.000Z')).toBe(formatInstant(now))
  expect(mend('2026-11-21T23:58:59.999Z')).toEqual(['time-in-past', 'sendAt', '{"delay":0}'])
  expect(mend('1969-12-31T23:59:59Z')).toEqual(['time-in-past', 'sendAt', '{"delay":0}'])
  expect(mend('0000-01-01T00:00:00+23:59')).toEqual(['time-in-past', 'sendAt', '{"delay":0}'])
  expect(at('2026-11-22T00:00:00.001Z')).toBe('2026-11-22T00:00:00.001Z')
})

test('a publish time must be after the clock: the clock itself and delay 0 are refused', () => {
  const publish = { path: 'publishAt', past: 'refuse' } as const
  for (const input of ['2026-11-22T00:00:00Z', '2026-11-21T23:59:59.999Z', { delay: 0 }]) {
    expect(mend(input, publish).slice(0, 2)).toEqual(['publish-at-not-future', 'publishAt'])
  }
  expect(at({ delay: 0.001 }, publish)).toBe('2026-11-22T00:00:00.001Z')
})

test('a publish time that cannot be read gives Koreans the same words, and everyone the fault', () => {
  const error = refused('내일', { path: 'publishAt', past: 'refuse' })
  expect(error.code).toBe('invalid-request')
  expect(error.detail.ko).toBe('publishAt은 미래 시각이어야 합니다.')
  expect(error.detail.en).toContain('publishAt: This is not a time')
  expect(error.fieldErrors[0]?.path).toBe('publishAt')
})

test('a caller with a rule of its own gets past instants as they are', () => {
  expect(at('2020-01-01T00:00:00Z', { past: 'allow' })).toBe('2020-01-01T00:00:00.000Z')
  expect(at('0001-01-01T00:00:00Z', { past: 'allow' })).toBe('0001-01-01T00:00:00.000Z')
})

test('ten calendar years ahead is taken to the millisecond, and nothing later', () => {
  expect(at('2036-11-22T00:00:00.000Z')).toBe('2036-11-22T00:00:00.000Z')
  for (const input of [
    '2036-11-22T00:00:00.0001Z',
    '9999-12-31T23:59:59.999-23:59',
    { delay: '3654d' },
    { delay: 1e300 },
    { delay: `${'9'.repeat(30)}w` },
    { local: '9999-12-31T23:59', timeZone: 'America/New_York' },
  ]) {
    expect(mend(input)).toEqual(['time-too-far', 'sendAt', '2036-11-22T00:00:00.000Z'])
  }
  expect(refused({ delay: '3654d' }, { past: 'allow' }).code).toBe('time-too-far')
  const leapDay = { now: new Date('2028-02-29T00:00:00Z') }
  expect(at('2038-03-01T00:00:00Z', leapDay)).toBe('2038-03-01T00:00:00.000Z')
  expect(refused('2038-03-01T00:00:00.001Z', leapDay).code).toBe('time-too-far')
  const over2100 = { now: new Date('2096-03-01T00:00:00Z') }
  expect(refused('2106-03-01T00:00:00.001Z', over2100).code).toBe('time-too-far')
})

test('the path of an element of a batch is kept', () => {
  expect(mend({ delay: '1y' }, { path: 'notifications[3].sendAt' })[1]).toBe('notifications[3].sendAt.delay')
})

test('a description gives the instant, the zone, its wall clock, and notes on what was done', () => {
  expect(describeWhen('2026-12-01T09:00:00+09:00', options())).toEqual({
    instant: '2026-12-01T00:00:00.000Z',
    timeZone: 'UTC',
    local: '2026-12-01T00:00:00.000',
    notes: [],
  })
  const english = (input: unknown) => describeWhen(input, options()).notes.map(({ en }) => en)
  expect(english({ delay: '10s' })).toEqual([expect.stringContaining('a day is 24 hours')])
  expect(english('2026-12-01T00:00:00.0001Z')).toEqual([expect.stringContaining('rounded up')])
  expect(english('2026-11-21T23:59:30Z')).toEqual([expect.stringContaining('counts as now')])
  expect(english(zoned('asia/seoul'))).toEqual(['The time zone asia/seoul was read as Asia/Seoul.'])
  expect(english(zoned('Etc/GMT+9'))).toEqual([expect.stringContaining('Etc/GMT+9 means UTC-9')])
})

test('a description says how a gap and an overlap were resolved', () => {
  const berlin = (local: string, disambiguation: string) =>
    describeWhen({ local, timeZone: 'Europe/Berlin', disambiguation }, options())
  const gap = berlin('2027-03-28T02:30', 'later')
  expect(gap.local).toBe('2027-03-28T03:30:00.000')
  expect(gap.notes[0]?.en).toMatch(/does not exist.*later.*2027-03-28T00:30:00.000Z/)
  const overlap = berlin('2027-10-31T02:30', 'earlier')
  expect(overlap.local).toBe('2027-10-31T02:30:00.000')
  expect(overlap.notes[0]?.en).toMatch(/comes twice.*earlier.*2027-10-31T01:30:00.000Z/)
  expect(overlap.notes[0]?.ko).toContain('두 번 있는')
})
