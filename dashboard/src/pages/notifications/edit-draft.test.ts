import { expect, test } from 'vitest'
import { changesOf, type Editable, type EditDraft, isBroken, isMade, timeOf } from './edit-draft.ts'

const BERLIN = { local: '2027-05-01T09:00', timeZone: 'Europe/Berlin' }
const waiting: Editable = {
  ...{ message: 'first', priority: 3, sendAt: '2027-01-01T00:00:00Z' },
  payload: { order: 1, items: [1, 2] },
}
const draft = (changes: Partial<EditDraft>): EditDraft => ({
  ...{ wall: null, priority: null, bodies: {}, version: 1 },
  ...changes,
})

test('what was not touched is no change, whatever somebody else has made of it meanwhile', () => {
  const words = draft({ bodies: { message: 'second' } })
  expect(changesOf(words, { ...waiting, priority: 9, sendAt: BERLIN })).toEqual({
    message: 'second',
  })
  expect(timeOf(words)).toBeNull()
  expect(changesOf(draft({ priority: 3, bodies: { message: 'first' } }), waiting)).toEqual({})
})

test('of a payload only the members that differ are sent', () => {
  const payload = (text: string) => draft({ bodies: { payload: text } })
  expect(changesOf(payload('{"items":[1,2],"order":2}'), waiting)).toEqual({ payload: { order: 2 } })
  expect(changesOf(payload('{ "items": [1, 2], "order": 1 }'), waiting)).toEqual({})
  expect([isBroken(payload('{"order":')), isBroken(payload('null')), isBroken(draft({}))]).toEqual([
    true,
    false,
    false,
  ])
})

test('an edit that was made, and whose answer was lost, is known again', () => {
  const both = draft({ wall: { ...BERLIN, disambiguation: '' }, bodies: { message: 'second' } })
  expect(isMade(both, waiting)).toBe(false)
  expect(isMade(both, { ...waiting, message: 'second' })).toBe(false)
  expect(isMade(both, { ...waiting, message: 'second', sendAt: BERLIN })).toBe(true)
})
