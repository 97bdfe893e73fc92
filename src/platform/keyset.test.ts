import { type RawBuilder, sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { createDatabase } from './database.ts'
import { keyset, keysetByTime, orderOf } from './keyset.ts'

const db = createDatabase({
  connection: () => ({ connectionString: 'postgres://127.0.0.1:1/none' }),
  ...{ applicationName: 'test', maxConnections: 1, onConnectionLost: () => {} },
})
afterAll(() => db.destroy())

const textOf = (part: RawBuilder<unknown>) => {
  const { sql: text, parameters } = part.compile(db)
  return { text, parameters }
}
const after = { key: '2026-01-01T00:00:00.000Z', id: 'a' }
const byTime = (descending: boolean, last: typeof after | null, idType?: 'integer') => {
  const { beyond, order } = keysetByTime(sql`t.at`, sql`t.id`, { descending, after: last }, idType)
  return textOf(sql`where true ${beyond('and')} order by ${order}`)
}

test('a page comes after the last item of the one before, in both directions', () => {
  expect(byTime(false, after)).toEqual({
    text: 'where true and (t.at, t.id) > ($1::timestamptz, $2::uuid) order by t.at asc, t.id asc',
    parameters: [after.key, after.id],
  })
  expect(byTime(true, after, 'integer').text).toBe(
    'where true and (t.at, t.id) < ($1::timestamptz, $2::integer) order by t.at desc, t.id desc',
  )
})

test('the first page has an order and no condition', () => {
  expect(byTime(true, null)).toEqual({ text: 'where true  order by t.at desc, t.id desc', parameters: [] })
})

test('there may be any number of keys, and the condition may be the only one', () => {
  const keys = [sql`a`, sql`b`, sql`c`]
  const { beyond } = keyset(keys, false, [sql`1`, sql`2`, sql`3`])
  expect(textOf(beyond('where')).text).toBe('where (a, b, c) > (1, 2, 3)')
  expect(textOf(orderOf(keys, true)).text).toBe('a desc, b desc, c desc')
})
