import type { TestDatabase } from './database.ts'

/** How often a row was written since the database was made, as it counts itself: not before the writer's connection has ended. */
export const rowsWritten = async (database: TestDatabase): Promise<string | undefined> => {
  const [row] = await database.query<{ n: string }>(
    `select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::text as n from pg_stat_user_tables`,
  )
  return row?.n
}
