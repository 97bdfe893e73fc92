import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import { LIMITS } from './schema.ts'

/** A queue of a server that kept its jobs in pg-boss, in the same database. */
export interface OldQueue {
  schema: string
  queue: string
}

/** Where that pg-boss keeps what is read: its columns were renamed in version 10. */
export interface OldTable {
  job: RawBuilder<unknown>
  startAfter: RawBuilder<unknown>
  /** Waits for other jobs of its flow, which came with version 12. */
  blocked: RawBuilder<unknown>
}

export type Lookup =
  | { found: true; table: OldTable }
  /** No table of that name; `schemas` are those that have one. */
  | { found: false; reason: 'no-table'; schemas: string[] }
  /** A table, and not pg-boss's as it is known here. */
  | { found: false; reason: 'unknown-table'; missing: string[] }

export interface OldJob {
  id: string
  message: string
  dueAt: Date
  priority: number
}

export interface Left {
  withoutMessage: number
  tooLong: number
  /** Waits for an instant that is none (`infinity`), or for other jobs. */
  blocked: number
  /** A worker of the old server is at it. */
  active: number
}

export interface Summary {
  waiting: number
  earliest: Date | null
  latest: Date | null
}

const REQUIRED = ['id', 'name', 'data', 'state', 'priority'] as const

/** Finds out which pg-boss made the table: by the catalogue, as its version number alone says nothing of columns. */
export const findOldTable = async (db: Database, schema: string): Promise<Lookup> => {
  const { rows } = await sql<{ name: string }>`
    select a.attname as name from pg_attribute a
    where a.attrelid = to_regclass(quote_ident(${schema}) || '.job') and a.attnum > 0 and not a.attisdropped`.execute(
    db,
  )
  if (rows.length === 0) {
    const others = await sql<{ name: string }>`
      select n.nspname as name from pg_namespace n
      where to_regclass(quote_ident(n.nspname) || '.job') is not null
        and to_regclass(quote_ident(n.nspname) || '.version') is not null order by 1 limit 20`.execute(db)
    return { found: false, reason: 'no-table', schemas: others.rows.map(({ name }) => name) }
  }
  const columns = new Set(rows.map(({ name }) => name))
  const startAfter = ['start_after', 'startafter'].find((name) => columns.has(name))
  const missing = REQUIRED.filter((name) => !columns.has(name))
  if (startAfter === undefined || missing.length > 0) {
    const names = startAfter === undefined ? [...missing, 'start_after'] : missing
    return { found: false, reason: 'unknown-table', missing: names }
  }
  return {
    found: true,
    table: {
      job: sql.id(schema, 'job'),
      startAfter: sql.ref(`j.${startAfter}`),
      blocked: columns.has('blocked') ? sql`j.blocked` : sql`false`,
    },
  }
}

const MESSAGE = sql`(j.data ->> 'message')`
const isMessage = sql`(jsonb_typeof(j.data -> 'message') = 'string' and ${MESSAGE} <> '')`

/** Null for what can be taken over, else why not. */
const faultOf = (t: OldTable) => sql`case
  when not coalesce(${isMessage}, false) then 'withoutMessage'
  when octet_length(${MESSAGE}) > ${sql.lit(LIMITS.textBytes)} then 'tooLong'
  when ${t.blocked} or not isfinite(${t.startAfter}) then 'blocked' end`

/** The states are compared as text: they are members of a type of that schema's own. */
const isWaiting = (queue: string) => sql`j.name = ${queue} and j.state::text in ('created', 'retry')`

/** Rounded up, as everywhere: never early. Both are as the new table has them. */
const columnsOf = (t: OldTable) => sql`
  j.id::text as id, ${MESSAGE} as message, ceil(extract(epoch from ${t.startAfter}) * 1000)::float8 as "dueMs",
  greatest(-100, least(100, j.priority)) as priority`

type Row = Omit<OldJob, 'dueAt'> & { dueMs: number }

const toJob = ({ dueMs, ...rest }: Row): OldJob => ({ ...rest, dueAt: new Date(dueMs) })

/** How many could be taken over, and from when to when they are due. */
export const summarize = async (db: Database, t: OldTable, queue: string): Promise<Summary> => {
  const { rows } = await sql<Summary>`
    select count(*)::int as waiting, min(${t.startAfter}) as earliest, max(${t.startAfter}) as latest
    from ${t.job} j where ${isWaiting(queue)} and ${faultOf(t)} is null`.execute(db)
  return rows[0] ?? { waiting: 0, earliest: null, latest: null }
}

/** The first few, in the order of their time. */
export const sample = async (db: Database, t: OldTable, queue: string, limit: number): Promise<OldJob[]> => {
  const { rows } = await sql<Row>`
    select ${columnsOf(t)} from ${t.job} j where ${isWaiting(queue)} and ${faultOf(t)} is null
    order by ${t.startAfter}, j.id limit ${limit}`.execute(db)
  return rows.map(toJob)
}

/** What stays in the queue, by its reason. */
export const countLeft = async (db: Database, t: OldTable, queue: string): Promise<Left> => {
  const { rows } = await sql<{ reason: keyof Left; count: number }>`
    select case when j.state::text = 'active' then 'active' else ${faultOf(t)} end as reason, count(*)::int as count
    from ${t.job} j
    where j.name = ${queue} and (j.state::text = 'active'
      or (j.state::text in ('created', 'retry') and ${faultOf(t)} is not null)) group by 1`.execute(db)
  const none: Left = { withoutMessage: 0, tooLong: 0, blocked: 0, active: 0 }
  return { ...none, ...Object.fromEntries(rows.map(({ reason, count }) => [reason, count])) }
}

/** Other queues of that schema with jobs that wait. */
export const otherQueues = async (db: Database, t: OldTable, queue: string): Promise<string[]> => {
  const { rows } = await sql<{ name: string }>`
    select distinct j.name from ${t.job} j
    where j.state::text in ('created', 'retry') and j.name <> ${queue} order by 1 limit 20`.execute(db)
  return rows.map(({ name }) => name)
}

/** Jobs removed in one statement: with messages of 256 kB each, 50 MB. */
const BATCH = 200

/**
 * Removes the next jobs after the one of id `after`, and returns them; null once there are none. A worker of the old
 * server that claims one at this moment locks its row: the removal waits for that claim, sees another state, and leaves
 * the job to it. The other way round, pg-boss's fetch passes over what is locked here.
 */
export const removeNext = async (
  tx: Database,
  t: OldTable,
  queue: string,
  after: string | null,
): Promise<{ jobs: OldJob[]; last: string } | null> => {
  // The end of the batch is read first: were the removal itself limited, a batch that others have claimed would look
  // like the end of the queue.
  const end = await sql<{ id: string }>`
    select j.id::text as id from ${t.job} j
    where ${isWaiting(queue)} and ${faultOf(t)} is null and (${after}::uuid is null or j.id > ${after}::uuid)
    order by j.id limit ${BATCH}`.execute(tx)
  const last = end.rows.at(-1)?.id
  if (last === undefined) return null
  const { rows } = await sql<Row>`
    delete from ${t.job} j
    where ${isWaiting(queue)} and ${faultOf(t)} is null and (${after}::uuid is null or j.id > ${after}::uuid)
      and j.id <= ${last}::uuid
    returning ${columnsOf(t)}`.execute(tx)
  return { jobs: rows.map(toJob), last }
}
