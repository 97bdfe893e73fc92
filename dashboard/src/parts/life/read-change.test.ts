import { expect, test } from 'vitest'
import { readChange } from './read-change.ts'

const AT = '2026-12-01T00:00:00.000Z'

test.each([
  ['changed by request', { change: 'changed', edited: null, nextAttemptAt: null }],
  [
    `changed by request: message, tags, next attempt ${AT}`,
    { change: 'changed', edited: 'message, tags', nextAttemptAt: AT },
  ],
  [`tried again by request, next attempt ${AT}`, { change: 'retried', edited: null, nextAttemptAt: AT }],
  [
    `tried again by request, edited: data, next attempt ${AT}`,
    { change: 'retried', edited: 'data', nextAttemptAt: AT },
  ],
  [
    `moved: the rules of its time zone have changed, next attempt ${AT}`,
    { change: 'moved', edited: null, nextAttemptAt: AT },
  ],
])('%s', (detail, read) => {
  expect(readChange(detail)).toEqual(read)
})

test('what says something else is left to others', () => {
  expect(readChange('final: rejected')).toBeNull()
  expect(readChange('attempt 1 ran: http-503, not now')).toBeNull()
})
