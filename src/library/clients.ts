import type { Execute } from '../platform/borrowed-database.ts'
import { drizzleExecutor } from '../queue/index.ts'

/** What the application talks to its database with. */
type ClientKind = 'prisma' | 'kysely' | 'knex' | 'drizzle' | 'pg'

/** Told apart by shape, and never imported: whoever uses one of them has it installed. */
export interface Client {
  kind: ClientKind
  /** Runs statements in a transaction of this client's. */
  executor(tx: unknown): Promise<Execute>
  /** Opens a transaction of this client's own. */
  transaction<Result>(run: (tx: unknown) => Promise<Result>): Promise<Result>
}

type Members = Partial<Record<string, unknown>>
type Method = (...given: readonly unknown[]) => unknown

const membersOf = (value: unknown): Members | null =>
  (typeof value === 'object' && value !== null) || typeof value === 'function' ? value : null

const isMethod = (value: unknown): value is Method => typeof value === 'function'

/** Calls a method as one: what it is a method of is its `this`. */
const call = (target: unknown, name: string, ...given: readonly unknown[]): unknown => {
  const method = membersOf(target)?.[name]
  if (!isMethod(method)) throw new TypeError(`the client has no ${name}()`)
  return Reflect.apply(method, target, given)
}

const rowsOf = (answer: unknown): readonly unknown[] => {
  if (Array.isArray(answer)) return answer
  const rows = membersOf(answer)?.['rows']
  return Array.isArray(rows) ? rows : []
}

/** Of a pg client: `query(text, values)`. */
const queryOf =
  (client: unknown): Execute =>
  async (text, values) =>
    rowsOf(await call(client, 'query', text, values))

type Kinds = Readonly<
  Record<
    ClientKind,
    {
      isClient(members: Members): boolean
      executor(tx: unknown): Promise<Execute>
      transaction(client: unknown, run: Method): unknown
    }
  >
>

/** In this order: each has a member that those after it have not. */
const KINDS: Kinds = {
  prisma: {
    isClient: (c) => isMethod(c['$transaction']) && isMethod(c['$queryRawUnsafe']),
    executor: async (tx) => async (text, values) =>
      rowsOf(await call(tx, '$queryRawUnsafe', text, ...values)),
    transaction: (client, run) => call(client, '$transaction', run),
  },
  kysely: {
    isClient: (c) => typeof c['isTransaction'] === 'boolean' && isMethod(c['withoutPlugins']),
    async executor(tx) {
      // A plugin that renames columns would rename ours.
      const plain = call(tx, 'withoutPlugins')
      return async (text, values) =>
        rowsOf(
          await call(plain, 'executeQuery', {
            sql: text,
            parameters: values,
            query: { kind: 'RawNode' },
            queryId: { queryId: 'yeyak' },
          }),
        )
    },
    transaction: (client, run) => call(call(client, 'transaction'), 'execute', run),
  },
  knex: {
    isClient: (c) => isMethod(c['raw']) && isMethod(c['transaction']),
    // Not through `raw`, whose answers the application's own hooks may rewrite.
    executor: async (tx) => queryOf(await call(membersOf(tx)?.['client'], 'acquireConnection')),
    transaction: (client, run) => call(client, 'transaction', run),
  },
  drizzle: {
    isClient: (c) => isMethod(c['execute']) && isMethod(c['transaction']),
    async executor(tx) {
      const { sql } = await import('drizzle-orm')
      const { executeSql } = drizzleExecutor(tx, sql)
      return async (text, values) => rowsOf(await executeSql(text, [...values]))
    },
    transaction: (client, run) => call(client, 'transaction', run),
  },
  pg: {
    isClient: (c) => isMethod(c['connect']) && isMethod(c['query']),
    executor: async (tx) => queryOf(tx),
    async transaction(pool, run) {
      const client = await call(pool, 'connect')
      let failure: unknown
      try {
        await call(client, 'query', 'begin')
        const result = await run(client)
        await call(client, 'query', 'commit')
        return result
      } catch (error) {
        failure = error
        await Promise.resolve(call(client, 'query', 'rollback')).catch(() => {})
        throw error
      } finally {
        // One whose transaction failed may be in any state.
        call(client, 'release', failure !== undefined)
      }
    },
  },
}

/** @throws TypeError where it is none of the clients that are known */
export const clientOf = (given: unknown): Client => {
  const members = membersOf(given)
  for (const [kind, { isClient, executor, transaction }] of Object.entries(KINDS)) {
    if (members === null || !isClient(members)) continue
    return {
      kind: kind as ClientKind,
      executor,
      transaction: async <Result>(run: (tx: unknown) => Promise<Result>) =>
        (await transaction(given, run)) as Result,
    }
  }
  throw new TypeError(
    'client: give a Prisma client, a Drizzle, Kysely or Knex database, or a Pool of pg; or leave it out',
  )
}
