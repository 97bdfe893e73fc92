import { borrowDatabase } from '../platform/borrowed-database.ts'
import type { Database } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import { sqlStateOf } from '../platform/sql-state.ts'
import type { Client } from './clients.ts'

const NO_TRANSACTION = '25P01'
/** No such table, schema, column or function: the database was never migrated, or by an older version. */
const NOT_THERE = new Set(['42P01', '3F000', '42703', '42883'])

/** @returns what stands for `error` where it says that the tables are not there; the error itself otherwise */
export const asNotMigrated = (error: unknown): unknown =>
  NOT_THERE.has(sqlStateOf(error) ?? '') ? new YeyakError('not-migrated', { cause: error }) : error

/** Knex and Kysely know; the others are found out by the savepoint. */
const isSurelyNone = ({ kind }: Client, tx: unknown): boolean =>
  (kind === 'kysely' || kind === 'knex') && Reflect.get(Object(tx), 'isTransaction') !== true

/**
 * Runs `work` inside the caller's open transaction, behind a savepoint: a refusal takes back what was written and leaves the
 * transaction usable. Errors of the database pass as they are, so that the caller's own retry sees them.
 * @throws YeyakError `not-in-transaction` where `tx` is none, before anything is written
 */
export const inside = async <Result>(
  client: Client,
  tx: unknown,
  work: (db: Database) => Promise<Result>,
): Promise<Result> => {
  if (isSurelyNone(client, tx)) throw new YeyakError('not-in-transaction')
  const execute = await client.executor(tx)
  try {
    await execute('savepoint yeyak', [])
  } catch (error) {
    throw sqlStateOf(error) === NO_TRANSACTION
      ? new YeyakError('not-in-transaction', { cause: error })
      : error
  }
  let result: Result
  try {
    result = await work(borrowDatabase(execute))
  } catch (error) {
    const known = asNotMigrated(error)
    if (known instanceof YeyakError) {
      await execute('rollback to savepoint yeyak', [])
      await execute('release savepoint yeyak', [])
    }
    throw known
  }
  await execute('release savepoint yeyak', [])
  return result
}
