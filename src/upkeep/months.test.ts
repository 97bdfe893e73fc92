import { expect, test } from 'vitest'
import { endOf, monthOf } from './months.ts'

test('months follow each other without a gap over the turn of a year', () => {
  const now = new Date('2026-11-30T23:59:59.999Z')
  const months = [0, 1, 2].map((ahead) => monthOf('events', now, ahead))
  expect(months.map((month) => month.name)).toEqual(['events_2026_11', 'events_2026_12', 'events_2027_01'])
  expect(months[0]?.to).toEqual(months[1]?.from)
  expect(months[1]?.to).toEqual(new Date('2027-01-01T00:00:00Z'))
})

test('a partition ends where its month ends, and the default partition never', () => {
  expect(endOf('attempts_2026_12')).toEqual(new Date('2027-01-01T00:00:00Z'))
  expect(endOf('attempts_default')).toBeNull()
})
