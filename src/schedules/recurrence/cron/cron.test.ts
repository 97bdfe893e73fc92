import { expect, test } from 'vitest'
import { YeyakError } from '../../../platform/errors.ts'
import { createOccurrences, parseRule } from '../index.ts'

/** The first runs after 2027-01-01T00:00:00, as they stand on the clock. */
function runs(cron: string, count = 4): string {
  const timing = { timeZone: 'UTC', dstGap: 'next', dstOverlap: 'first', exclude: [], anchorMs: 0 } as const
  const found = createOccurrences(parseRule({ cron }), timing).between(
    Date.UTC(2027, 0, 1),
    Number.MAX_SAFE_INTEGER,
    count,
  )
  return found.map(({ local }) => local.slice(5).replace(/:00$/, '')).join(' ')
}

test.each([
  ['0 9 * * *', '01-01T09:00 01-02T09:00 01-03T09:00 01-04T09:00'],
  ['*/20 * * * *', '01-01T00:00 01-01T00:20 01-01T00:40 01-01T01:00'],
  ['5/20 * * * *', '01-01T00:05 01-01T00:25 01-01T00:45 01-01T01:05'],
  ['30 0 9 * * *', '01-01T09:00:30 01-02T09:00:30 01-03T09:00:30 01-04T09:00:30'],
  ['0,30 59 23 31 12 *', '12-31T23:59 12-31T23:59:30 12-31T23:59 12-31T23:59:30'],
  ['0 0 1 jan-MAR/2 *', '01-01T00:00 03-01T00:00 01-01T00:00 03-01T00:00'],
  ['0 0 * * 7', '01-03T00:00 01-10T00:00 01-17T00:00 01-24T00:00'],
  ['0 0 * * 5-7', '01-01T00:00 01-02T00:00 01-03T00:00 01-08T00:00'],
  ['0 0 * * Sat,sun', '01-02T00:00 01-03T00:00 01-09T00:00 01-10T00:00'],
  ['0 0 31 * *', '01-31T00:00 03-31T00:00 05-31T00:00 07-31T00:00'],
  ['0 0 29 2 *', '02-29T00:00 02-29T00:00 02-29T00:00 02-29T00:00'],
  ['0 0 L * *', '01-31T00:00 02-28T00:00 03-31T00:00 04-30T00:00'],
  ['0 0 L-2 * *', '01-29T00:00 02-26T00:00 03-29T00:00 04-28T00:00'],
  ['0 0 LW * *', '01-29T00:00 02-26T00:00 03-31T00:00 04-30T00:00'],
  ['0 0 15W * *', '01-15T00:00 02-15T00:00 03-15T00:00 04-15T00:00'],
  ['0 0 1W * *', '01-01T00:00 02-01T00:00 03-01T00:00 04-01T00:00'],
  ['0 0 1W 5,8 *', '05-03T00:00 08-02T00:00 05-01T00:00 08-01T00:00'],
  ['0 0 31W * *', '01-29T00:00 03-31T00:00 05-31T00:00 07-30T00:00'],
  ['0 0 * * FRI#2', '01-08T00:00 02-12T00:00 03-12T00:00 04-09T00:00'],
  ['0 0 * * 1#5', '03-29T00:00 05-31T00:00 08-30T00:00 11-29T00:00'],
  ['0 0 * * 5L', '01-29T00:00 02-26T00:00 03-26T00:00 04-30T00:00'],
  ['0 0 ? * MON', '01-04T00:00 01-11T00:00 01-18T00:00 01-25T00:00'],
  ['@hourly', '01-01T00:00 01-01T01:00 01-01T02:00 01-01T03:00'],
  ['@daily', '01-01T00:00 01-02T00:00 01-03T00:00 01-04T00:00'],
  ['@Weekly', '01-03T00:00 01-10T00:00 01-17T00:00 01-24T00:00'],
  ['@monthly', '01-01T00:00 02-01T00:00 03-01T00:00 04-01T00:00'],
  ['@yearly', '01-01T00:00 01-01T00:00 01-01T00:00 01-01T00:00'],
  ['  0\t9   * * *  ', '01-01T09:00 01-02T09:00 01-03T09:00 01-04T09:00'],
])('%s runs at %s', (cron, expected) => {
  expect(runs(cron)).toBe(expected)
})

test('two restricted day fields are an "or", as in crontab(5)', () => {
  expect(runs('0 0 13 * FRI', 5)).toBe('01-01T00:00 01-08T00:00 01-13T00:00 01-15T00:00 01-22T00:00')
  expect(runs('0 0 L * MON#1')).toBe('01-04T00:00 01-31T00:00 02-01T00:00 02-28T00:00')
})

