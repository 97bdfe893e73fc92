import type { Client as PgClient } from 'pg'
import type { TestDatabase } from './database.ts'
import { eventually } from './poll.ts'

/** A transaction that the test holds open, to stop the program at a place of the test's choosing. */
export interface Held {
  run(text: string, values?: unknown[]): Promise<unknown>
  /** Rolls back and ends the session. Safe to call again. */
  release(): Promise<void>
}

export const hold = async (database: TestDatabase, text: string, values: unknown[] = []): Promise<Held> => {
  let session: PgClient | null = await database.session()
  await session.query('begin')
  await session.query(text, values)
  return {
    run: async (more, moreValues = []) => session?.query(more, moreValues),
    async release() {
      const ending = session
      session = null
      await ending?.end()
    },
  }
}

/** Locks a notification's row, as anybody's open transaction might: its start and its outcome have to wait. */
export const holdNotification = (database: TestDatabase, ...ids: string[]): Promise<Held> =>
  hold(database, 'select 1 from yeyak.notifications where id = any($1::uuid[]) for update', [ids])

/** Nobody can put a job in, claim one or settle one: a hand-over stands between its two halves. */
export const holdJobs = (database: TestDatabase): Promise<Held> =>
  hold(database, 'lock table yeyak_queue.job_common in exclusive mode')

interface Backend extends Record<string, unknown> {
  pid: number
}

/** Resolves with the backend of a program that runs, or ran last, a statement with this text in it. */
export const backendWith = (
  database: TestDatabase,
  application: string,
  text: string,
  waitingForLock: boolean,
): Promise<number> =>
  eventually(`a backend of ${application} with "${text}"`, async () => {
    const rows = await database.query<Backend>(
      `select pid from pg_stat_activity where datname = $1 and application_name = $2
         and query like '%' || $3 || '%' and (not $4 or wait_event_type = 'Lock')`,
      [database.name, application, text, waitingForLock],
    )
    return rows[0]?.pid
  })

/** Resolves once a job of this notification is in that state of pg-boss's. */
export const jobIs = (database: TestDatabase, id: string, state: string): Promise<boolean> =>
  eventually(`a job of ${id} in state ${state}`, async () => {
    const rows = await database.query(
      `select 1 from yeyak_queue.job_common where data ->> 's' = $1 and state::text = $2`,
      [id, state],
    )
    return rows.length > 0
  })

/** The database's clock, by which everything is decided. */
export const databaseNow = async (database: TestDatabase): Promise<Date> => {
  const [row] = await database.query<{ now: Date }>('select clock_timestamp() as now')
  if (row === undefined) throw new Error('the database gave no time')
  return row.now
}

/** As if nobody had renewed a claim for a minute: saves a test the ten seconds that they take to lapse. */
export const lapseClaims = (database: TestDatabase) =>
  database.query(
    `update yeyak_queue.job_common set heartbeat_on = heartbeat_on - interval '1 minute' where state = 'active'`,
  )

/** As another worker's rescue leaves claims that it takes for lost: free, and to be claimed under the next number. */
export const rescueClaims = (database: TestDatabase) =>
  database.query(
    `update yeyak_queue.job_common set state = 'retry', heartbeat_on = null where state = 'active'`,
  )
