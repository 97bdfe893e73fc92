import { expect, test } from 'vitest'
import { isId, newId } from './ids.ts'

test('ids rise in the order in which they are made, many in one millisecond too', () => {
  const ids = Array.from({ length: 20_000 }, newId)
  expect(ids).toEqual(ids.toSorted())
  expect(new Set(ids).size).toBe(ids.length)
})

test('what PostgreSQL would not take as a uuid is no id', () => {
  expect(isId(newId())).toBe(true)
  // PostgreSQL would take it, but ids are compared as text too.
  expect(isId(newId().toUpperCase())).toBe(false)
  const id = newId()
  for (const text of ['', 'x', '0', `${id} `, id.slice(1), `{${id}}`, id.replaceAll('-', ''), "' or 1=1 --"])
    expect(isId(text)).toBe(false)
})