test('a day field that begins with a star makes it an "and", also with a step, as in crontab(5)', () => {
  expect(runs('0 0 */2 * MON')).toBe('01-11T00:00 01-25T00:00 02-01T00:00 02-15T00:00')
  expect(runs('0 0 1-31/2 * MON')).toBe('01-01T00:00 01-03T00:00 01-04T00:00 01-05T00:00')
  expect(runs('0 0 1-7 * */7')).toBe('01-03T00:00 02-07T00:00 03-07T00:00 04-04T00:00')
})

function refused(cron: string): YeyakError {
  try {
    parseRule({ cron })
  } catch (error) {
    if (error instanceof YeyakError) return error
    throw error
  }
  throw new Error(`${cron} was taken`)
}

test.each([
  ['60 * * * *', 'minute', '59 * * * *'],
  ['* 24 * * *', 'hour', '* 23 * * *'],
  ['0 0 0 * *', 'day of month', '0 0 1 * *'],
  ['0 0 * 13 *', 'month', '0 0 * 12 *'],
  ['0 0 * * 8', 'day of week', '0 0 * * 7'],
  ['0 0 * FEBRUARY *', 'Did you mean FEB', '0 0 * FEB *'],
  ['0 0 * * MUN', 'Did you mean', '0 0 * * SUN'],
  ['0 0 * * FRI-MON', 'two ranges', '0 0 * * FRI-SAT,SUN-MON'],
  ['0 22-2 * * *', 'two ranges', '0 22-23,0-2 * * *'],
  ['*/0 * * * *', 'step', '*/1 * * * *'],
  ['*/90 * * * *', 'begin again', '*/60 * * * *'],
  ['0,,5 * * * *', 'empty', '0,5 * * * *'],
  ['1--5 * * * *', 'cannot be read', '1-5 * * * *'],
  ['0 0 * * L', 'FRIL', '0 0 * * SAT'],
  ['* * *', 'has 3', '* * * * *'],
  ['0 0 9 * * * 2027', 'seventh', '0 0 9 * * *'],
  ['', 'has 0', '0 9 * * 1-5'],
  ['@dayly', 'Did you mean @daily', '@daily'],
  ['@every 5m', '@every', '*/5 * * * *'],
  ['@reboot', 'not a time', undefined],
  ['CRON_TZ=Asia/Seoul 0 9 * * *', 'timeZone', '0 9 * * *'],
  ['0 0 32W * *', '1 to 31', undefined],
  ['0 0 * * 7-1', 'two ranges', '0 0 * * SUN-MON'],
  ['0 0 * * 5-2', 'two ranges', '0 0 * * FRI-SAT,SUN-TUE'],
  ['0 0 * * FRI#-1', 'FRIL', '0 0 * * FRIL'],
  ['0 0 L-5W * *', 'cannot be read', undefined],
  ['@every 90s', '@every', undefined],
  ['@every 1h30m', '@every', undefined],
  ['@every 2h', '@every', '0 */2 * * *'],
  ['@every 7m', '@every', undefined],
  ['every 5 minutes', 'has 3', '0 9 * * 1-5'],
  ['0 9 * * MON # weekly', 'has 7', '0 9 * * 1-5'],
  ['0 0 1 1 * 2027', 'outside', '0 0 1 1 * 7'],
  ['٣ * * * *', 'There is no minute', undefined],
  ['H 9 * * *', 'There is no minute', undefined],
  ['0 0 * * FRI#6', '1 to 5', undefined],
])('%s is refused at cron, with the mend', (cron, words, suggestion) => {
  const error = refused(cron)
  expect(error.code).toBe('invalid-request')
  const [fault] = error.fieldErrors
  expect(fault?.path).toBe('cron')
  expect(fault?.message.en).toContain(words)
  expect(fault?.message.ko).toMatch(/[가-힣].*[.?]$/)
  expect(fault?.suggestion).toBe(suggestion)
  // What is suggested as a whole expression is one.
  if (suggestion !== undefined) expect(() => parseRule({ cron: suggestion })).not.toThrow()
})

test.each([
  '1--100000000 * * * *',
  '*/100000000 * * * *',
  '0-99999 * * * *',
  '0 0 30 2 *',
  '0 0 31W 2 *',
  '0 0 31 4,6,9,11 *',
  `${'1,'.repeat(5000)}1 * * * *`,
])('%.30s never runs or expands without bound, and is refused at once', (cron) => {
  const startedMs = performance.now()
  expect(refused(cron).code).toBe('unbounded-schedule')
  expect(performance.now() - startedMs).toBeLessThan(1000)
})
