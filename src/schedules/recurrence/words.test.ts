import { expect, test } from 'vitest'
import { describeRule, parseRule } from './index.ts'

test.each([
  ['0 9 * * 1-5', 'At 09:00, on Monday to Friday.', '월요일부터 금요일까지 09:00에 실행됩니다.'],
  ['*/15 * * * *', 'Every 15 minutes.', '15분마다 실행됩니다.'],
  ['*/40 * * * *', 'At minute 0 and 40, every hour.', '매시간 0분, 40분에 실행됩니다.'],
  [
    '*/15 9-17 * * *',
    'Every 15 minutes, in hour 9 to 17, every day.',
    '매일 9시부터 17시까지 15분마다 실행됩니다.',
  ],
  ['@daily', 'At 00:00, every day.', '매일 00:00에 실행됩니다.'],
  ['0 0 13 * FRI', 'At 00:00, on day 13 of the month or on Friday.', '13일 또는 금요일 00:00에 실행됩니다.'],
  [
    '0 0 1-7 * */7',
    'At 00:00, on day 1 to 7 of the month if it is also Sunday.',
    '1일부터 7일까지이면서 일요일인 날 00:00에 실행됩니다.',
  ],
  [
    '0 8 L 12 ?',
    'At 08:00, on the last day of the month, in December.',
    '12월 그 달의 마지막 날 08:00에 실행됩니다.',
  ],
  ['5 4 * * SUN#2', 'At 04:05, on the 2nd Sunday of the month.', '그 달의 둘째 일요일 04:05에 실행됩니다.'],
  ['*/10 * * * * *', 'Every 10 seconds.', '10초마다 실행됩니다.'],
])('%s in words', (cron, en, ko) => {
  const rule = parseRule({ cron })
  expect([describeRule(rule, 'en'), describeRule(rule, 'ko')]).toEqual([en, ko])
})

test.each([
  [
    'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;BYHOUR=9;BYMINUTE=0;COUNT=10',
    'Every 2 weeks, on Monday and Friday, at 09:00, 10 times.',
    '총 10번 2주마다 월요일, 금요일 09:00에 실행됩니다.',
  ],
  [
    'DTSTART:20261201T090000\nRRULE:FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20271224T000000Z',
    'Every month, on the last Friday of the month, at 09:00, until 2027-12-24.',
    '2027-12-24까지 매월 그 달의 마지막 금요일 09:00에 실행됩니다.',
  ],
  [
    'DTSTART:20261201T090000\nRRULE:FREQ=YEARLY\nEXDATE:20271201T090000',
    'Every year, on December 1, at 09:00, but for 1 excluded.',
    '매년 12월 1일 09:00에 (제외 1건) 실행됩니다.',
  ],
  [
    'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;BYHOUR=9;BYMINUTE=0',
    'Every month, on Monday to Friday, at 09:00, only the last of these in the month.',
    '매월 월요일부터 금요일까지 (그 달의 해당하는 것 중 마지막만) 09:00에 실행됩니다.',
  ],
  ['FREQ=DAILY', 'Every day, at the time of its start.', '매일 시작 시각과 같은 시각에 실행됩니다.'],
  [
    'FREQ=HOURLY;INTERVAL=3;BYMINUTE=0,30',
    'Every 3 hours, at minute 0 and 30.',
    '3시간마다 0분, 30분에 실행됩니다.',
  ],
])('%s in words', (rrule, en, ko) => {
  const rule = parseRule({ rrule })
  expect([describeRule(rule, 'en'), describeRule(rule, 'ko')]).toEqual([en, ko])
})
