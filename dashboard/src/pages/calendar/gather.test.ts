import { expect, test } from 'vitest'
import { gather, type View } from './gather.ts'

const made = (count: number, at: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => ({
    at: at(i),
    kind: 'notification',
    id: `n${i}`,
    title: `t${i}`,
    count: 1,
  }))
const sum = (at: string, count: number) => ({
  at,
  kind: 'notification',
  id: null,
  title: `${count} notifications`,
  count,
})

test('few are shown one by one', () => {
  const few = made(3, (i) => `2026-12-01T00:0${i}:00.000Z`)
  expect(gather(few, 'week', 'UTC').map(({ id }) => id)).toEqual(['n0', 'n1', 'n2'])
})

test('nothing is lost when they are summed up: sums of the server count for what they stand for', () => {
  const many = [...made(50, (i) => `2026-12-01T00:${10 + i}:00.000Z`), sum('2026-12-01T01:00:00.000Z', 250)]
  for (const view of ['month', 'week', 'day', 'agenda'] satisfies View[]) {
    const counted = gather(many, view, 'UTC').reduce((all, { count }) => all + count, 0)
    expect(counted, view).toBe(300)
  }
  expect(gather(many, 'month', 'UTC')).toMatchObject([
    { id: null, count: 300, from: '2026-12-01T00:10:00.000Z', to: '2026-12-01T01:00:00.000Z' },
  ])
})

test('a day is a day of the zone that is shown', () => {
  const around = made(80, (i) => (i < 40 ? '2026-12-01T14:30:00.000Z' : '2026-12-01T15:30:00.000Z'))
  expect(gather(around, 'month', 'UTC')).toHaveLength(1)
  expect(gather(around, 'month', 'Asia/Seoul')).toHaveLength(80)
})

test('kinds are not mixed, and keys are unique', () => {
  const both = [
    ...made(41, () => '2026-12-01T00:00:00.000Z'),
    { ...sum('2026-12-01T00:00:00.000Z', 900), kind: 'publication' },
  ]
  const shown = gather(both, 'month', 'UTC')
  expect(shown.map(({ kind, count }) => [kind, count])).toEqual([
    ['notification', 41],
    ['publication', 900],
  ])
  expect(new Set(shown.map(({ key }) => key)).size).toBe(2)
})

test('a sum stands where its half an hour begins, also in zones that are three quarters off', () => {
  const many = made(9, (i) => `2026-12-01T00:2${i}:30.000Z`)
  expect(gather(many, 'week', 'UTC')).toMatchObject([
    { at: '2026-12-01T00:00:00.000Z', from: '2026-12-01T00:20:30.000Z', count: 9 },
  ])
  const later = made(9, (i) => `2026-12-01T00:3${i}:30.000Z`)
  expect(gather(later, 'week', 'Asia/Kathmandu')).toMatchObject([
    { at: '2026-12-01T00:15:00.000Z', count: 9 },
  ])
})
