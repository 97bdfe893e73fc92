/** A project that has installed the package: its files, by name. */

const types = `import { drizzle } from 'drizzle-orm/node-postgres'
import knex from 'knex'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { createYeyak, defineTask, type Item, YeyakError } from 'yeyak'

interface Schema { posts: { id: string } }
const pool = new pg.Pool()
const models = { post: { table: 'posts', status: 'status' } } as const

const byPg = createYeyak({ client: pool, models })
export const one = async (client: pg.PoolClient): Promise<Item[]> =>
  byPg.publishing.schedule({ model: 'post', id: '1', publishAt: { delay: '1h' } }, { tx: client })

const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
const byKysely = createYeyak({
  client: db,
  models: {
    post: {
      load: ({ tx, id }) => tx.selectFrom('posts').selectAll().where('id', '=', id).executeTakeFirst(),
      async publish({ tx, id }) {
        await tx.deleteFrom('posts').where('id', '=', id).execute()
        throw new YeyakError('rejected', { detail: 'no' })
      },
    },
  },
})
export const two = () =>
  db.transaction().execute((tx) => byKysely.publishing.publish({ model: 'post', id: '1' }, { tx }))

const k = knex({ client: 'pg' })
const byKnex = createYeyak({ client: k, models })
export const three = () => k.transaction((tx) => byKnex.notifications.schedule({ message: 'x' }, { tx }))

const d = drizzle(pool)
const byDrizzle = createYeyak({ client: d, models })
export const four = () => d.transaction((tx) => byDrizzle.publishing.cancel({ model: 'post', id: '1' }, { tx }))

// As Prisma 7 generates it; without the engine that makes the real one.
interface PrismaTx { $queryRawUnsafe(text: string, ...values: unknown[]): Promise<unknown>; story: { count(): Promise<number> } }
declare const prisma: PrismaTx & {
  $transaction<R>(run: (tx: Omit<PrismaTx, '$transaction'>) => Promise<R>, options?: { timeout?: number }): Promise<R>
}
const byPrisma = createYeyak({ client: prisma, models })
export const five = () =>
  prisma.$transaction(async (tx) => {
    await tx.story.count()
    return byPrisma.publishing.cancel({ model: 'post', id: '1' }, { tx })
  })

const tasks = { tidy: defineTask({ handler: () => null }) }
const withTasks = createYeyak({ client: prisma, tasks, schedules: { nightly: { cron: '0 3 * * *', task: { name: 'tidy' } } } })
export const tidy = () => prisma.$transaction((tx) => withTasks.tasks.schedule({ name: 'tidy' }, { tx }))

export const six = async () => {
  await using own = createYeyak()
  await own.startWorker({ concurrency: 2 })
}

// What is no transaction is refused.
// @ts-expect-error a pool
void byPg.publishing.cancel({ model: 'post', id: '1' }, { tx: pool })
// @ts-expect-error a database of Kysely
void byKysely.publishing.cancel({ model: 'post', id: '1' }, { tx: db })
// @ts-expect-error a database of Knex
void byKnex.publishing.cancel({ model: 'post', id: '1' }, { tx: k })
// @ts-expect-error a database of Drizzle
void byDrizzle.publishing.cancel({ model: 'post', id: '1' }, { tx: d })
// @ts-expect-error an unknown model
void byPg.publishing.schedule({ model: 'pots', id: '1' })
// @ts-expect-error an unknown task
void withTasks.tasks.schedule({ name: 'tyde' })
// @ts-expect-error without models there is none
void createYeyak().publishing.publish({ model: 'post', id: '1' })
`

const compilerOptions = {
  ...{ strict: true, module: 'nodenext', target: 'es2023', lib: ['es2023', 'esnext.disposable'] },
  // The types of Drizzle do not pass without it.
  ...{ noEmit: true, skipLibCheck: true, exactOptionalPropertyTypes: true, types: ['node'] },
}

/** Shared by the application and the worker. */
const config = `import pg from 'pg'
import { defineConfig } from 'yeyak'

export const pool = new pg.Pool({ connectionString: process.env.APP_DATABASE_URL, max: 4 })

export default defineConfig({
  client: pool,
  models: { post: { table: 'posts', status: 'status', publishAt: 'publish_at', publishedAt: 'published_at' } },
  content: [{ name: 'page', schema: { type: 'object' } }],
})
`

const application = `import { createYeyak, YeyakError } from 'yeyak'
import config, { pool } from './yeyak.config.ts'

const [id = '', inMs = '0'] = process.argv.slice(2)
const yeyak = createYeyak(config)
const client = await pool.connect()
await client.query('begin')
const [item] = await yeyak.publishing.schedule(
  { model: 'post', id, publishAt: new Date(Date.now() + Number(inMs)) },
  { tx: client },
)
const { id: notification } = await yeyak.notifications.schedule({ message: 'Hello', sendAt: { delay: '1h' } }, { tx: client })
const refused = await yeyak.publishing
  .schedule({ model: 'post', id: 'none', publishAt: { delay: '1h' } }, { tx: client })
  .catch((error) => (error instanceof YeyakError ? error.code : String(error)))
await client.query('commit')
client.release()
console.log(JSON.stringify({ state: item?.state, refused, canceled: await yeyak.notifications.cancel(notification) }))
await yeyak.stop()
await pool.end()
`

export const CONSUMER: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({ name: 'consumer', private: true, type: 'module' }),
  'types.ts': types,
  'tsconfig.json': JSON.stringify({ compilerOptions, include: ['types.ts'] }),
  'yeyak.config.ts': config,
  'application.ts': application,
}

/** What it has beside the package; of these the package's own dependencies are not. */
export const CONSUMER_PACKAGES = [
  ...['@prisma/adapter-pg', '@prisma/client', '@types/node', '@types/pg', 'drizzle-orm', 'fastify', 'knex'],
  ...['kysely', 'pg', 'pino', 'prisma'],
] as const
