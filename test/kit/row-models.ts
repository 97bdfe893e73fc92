import type pg from 'pg'
import { readDeclared } from '../../src/library/index.ts'
import type { Model } from '../../src/index.ts'
import { applicationPool } from './application-pool.ts'
import type { TestDatabase } from './database.ts'

/** Writes through the application's own transaction: what it wrote stands or falls with the publication. */
const note: Model<pg.PoolClient> = {
  async load({ tx, id }) {
    return (await tx.query('select id from notes where id = $1 for update', [id])).rows[0]
  },
  async publish({ tx, id }) {
    await tx.query('insert into writes (id) values ($1)', [id])
    await tx.query('update notes set live = true where id = $1', [id])
  },
}
const page = { table: 'pages', status: 'status', publishAt: 'at', version: 'version' } as const

export const ROW_MODELS = { note, page }

/** An application with tables of its own: `note` is published by its code, `page` by its columns. */
export const rowModels = (url: string) => {
  const client = applicationPool(url)
  return { client, ...readDeclared({ client, database: url, models: ROW_MODELS }) }
}

export const createRowTables = async (database: TestDatabase): Promise<void> => {
  await database.query('create table public.notes (id text primary key, live boolean not null default false)')
  await database.query('create table public.writes (n serial, id text not null)')
  await database.query(`create table public.pages (id text primary key, status text not null default 'draft', at timestamptz,
    version integer not null default 0)`)
}
