import { expect, test } from 'vitest'
import { clockChanges } from './clock-changes.ts'

test('both changes of a year are found, to the second', () => {
  expect(clockChanges('2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z', 'Europe/Berlin')).toEqual([
    { at: '2026-03-29T01:00:00.000Z', byMs: 3_600_000, from: '02:00', to: '03:00', day: '2026-03-29' },
    { at: '2026-10-25T01:00:00.000Z', byMs: -3_600_000, from: '03:00', to: '02:00', day: '2026-10-25' },
  ])
})

test('half an hour counts, too', () => {
  const [change] = clockChanges('2026-10-01T00:00:00Z', '2026-10-10T00:00:00Z', 'Australia/Lord_Howe')
  expect(change).toMatchObject({ byMs: 1_800_000, from: '02:00', to: '02:30' })
})

test('a zone without summer time has none', () => {
  expect(clockChanges('2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z', 'Asia/Seoul')).toEqual([])
})
