import { expect, test } from 'vitest'
import { bodyOf, brokenJson, draftOf, EMPTY_MESSAGE } from './draft.ts'

test('what is as it would be anyway is left out', () => {
  expect(bodyOf({ ...EMPTY_MESSAGE, message: 'Hello' }, '')).toEqual({ channel: 'log', message: 'Hello' })
})

test('a mail bears what was typed, with an address a line', () => {
  const draft = {
    ...EMPTY_MESSAGE,
    channel: 'email' as const,
    to: 'Kim, Min <min@example.com>\n sol@example.com \n',
  }
  expect(bodyOf({ ...draft, subject: 'Hi', message: 'Text', html: '<p>', tags: 'a, b,' }, 'x: y')).toEqual({
    ...{ channel: 'email', to: ['Kim, Min <min@example.com>', 'sol@example.com'] },
    ...{ subject: 'Hi', text: 'Text', html: '<p>', tags: ['a', 'b'] },
  })
})

test('a webhook bears JSON as it is, false and 0 included, and headers whose values have colons', () => {
  const draft = { ...EMPTY_MESSAGE, channel: 'webhook' as const, to: 'https://example.com', payload: 'false' }
  expect(bodyOf(draft, 'Authorization: Bearer a:b\nX-Empty:')).toEqual({
    ...{ channel: 'webhook', to: 'https://example.com', payload: false },
    headers: { Authorization: 'Bearer a:b', 'X-Empty': '' },
  })
})

test('what is no number is sent as it was typed, so that the server can say so', () => {
  expect(bodyOf({ ...EMPTY_MESSAGE, message: 'm', limit: 'many', delaySeconds: '5' }, '')).toMatchObject({
    retry: { limit: 'many', delaySeconds: 5 },
  })
})

test('texts that must be JSON and are not are named', () => {
  const draft = { ...EMPTY_MESSAGE, channel: 'webhook' as const, payload: '{', metadata: 'x' }
  expect(brokenJson(draft)).toEqual(['payload', 'metadata'])
  expect(brokenJson({ ...draft, isJson: false, metadata: '{}' })).toEqual([])
})

test('the form of what there is makes the same again, without secrets and without its dedupe key', () => {
  const source = {
    ...{ channel: 'webhook' as const, to: 'https://example.com', payload: { a: [1] }, dedupeKey: 'once' },
    ...{
      headers: { Authorization: 'hidden' },
      retry: { limit: 0, delaySeconds: 1, backoff: 'fixed' as const, maxDelaySeconds: 2 },
    },
    ...{ tags: ['x', 'y'], metadata: { order: 1 }, priority: 5, groupKey: 'g' },
  }
  const { draft, headers, secret } = draftOf(source)
  expect([headers, secret]).toEqual(['', ['Authorization']])
  const { dedupeKey: _key, headers: _headers, ...same } = source
  expect(bodyOf(draft, headers)).toEqual(same)
})
