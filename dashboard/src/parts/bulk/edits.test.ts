import { expect, test } from 'vitest'
import { brokenOf, type EditableField, kindOf, patchOf } from './edits.ts'

const fields: EditableField[] = [
  { name: 'subject', kind: 'text' },
  { name: 'priority', kind: 'number' },
  { name: 'headers', kind: 'json' },
]

test('edits are a merge patch: texts as they are, numbers and JSON as such, nothing typed clears', () => {
  const edits = [
    { name: 'subject', text: '{"no":"json"}' },
    { name: 'priority', text: '-5' },
    { name: 'headers', text: '{"authorization":"Bearer x","x-old":null}' },
  ]
  expect(patchOf(edits, fields)).toEqual({
    ...{ subject: '{"no":"json"}', priority: -5, headers: { authorization: 'Bearer x', 'x-old': null } },
  })
  expect(patchOf([{ name: 'subject', text: '' }], fields)).toEqual({ subject: null })
  expect(patchOf([], fields)).toBeUndefined()
})

test('what cannot be read is named, and is no part of the patch', () => {
  const edits = [
    { name: 'priority', text: '"high"' },
    { name: 'headers', text: '{"authorization":' },
    { name: 'subject', text: 'x' },
  ]
  expect(brokenOf(edits, fields)).toEqual(['priority', 'headers'])
  expect(patchOf(edits, fields)).toEqual({ subject: 'x' })
})

test('a field is typed as its schema says', () => {
  expect(kindOf({ type: 'string' })).toBe('text')
  expect(kindOf({ type: 'integer' })).toBe('number')
  expect(kindOf({ type: 'object' })).toBe('json')
  expect(kindOf({})).toBe('json')
})
