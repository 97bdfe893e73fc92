import { createTestDatabase, type TestDatabase } from './database.ts'
import { startTestPostgres, type TestPostgres, type TestPostgresOptions } from './postgres.ts'
import { migrateTemplate, TEMPLATE } from './template.ts'

/** A server of the test's own, which it may stop and crash, with one migrated database on it. */
export const startOwnPostgres = async (
  options: TestPostgresOptions = {},
): Promise<{ postgres: TestPostgres; database: TestDatabase }> => {
  const postgres = await startTestPostgres(options)
  await postgres.createDatabase(TEMPLATE)
  await migrateTemplate(postgres.url(TEMPLATE))
  return { postgres, database: await createTestDatabase(TEMPLATE, postgres.adminUrl) }
}
