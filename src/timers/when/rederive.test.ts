import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isWallClock, rederive, rederiveExpiry, resolveWhen } from './index.ts'

const NOW = new Date('2026-11-30T12:00:00Z')
const ZONES = ['Asia/Seoul', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/St_Johns']
const HOUR_MS = 3_600_000
const shifted = (date: Date, hours: number) => new Date(date.getTime() + hours * HOUR_MS)

const wallClocks = fc.record({
  local: fc
    .date({
      ...{
        min: new Date('2027-01-01T00:00:00Z'),
        max: new Date('2035-12-31T23:59:00Z'),
        noInvalidDate: true,
      },
    })
    .map((date) => date.toISOString().slice(0, 23)),
  timeZone: fc.constantFrom(...ZONES),
  disambiguation: fc.constantFrom('earlier', 'later'),
})

test('an instant whose zone rules did not change does not move', () => {
  fc.assert(
    fc.property(wallClocks, (given) => {
      const { at } = resolveWhen(given, { path: 'x', now: NOW })
      expect(rederive(given, at)).toBeNull()
    }),
    { numRuns: 2_000 },
  )
})

test('an instant that an older rule came to moves to where the clock is now, whichever way and by how much', () => {
  fc.assert(
    fc.property(wallClocks, fc.constantFrom(-2, -1, -0.5, -0.25, 0.25, 0.5, 1, 3, 24), (given, hours) => {
      const { at } = resolveWhen(given, { path: 'x', now: NOW })
      expect(rederive(given, shifted(at, hours))).toEqual(at)
    }),
  )
})

test('what no rule of a zone decides does not move', () => {
  for (const given of [
    null,
    undefined,
    '2027-01-01T00:00:00Z',
    { delay: '1h' },
    5,
    { local: '2027-01-01T00:00' },
  ])
    expect([isWallClock(given), rederive(given, NOW)]).toEqual([false, null])
  // Within 60 s a time that had just passed was taken for now.
  const given = { local: '2026-11-30T11:59:10', timeZone: 'UTC' }
  expect(rederive(given, resolveWhen(given, { path: 'x', now: NOW }).at)).toBeNull()
  expect(rederive({ local: '2027-01-01T00:00', timeZone: 'Mars/Olympus' }, NOW)).toBeNull()
})

test('in an overlap or a gap that a new rule has made, nobody is asked: what was valid stays, else it is as people expect', () => {
  const overlap = { local: '2027-10-31T02:30', timeZone: 'Europe/Berlin' }
  for (const instant of ['2027-10-31T00:30:00Z', '2027-10-31T01:30:00Z'])
    expect(rederive(overlap, new Date(instant))).toBeNull()
  expect(rederive(overlap, new Date('2027-10-31T02:30:00Z'))).toEqual(new Date('2027-10-31T00:30:00Z'))
  const gap = { local: '2027-03-28T02:30', timeZone: 'Europe/Berlin' }
  expect(rederive(gap, new Date('2027-03-28T02:30:00Z'))).toEqual(new Date('2027-03-28T01:30:00Z'))
  expect(rederive({ ...gap, disambiguation: 'earlier' }, new Date('2027-03-28T02:30:00Z'))).toEqual(
    new Date('2027-03-28T00:30:00Z'),
  )
})

test('an expiry that counts from the due instant moves along with it, one that is an instant stays', () => {
  const due = new Date('2027-05-01T00:00:00Z')
  const to = shifted(due, 1)
  expect(rederiveExpiry({ delay: '2h' }, shifted(due, 2), due, to)).toEqual(shifted(due, 3))
  expect(rederiveExpiry({ delay: '2h' }, shifted(due, 2), due, null)).toBeNull()
  expect(rederiveExpiry(null, shifted(due, 2), due, to)).toBeNull()
  const given = { local: '2027-05-02T09:00', timeZone: 'Asia/Seoul' }
  expect(rederiveExpiry(given, new Date('2027-05-02T01:00:00Z'), due, null)).toEqual(
    new Date('2027-05-02T00:00:00Z'),
  )
})
