import { expect, test } from 'vitest'
import { EXAMPLES } from '../../../../test/kit/rfc5545-examples.ts'
import { createOccurrences, parseRule } from '../index.ts'

const timing = {
  timeZone: 'America/New_York',
  dstGap: 'next',
  dstOverlap: 'first',
  exclude: [],
  anchorMs: 0,
} as const

test.each(EXAMPLES)('RFC 5545: $name', ({ lines, runs, total }) => {
  const listed = runs.split(' ')
  const occurrences = createOccurrences(parseRule({ rrule: lines }), timing)
  const found = occurrences.between(0, Date.UTC(2100, 0, 1), total === null ? listed.length : total + 1)
  expect(found.slice(0, listed.length).map(({ local }) => local)).toEqual(listed.map((run) => `${run}:00`))
  if (total !== null) expect(found).toHaveLength(total)
  // The clocks of New York show it at the very instant.
  for (const { atMs, local } of found) {
    const shown = new Date(atMs).toLocaleString('sv-SE', { timeZone: 'America/New_York' })
    expect(shown.replace(' ', 'T')).toBe(local)
  }
})

test('all examples of the section are there', () => {
  expect(EXAMPLES.length).toBe(42)
})
