import type { TestDatabase } from './database.ts'

export interface DatabaseClock {
  /** From now on the database says that it is `instant`, and goes on from there. */
  set(instant: Date): Promise<void>
}

/**
 * Gives a database a clock that a test can set. Its functions stand before PostgreSQL's own in the search path of every
 * session that begins afterwards, so it is called before anything connects.
 */
export const settableClock = async (database: TestDatabase): Promise<DatabaseClock> => {
  const shifted = (name: string, volatility: string) => `
    create function fake_clock.${name}() returns timestamptz language sql ${volatility} as
      'select pg_catalog.${name}() + (select by from fake_clock.shift)';`
  await database.query(`
    create schema fake_clock;
    create table fake_clock.shift (by interval not null);
    insert into fake_clock.shift values ('0');
    ${shifted('clock_timestamp', 'volatile')}
    ${shifted('statement_timestamp', 'stable')}
    ${shifted('transaction_timestamp', 'stable')}
    ${shifted('now', 'stable')}
    alter database ${database.name} set search_path = fake_clock, pg_catalog, public`)
  return {
    set: async (instant) => {
      await database.query(
        'update fake_clock.shift set by = $1::timestamptz - pg_catalog.clock_timestamp()',
        [instant],
      )
    },
  }
}
