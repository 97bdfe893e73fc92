import type { TestProject } from 'vitest/node'
import { startTestPostgres, TEST_VERSIONS } from './postgres.ts'
import { TEMPLATE, migrateTemplate } from './template.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The URL of the test server's database `postgres`, as superuser. */
    adminUrl: string
    postgresVersion: number
  }
}

/** The version to test against: `YEYAK_TEST_POSTGRES`, else the latest. */
const chosenVersion = () => {
  const given = Number(process.env['YEYAK_TEST_POSTGRES'] ?? 18)
  const version = TEST_VERSIONS.find((candidate) => candidate === given)
  if (version === undefined) throw new Error(`YEYAK_TEST_POSTGRES must be one of ${TEST_VERSIONS.join(', ')}`)
  return version
}

/** One server for all files of the tier, and one migrated database that each of them clones. */
// oxlint-disable-next-line import/no-default-export -- vitest calls the default export
export default async function setup(project: TestProject) {
  const version = chosenVersion()
  const postgres = await startTestPostgres({ version })
  await postgres.createDatabase(TEMPLATE)
  await migrateTemplate(postgres.url(TEMPLATE))
  project.provide('adminUrl', postgres.adminUrl)
  project.provide('postgresVersion', version)
  return () => postgres.stop()
}
