import { sql as drizzleSql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { CamelCasePlugin, Kysely, PostgresDialect, sql } from 'kysely'
import knex from 'knex'
import type pg from 'pg'
import { applicationPool } from './application-pool.ts'

export const CLIENT_NAMES = ['pg', 'kysely', 'knex', 'drizzle'] as const

/** What an application talks to its database with. */
export interface ApplicationClient {
  name: (typeof CLIENT_NAMES)[number]
  client: unknown
  /** Commits, unless `work` throws. */
  open<Result>(work: (tx: unknown) => Promise<Result>): Promise<Result>
  /** One statement in such a transaction, by the client's own means. */
  run(tx: unknown, text: string): Promise<unknown>
  end(): Promise<unknown>
}

const byPg = (url: string): ApplicationClient => {
  const pool = applicationPool(url)
  return {
    name: 'pg',
    client: pool,
    async open(work) {
      const client = await pool.connect()
      try {
        await client.query('begin')
        const result = await work(client)
        await client.query('commit')
        return result
      } catch (error) {
        await client.query('rollback')
        throw error
      } finally {
        client.release()
      }
    },
    run: (tx, text) => (tx as pg.PoolClient).query(text),
    end: () => pool.end(),
  }
}

const byKysely = (url: string): ApplicationClient => {
  const kysely = new Kysely<object>({
    dialect: new PostgresDialect({ pool: applicationPool(url) }),
    plugins: [new CamelCasePlugin()],
  })
  return {
    name: 'kysely',
    client: kysely,
    open: (work) => kysely.transaction().execute(work),
    run: (tx, text) => sql.raw(text).execute(tx as Kysely<object>),
    end: () => kysely.destroy(),
  }
}

const byKnex = (url: string): ApplicationClient => {
  const db = knex({
    client: 'pg',
    connection: url,
    pool: { min: 0, max: 3 },
    postProcessResponse: () => 'rewritten by a hook of the application',
  })
  return {
    name: 'knex',
    client: db,
    open: (work) => db.transaction(work),
    run: async (tx, text) => (tx as typeof db).raw(text),
    end: () => db.destroy(),
  }
}

const byDrizzle = (url: string): ApplicationClient => {
  const pool = applicationPool(url)
  const db = drizzle(pool)
  return {
    name: 'drizzle',
    client: db,
    open: (work) => db.transaction(work),
    run: (tx, text) => (tx as typeof db).execute(drizzleSql.raw(text)),
    end: () => pool.end(),
  }
}

/** One of each, as applications set them up: with plugins and hooks that must not reach statements of ours. */
export const applicationClients = (url: string): ApplicationClient[] => [
  byPg(url),
  byKysely(url),
  byKnex(url),
  byDrizzle(url),
]
