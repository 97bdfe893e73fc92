import { expect, test } from 'vitest'
import { YeyakError } from '../../../platform/errors.ts'
import { parseRule } from '../index.ts'

function refused(rrule: string): YeyakError {
  try {
    parseRule({ rrule })
  } catch (error) {
    if (error instanceof YeyakError) return error
    throw error
  }
  throw new Error(`${rrule} was taken`)
}

test.each([
  ['', 'empty', 'FREQ=WEEKLY;BYDAY=MO,FR;BYHOUR=9;BYMINUTE=0'],
  ['DTSTART:20261201T090000', 'no RRULE', 'FREQ=WEEKLY;BYDAY=MO,FR;BYHOUR=9;BYMINUTE=0'],
  ['BYDAY=MO', 'FREQ is missing', 'FREQ=DAILY;BYDAY=MO'],
  ['FREQ=DAYLY', 'Did you mean DAILY', 'FREQ=DAILY'],
  ['FREQ=WEEKLY;BYDAYS=MO', 'Did you mean BYDAY', 'BYDAY=MO'],
  ['FREQ=WEEKLY;BYDAY=MON', 'no day of the week', 'MO'],
  ['FREQ=WEEKLY;BYDAY=2MO', 'numbered day', undefined],
  ['FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO', 'no number', undefined],
  ['FREQ=DAILY;INTERVAL=0', 'from 1', 'INTERVAL=1'],
  ['FREQ=DAILY;COUNT=-1', 'from 1', 'COUNT=1'],
  ['FREQ=DAILY;COUNT=3;UNTIL=20271231', 'not by both', undefined],
  ['FREQ=DAILY;BYHOUR=24', '0 to 23', undefined],
  ['FREQ=MONTHLY;BYMONTHDAY=0', '1 to 31', undefined],
  ['FREQ=MONTHLY;BYSETPOS=1', 'needs one of them', undefined],
  ['FREQ=DAILY;UNTIL=2027-12-31', 'UNTIL', '20271231'],
  ['FREQ=DAILY;UNTIL=20270230', 'UNTIL', undefined],
  ['FREQ=DAILY;FREQ=WEEKLY', 'given twice', undefined],
  ['RSCALE=CHINESE;FREQ=YEARLY', 'RFC 7529', undefined],
  ['0 9 * * *', 'cron', 'FREQ=DAILY;BYHOUR=9;BYMINUTE=0'],
  ['RRULE:FREQ=DAILY\nEXRULE:FREQ=WEEKLY', 'EXDATE', undefined],
  ['RRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY', 'more than one', undefined],
  ['DTSTART;VALUE=PERIOD:20261201T090000\nRRULE:FREQ=DAILY', 'VALUE=PERIOD', undefined],
  [
    'DTSTART;TZID=Asia/Seoul:20261201T090000\nRRULE:FREQ=DAILY\nEXDATE;TZID=UTC:20261202T090000',
    'one zone',
    undefined,
  ],
])('%j is refused at rrule, with the mend', (rrule, words, suggestion) => {
  const error = refused(rrule)
  expect(error.code).toBe('invalid-request')
  const [fault] = error.fieldErrors
  expect(fault?.path).toBe('rrule')
  expect(fault?.message.en).toContain(words)
  expect(fault?.message.ko).toMatch(/[가-힣].*[.?]$/)
  expect(fault?.suggestion).toBe(suggestion)
})

test('a TZID that is no zone is refused as one, with the nearest', () => {
  const error = refused('DTSTART;TZID=Asia/Soeul:20261201T090000\nRRULE:FREQ=DAILY')
  expect(error.code).toBe('unknown-time-zone')
  expect(error.fieldErrors[0]).toMatchObject({ path: 'rrule', suggestion: 'Asia/Seoul' })
})

test.each([
  'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
  'FREQ=DAILY;INTERVAL=99999999999999999999',
  'DTSTART:20260101T000001\nRRULE:FREQ=SECONDLY;INTERVAL=2;BYSECOND=0',
  'DTSTART:20260101T000000\nRRULE:FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29;BYHOUR=1',
  'DTSTART:20260101T000000\nRRULE:FREQ=DAILY;UNTIL=20251231',
  'DTSTART:20260101T000001\nRRULE:FREQ=SECONDLY;INTERVAL=11;BYSECOND=0,7;BYMONTHDAY=31,1;COUNT=10000',
  'DTSTART:20260101T000001\nRRULE:FREQ=SECONDLY;INTERVAL=3599;BYMINUTE=0;BYSECOND=0;COUNT=10000',
  'FREQ=DAILY;COUNT=1000000',
])('%j never runs, or not within the limits, and is refused at once', (rrule) => {
  const startedMs = performance.now()
  expect(refused(rrule).code).toBe('unbounded-schedule')
  expect(performance.now() - startedMs).toBeLessThan(1000)
})

test('what other programs write is read: any case, folded lines, spaces, a plus, the leap second', () => {
  for (const rrule of [
    'freq=daily;byhour=9',
    'RRULE:FREQ=WEEKLY;BY\r\n DAY=MO\r\nDTSTART:20261201T090000Z',
    'FREQ=MONTHLY;BYDAY=+2MO;BYMONTHDAY=+8,+9;',
    'FREQ=MINUTELY;BYSECOND=60',
    'DTSTART:20261201T090000\nRRULE:FREQ=DAILY;UNTIL=99991231T235959Z',
  ]) {
    expect(() => parseRule({ rrule })).not.toThrow()
  }
})

test('a schedule has exactly one of the two', () => {
  for (const input of [{}, { cron: null }, { cron: '@daily', rrule: 'FREQ=DAILY' }]) {
    expect(() => parseRule(input)).toThrow(YeyakError)
  }
})
