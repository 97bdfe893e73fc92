import { type DrizzleSqlTagLike, type DrizzleTransactionLike, fromDrizzle } from 'pg-boss'

/** Runs statements with `$1, $2, …` in a transaction of Drizzle's, which has parameters of its own form only. `sql` is Drizzle's. */
export const drizzleExecutor = (tx: unknown, sql: DrizzleSqlTagLike): ReturnType<typeof fromDrizzle> =>
  fromDrizzle(tx as DrizzleTransactionLike, sql)
