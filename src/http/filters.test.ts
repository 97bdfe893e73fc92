import { expect, test } from 'vitest'
import { YeyakError } from '../platform/errors.ts'
import { commaList, instantFilter } from './filters.ts'

function fault(run: () => unknown): { path: string; suggestion?: string } | undefined {
  try {
    run()
  } catch (error) {
    if (!(error instanceof YeyakError) || error.code !== 'invalid-parameter') throw error
    const [{ path, suggestion } = { path: '' }] = error.fieldErrors
    return suggestion === undefined ? { path } : { path, suggestion }
  }
  return undefined
}

const states = ['scheduled', 'retrying', 'failed'] as const

test('a comma list means any of its values', () => {
  expect(commaList('state', 'scheduled,failed', states)).toEqual(['scheduled', 'failed'])
  expect(commaList('state', 'failed, failed', states)).toEqual(['failed'])
  expect(commaList('state', undefined, states)).toBeUndefined()
})

test('a value that is none is refused, with the one that was meant', () => {
  expect(fault(() => commaList('state', 'scheduled,faild', states))).toEqual({
    path: 'state',
    suggestion: 'failed',
  })
  expect(fault(() => commaList('state', '', states))).toEqual({ path: 'state' })
  expect(fault(() => commaList('state', 'failed,', states))).toEqual({ path: 'state' })
})

test.each([
  ['2026-12-01T09:00:00Z', '2026-12-01T09:00:00.000Z'],
  ['2026-12-01T09:00:00+09:00', '2026-12-01T00:00:00.000Z'],
  ['2026-12-01T09:00+09:00', '2026-12-01T00:00:00.000Z'],
  ['2028-02-29T00:00:00.123Z', '2028-02-29T00:00:00.123Z'],
])('the instant %s is taken', (given, instant) => {
  expect(instantFilter('dueFrom', given)?.toISOString()).toBe(instant)
})

test.each([
  ['', undefined],
  ['2026-12-01', undefined],
  ['2026-12-01T09:00:00', undefined],
  ['2026-02-30T00:00:00Z', undefined],
  ['2026-12-01T24:30:00Z', undefined],
  ['2026-12-01T09:00:60Z', undefined],
  ['tomorrow', undefined],
  ['2026-12-01T09:00:00 09:00', '2026-12-01T09:00:00%2B09:00'],
])('the instant %s is refused', (given, suggestion) => {
  expect(fault(() => instantFilter('dueFrom', given))).toEqual({
    path: 'dueFrom',
    ...(suggestion === undefined ? {} : { suggestion }),
  })
})
