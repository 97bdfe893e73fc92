import { afterEach, expect, test } from 'vitest'
import { migrateDatabase } from '../../src/boot/index.ts'
import { appliedMigrations, NewerDatabaseError } from '../../src/migrations/index.ts'
import { createDatabase } from '../../src/platform/database.ts'
import { startTestApp } from '../kit/app.ts'
import { silentLog, testConfig } from '../kit/config.ts'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'

const made: TestDatabase[] = []
afterEach(async () => {
  await Promise.all(made.splice(0).map((database) => database.drop()))
})
const fresh = async (template = 'template0') => {
  const database = await createTestDatabase(template)
  made.push(database)
  return database
}
const migrate = (database: TestDatabase, env = {}) =>
  migrateDatabase({ config: testConfig({ DATABASE_URL: database.url, ...env }), log: silentLog() })
const applied = async (database: TestDatabase, schema = 'yeyak') => {
  const db = createDatabase({
    connection: () => ({ connectionString: database.url }),
    ...{ applicationName: 'test', maxConnections: 1, onConnectionLost: () => {} },
  })
  try {
    return await appliedMigrations(db, schema)
  } finally {
    await db.destroy()
  }
}
/** Everything that a migration could have written, as text. */
const shape = async ({ query }: TestDatabase) => {
  const rows = await query<{ line: string }>(
    `select format('%I.%I %s', n.nspname, c.relname, (
         select string_agg(a.attname || ' ' || a.atttypid::regtype, ', ' order by a.attnum)
         from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)) as line
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname ~ '^(yeyak|public)' order by 1`,
  )
  return rows.map((row) => row.line)
}

test('from an empty database to the latest version; again, it changes nothing', async () => {
  const database = await fresh()
  expect(await applied(database)).toEqual([])
  await migrate(database)
  const once = await shape(database)
  expect(await applied(database)).toContain('0001-initial')
  await migrate(database)
  expect(await shape(database)).toEqual(once)
})

test('processes that migrate at the same time wait for each other, and all succeed', async () => {
  const database = await fresh()
  await Promise.all([migrate(database), migrate(database), migrate(database)])
  const reference = await fresh()
  await migrate(reference)
  expect(await shape(database)).toEqual(await shape(reference))
})

test('apps that start at the same time on an empty database all come up, and share the work', async () => {
  const database = await fresh()
  const apps = await Promise.all([startTestApp({ database }), startTestApp({ database })])
  try {
    for (const { client } of apps) {
      const id = await client.create({ message: 'after a start at once' })
      expect((await client.inState(id, 'delivered')).attemptCount).toBe(1)
    }
  } finally {
    await Promise.all(apps.map((app) => app.end()))
  }
})

test('a later database is refused with both versions named, before anything is written', async () => {
  const database = await fresh()
  await database.query(`create schema yeyak;
    create table yeyak.migrations (name varchar(255) primary key, timestamp varchar(255) not null);
    insert into yeyak.migrations values ('0001-initial', ''), ('0099-from-the-future', '')`)
  const before = await shape(database)
  await expect(migrate(database)).rejects.toThrow(NewerDatabaseError)
  await expect(migrate(database)).rejects.toThrow(/"yeyak" is at version 0099, .* up to 00\d\d/u)
  await expect(startTestApp({ database })).rejects.toThrow(NewerDatabaseError)
  expect(await shape(database)).toEqual(before)
})

test('a later queue is refused likewise, before anything is written', async () => {
  const database = await fresh()
  await database.query(`create schema yeyak_queue;
    create table yeyak_queue.version (version int primary key, cron_on timestamptz, bam_on timestamptz);
    insert into yeyak_queue.version (version) values (9999)`)
  const before = await shape(database)
  await expect(migrate(database)).rejects.toThrow(/yeyak_queue.*9999/u)
  expect(await shape(database)).toEqual(before)
})

test('a migration that fails leaves nothing behind, and can be run again', async () => {
  const database = await fresh()
  await database.query('create schema yeyak; create table yeyak.timers (in_the_way int)')
  const before = await shape(database)
  await expect(migrate(database)).rejects.toThrow(/timers/u)
  expect((await shape(database)).filter((line) => !line.includes('.migrations'))).toEqual(before)
  expect(await applied(database)).toEqual([])
  await database.query('drop table yeyak.timers')
  await migrate(database)
  expect(await applied(database)).toContain('0001-initial')
})

test('it may live in any schema, beside another one', async () => {
  const database = await fresh()
  await migrate(database, { YEYAK_SCHEMA: 'app_notices' })
  await migrate(database)
  expect(await applied(database, 'app_notices')).toEqual(await applied(database))
})
