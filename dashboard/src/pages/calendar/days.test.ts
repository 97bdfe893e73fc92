import { expect, test } from 'vitest'
import { countBounds, dayBounds, endsOf, withCounts } from './days.ts'

test('days begin and end where the clocks of the zone say so, also when they are changed', () => {
  expect(
    dayBounds({ from: '2027-03-26T23:00:00.000Z', to: '2027-03-29T22:00:00.000Z' }, 'Europe/Berlin'),
  ).toEqual([
    '2027-03-26T23:00:00.000Z',
    '2027-03-27T23:00:00.000Z',
    '2027-03-28T22:00:00.000Z',
    '2027-03-29T22:00:00.000Z',
  ])
})

test('from the day on at which reading ended a kind is a number a day, once; what cannot be counted stays as far as it was read', () => {
  const one = (at: string, kind: string) => ({ at, kind, id: at, title: 't', count: 1 })
  const day = (n: number) => `2027-05-0${n}T00:00:00.000Z`
  const count = (n: number, of: number, more: boolean) => ({
    ...{ from: day(n), to: day(n + 1), kind: 'notification', count: of, more },
  })
  const entries = [
    one('2027-05-01T09:00:00.000Z', 'notification'),
    one('2027-05-02T09:00:00.000Z', 'notification'),
    one('2027-05-03T09:00:00.000Z', 'publication'),
    one('2027-05-03T09:00:00.000Z', 'schedule'),
  ]
  const until = { notification: '2027-05-02T10:00:00.000Z', schedule: '2027-05-03T10:00:00.000Z' }
  const counts = [count(1, 1, false), count(2, 1000, true), count(3, 20, false)]
  const found = endsOf(until, true, 'UTC')
  expect(countBounds([day(1), day(2), day(3), day(4)], found)).toEqual([day(2), day(3), day(4)])
  const { listed, sums, ends } = withCounts(entries, found, { counts, timeZone: 'UTC' })
  expect(listed.map(({ at, kind }) => `${kind} ${at.slice(0, 10)}`)).toEqual([
    'notification 2027-05-01',
    'publication 2027-05-03',
    'schedule 2027-05-03',
  ])
  expect(sums).toMatchObject([
    { at: day(2), kind: 'notification', id: null, count: 1000, more: true, to: '2027-05-02T23:59:00.000Z' },
    { at: day(3), count: 20, more: false, to: '2027-05-03T23:59:00.000Z' },
  ])
  expect([...ends]).toEqual([['notification', day(2)]])
})

test('on a grid of hours all that was read stays, and what follows is a number a day, from the instant on at which reading ended', () => {
  const until = { notification: '2027-05-02T10:00:00Z', run: '2027-05-02T12:00:00Z' }
  const ends = endsOf(until, false, 'Asia/Seoul')
  const days = dayBounds({ from: '2027-05-01T15:00:00.000Z', to: '2027-05-03T15:00:00.000Z' }, 'Asia/Seoul')
  const bounds = countBounds(days, ends)
  const [first = '', second = '', third = '', last = ''] = bounds
  expect(bounds).toEqual([
    '2027-05-02T10:00:00.000Z',
    '2027-05-02T12:00:00.000Z',
    '2027-05-02T15:00:00.000Z',
    '2027-05-03T15:00:00.000Z',
  ])
  const counted = (from: string, to: string, kind: string, count: number) => ({
    ...{ from, to, kind, count, more: false },
  })
  const counts = [
    ...[counted(first, second, 'notification', 5), counted(first, second, 'run', 7)],
    ...[counted(second, third, 'notification', 6), counted(second, third, 'run', 8)],
    counted(third, last, 'run', 9),
  ]
  const { sums } = withCounts([], ends, { counts, timeZone: 'Asia/Seoul' })
  expect(sums.map(({ kind, day, from, to, count }) => [kind, day, from, to, count])).toEqual([
    ['notification', '2027-05-02', first, '2027-05-02T14:59:00.000Z', 11],
    ['run', '2027-05-02', second, '2027-05-02T14:59:00.000Z', 8],
    ['run', '2027-05-03', third, '2027-05-03T14:59:00.000Z', 9],
  ])
})
