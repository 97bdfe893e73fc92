import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, type Database } from '../../src/platform/database.ts'
import { newId } from '../../src/platform/ids.ts'
import { parallelArrays } from '../../src/platform/sql-arrays.ts'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'

let database: TestDatabase
let db: Database
beforeAll(async () => {
  database = await createTestDatabase()
  db = createDatabase({
    connection: () => ({ connectionString: database.url }),
    ...{ applicationName: 'test', maxConnections: 1, onConnectionLost: () => {} },
  })
  await database.query('create table items (id uuid primary key)')
})
afterAll(async () => {
  await db.destroy()
  await database.drop()
})

const text = fc.oneof(
  fc.constant(null),
  fc.string({ maxLength: 5 }).map((s) => s.replaceAll('\0', '').toWellFormed()),
)
const rows = fc.array(
  fc.record({
    text,
    number: fc.option(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
    float: fc.option(fc.double({ noDefaultInfinity: true, noNaN: true }).map((n) => n + 0)),
    at: fc.option(fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true })),
    same: fc.constant(null),
  }),
  { minLength: 1, maxLength: 20 },
)

test('each row of a statement finds its own values, whether they differ, are all the same, or null', async () => {
  await fc.assert(
    fc.asyncProperty(rows, fc.boolean(), async (given, alike) => {
      const wanted = alike ? given.map(() => given[0]) : given
      const ids = wanted.map(() => newId())
      const column = <Name extends 'text' | 'number' | 'float' | 'at' | 'same'>(name: Name) =>
        wanted.map((row) => row?.[name] ?? null)
      const input = parallelArrays(ids, {
        text: { type: 'text', values: column('text') },
        number: { type: 'integer', values: column('number') },
        float: { type: 'float8', values: column('float') },
        at: { type: 'timestamptz', values: column('at') },
        same: { type: 'text', values: column('same') },
      })
      await sql`delete from items`.execute(db)
      // One more, which is none of the statement's business.
      await sql`insert into items select unnest(${[newId(), ...ids.toReversed()]}::uuid[])`.execute(db)
      const found = await sql<Record<string, unknown>>`
        with ${input.cte}
        select id, ${input.at('text')} as text, ${input.at('number')} as number, ${input.at('float')} as float,
               ${input.at('at')} as at, ${input.at('same')} as same
        from items where id = any(${input.ids}) order by array_position(${ids}::uuid[], id)`.execute(db)
      expect(found.rows).toEqual(wanted.map((row, i) => ({ id: ids[i], ...row })))
    }),
    { numRuns: 60 },
  )
})
