import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { YeyakError } from '../platform/errors.ts'
import { defineList } from './paging.ts'

const list = defineList({
  filters: { state: Type.Optional(Type.String()), tag: Type.Optional(Type.Array(Type.String())) },
  sorts: { dueAt: 'instant', name: 'text', count: 'integer' },
  defaultSort: 'dueAt',
  nullable: ['name'],
  isId: (id) => /^[a-z0-9]+$/u.test(id),
})

const items = Array.from({ length: 3 }, (_, i) => ({ id: `i${i}`, dueAt: `2026-12-01T00:00:0${i}.000Z` }))
const position = (item: { id: string; dueAt: string }) => ({ key: item.dueAt, id: item.id })

const codeOf = (run: () => unknown): string | undefined => {
  try {
    run()
  } catch (error) {
    return error instanceof YeyakError ? error.code : String(error)
  }
  return undefined
}

function cursorFor(query: object): string {
  const { nextCursor } = list.answer({ ...query, limit: 2 }, items, position)
  if (nextCursor === null) throw new Error('there is a next page')
  return nextCursor
}

test('the first page begins at the start, in the list’s own order', () => {
  expect(list.page({})).toEqual({ limit: 50, sort: { field: 'dueAt', descending: false }, after: null })
  expect(list.page({ limit: 7, sort: '-name' })).toEqual({
    limit: 7,
    sort: { field: 'name', descending: true },
    after: null,
  })
})

test('a page ends with a cursor only where there is more, and the cursor continues after its last item', () => {
  const first = list.answer({ limit: 2 }, items, position)
  expect(first.items.map(({ id }) => id)).toEqual(['i0', 'i1'])
  expect(list.page({ cursor: first.nextCursor ?? '' }).after).toEqual({
    key: '2026-12-01T00:00:01.000Z',
    id: 'i1',
  })
  expect(list.answer({ limit: 3 }, items, position)).toEqual({ items, nextCursor: null })
  expect(list.answer({}, [], position)).toEqual({ items: [], nextCursor: null })
})

test('a cursor is taken with the same filters and sort, however they are written, and with another limit', () => {
  const cursor = cursorFor({ state: 'scheduled', tag: ['a', 'b'] })
  expect(list.page({ limit: 9, cursor, tag: ['a', 'b'], sort: 'dueAt', state: 'scheduled' }).after?.id).toBe(
    'i1',
  )
})

test.each([
  ['other filters', { state: 'failed' }],
  ['a filter more', { state: 'scheduled', tag: ['a'] }],
  ['no filters', {}],
  ['another sort', { state: 'scheduled', sort: '-dueAt' }],
])('with %s a cursor is refused', (_, query) => {
  const cursor = cursorFor({ state: 'scheduled' })
  expect(codeOf(() => list.page({ ...query, cursor }))).toBe('invalid-cursor')
})

const forged = (change: (parts: unknown[]) => unknown): string => {
  const parts: unknown = JSON.parse(Buffer.from(cursorFor({}), 'base64url').toString())
  return Buffer.from(JSON.stringify(change(Array.isArray(parts) ? parts : []))).toString('base64url')
}

test.each([
  ['no base64', '!!!'],
  ['no JSON', 'abcd'],
  ['not a list', Buffer.from('{"a":1}').toString('base64url')],
  ['null', Buffer.from('null').toString('base64url')],
  ['another version', forged(([, ...rest]) => [2, ...rest])],
  ['a key that is no instant', forged(([v, , ...rest]) => [v, "'; drop table", ...rest])],
  ['a key that only looks like an instant', forged(([v, , ...rest]) => [v, '2026-13-45T99:99:99Z', ...rest])],
  ['a key that is no day of the calendar', forged(([v, , ...rest]) => [v, '2026-02-30T00:00:00Z', ...rest])],
  ['a key before the year 1', forged(([v, , ...rest]) => [v, '0000-01-01T00:00:00Z', ...rest])],
  ['a key at the end of a day', forged(([v, , ...rest]) => [v, '2026-02-28T24:00:00Z', ...rest])],
  ['no key where there is always one', forged(([v, , ...rest]) => [v, null, ...rest])],
  ['a key of another type', forged(([v, , ...rest]) => [v, 5, ...rest])],
  ['a key that is an object', forged(([v, , ...rest]) => [v, {}, ...rest])],
  ['an id that is none', forged(([v, key, , ...rest]) => [v, key, 'A B', ...rest])],
  ['an id that is a number', forged(([v, key, , ...rest]) => [v, key, 5, ...rest])],
  ['something more', forged((parts) => [...parts, 1])],
])('a cursor with %s is refused', (_, cursor) => {
  expect(codeOf(() => list.page({ cursor }))).toBe('invalid-cursor')
})

test('an empty value in the sort field is a position too', () => {
  const { nextCursor } = list.answer({ limit: 1, sort: 'name' }, items, ({ id }) => ({ key: null, id }))
  expect(list.page({ cursor: nextCursor ?? '', sort: 'name' }).after).toEqual({ key: null, id: 'i0' })
})
