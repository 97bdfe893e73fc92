import { expect, test } from 'vitest'
import { isDay } from './step.ts'

test('an address shows the day that it names, where there is such a day', () => {
  for (const day of ['2026-12-01', '2028-02-29', '1000-01-01']) expect(isDay(day)).toBe(true)
  for (const day of [
    ...['', 'tomorrow', '2026-99-99', '2026-02-29', '2026-04-31', '2026-1-1', '2026-12-01T00:00'],
    ...['0000-00-00', '0001-01-01', '0202-12-01', '9999-12-31', '275760-09-13'],
  ])
    expect([day, isDay(day)]).toEqual([day, false])
})
