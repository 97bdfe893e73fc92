import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely'
import type { Database } from './database.ts'

/** Runs one statement with `$1, $2, …` and gives its rows, by the names of their columns. */
export type Execute = (text: string, values: readonly unknown[]) => Promise<readonly unknown[]>

type Scalar = string | number | bigint | boolean | null | undefined

const quoted = (element: Scalar): string =>
  element === null || element === undefined
    ? 'NULL'
    : `"${String(element).replace(/["\\]/gu, String.raw`\$&`)}"`

/**
 * Drivers and ORMs differ in what they make of a `Date` or an array (one turns dates into local time, one spreads arrays into a
 * list), and all pass on text as it is: so both are given as PostgreSQL writes them.
 */
const asText = (value: unknown): unknown => {
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) {
    const elements: readonly (Scalar | Date)[] = value
    return `{${elements.map((one) => quoted(one instanceof Date ? one.toISOString() : one)).join(',')}}`
  }
  return value
}

const refusal = () => new Error('a borrowed transaction is begun and ended by whoever it belongs to')

const refuse = async (): Promise<never> => {
  throw refusal()
}

/**
 * Somebody else's open transaction, as our statements take it. Statements whose rows have columns of instants must not be run
 * on it: some drivers give those as text.
 */
export const borrowDatabase = (execute: Execute): Database => {
  const connection: DatabaseConnection = {
    // Of whatever type the statement says that they are.
    async executeQuery({ sql, parameters }: CompiledQuery) {
      return { rows: [...(await execute(sql, parameters.map(asText)))] as never[] }
    },
    streamQuery() {
      throw refusal()
    },
  }
  const driver: Driver = {
    init: async () => {},
    acquireConnection: async () => connection,
    releaseConnection: async () => {},
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    destroy: async () => {},
  }
  return new Kysely<unknown>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => driver,
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  })
}
