import { expect, test } from 'vitest'
import { candidatesOf, toInstant, toLocal } from './zone.ts'

test.each([
  ['2026-12-01T09:00', 'Asia/Seoul', '2026-12-01T00:00:00.000Z'],
  ['2026-07-01T09:00', 'Europe/Berlin', '2026-07-01T07:00:00.000Z'],
  ['2026-01-15T00:00', 'America/New_York', '2026-01-15T05:00:00.000Z'],
  ['2026-06-30T23:59', 'Asia/Kathmandu', '2026-06-30T18:14:00.000Z'],
  ['2026-05-05T05:05', 'UTC', '2026-05-05T05:05:00.000Z'],
])('%s in %s is %s', (local, zone, instant) => {
  expect(toInstant(local, zone)).toBe(instant)
  expect(toLocal(instant, zone)).toBe(local)
})

test('a time that the clocks skip is an hour later, one that comes twice is the first', () => {
  expect(toLocal(toInstant('2026-03-29T02:30', 'Europe/Berlin') ?? '', 'Europe/Berlin')).toBe(
    '2026-03-29T03:30',
  )
  expect(toInstant('2026-10-25T02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z')
})

test('what is no time is none', () => {
  expect(toInstant('', 'UTC')).toBeNull()
  expect(toInstant('soon', 'UTC')).toBeNull()
})

test('a wall clock that does not exist, or comes twice, has two instants; any other has no choice', () => {
  expect(candidatesOf('2027-03-14T02:30', 'America/New_York')).toEqual([
    '2027-03-14T06:30:00.000Z',
    '2027-03-14T07:30:00.000Z',
  ])
  expect(candidatesOf('2027-11-07T01:30', 'America/New_York')).toEqual([
    '2027-11-07T05:30:00.000Z',
    '2027-11-07T06:30:00.000Z',
  ])
  for (const clear of ['2027-03-14T01:59', '2027-03-14T03:00', '2027-11-07T00:59', '2027-11-07T02:00', ''])
    expect(candidatesOf(clear, 'America/New_York')).toEqual([])
  expect(candidatesOf('2027-03-14T02:30', 'Asia/Seoul')).toEqual([])
})
