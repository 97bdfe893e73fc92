import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { copyOf } from './postgres.ts'
import { TEMPLATE } from './template.ts'

export interface TestDatabase {
  url: string
  name: string
  /** One statement on a connection of its own, as superuser. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
  /** A session that the test holds: for transactions and locks. The caller ends it. */
  session(): Promise<pg.Client>
  drop(): Promise<void>
}

const run = async <Row extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> => {
  const client = new pg.Client({ connectionString: url, application_name: 'test' })
  await client.connect()
  try {
    return (await client.query<Row>(text, values)).rows
  } finally {
    await client.end()
  }
}

/** By the address of a server. */
const versions = new Map<string, number>()

const versionOf = async (adminUrl: string): Promise<number> => {
  const known = versions.get(adminUrl)
  if (known !== undefined) return known
  const [server] = await run<{ version: number }>(
    adminUrl,
    "select current_setting('server_version_num')::int / 10000 as version",
  )
  const version = server?.version ?? 0
  versions.set(adminUrl, version)
  return version
}

/** A clone of the migrated template, on the server of the tier unless told; takes some 20 ms. */
export const createTestDatabase = async (
  template: string = TEMPLATE,
  adminUrl: string = inject('adminUrl'),
): Promise<TestDatabase> => {
  const name = `test_${randomBytes(6).toString('hex')}`
  const target = new URL(adminUrl)
  target.pathname = `/${name}`
  const url = target.href
  await run(adminUrl, `create database ${name}${copyOf(template, await versionOf(adminUrl))}`)
  return {
    url,
    name,
    query: (text, values) => run(url, text, values),
    async session() {
      const client = new pg.Client({ connectionString: url, application_name: 'test' })
      client.on('error', () => {})
      await client.connect()
      return client
    },
    drop: async () => {
      await run(adminUrl, `drop database if exists ${name} with (force)`)
    },
  }
}
