import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import { type KeysetPage, keysetByTime } from '../platform/keyset.ts'
import type { Tables } from '../platform/tables.ts'

/** What a worker does on one of its queues. */
export interface WorkerLane {
  queue: string
  /** Sends in hand. */
  running: number
  concurrency: number
  /** Of a task's queue: what its runs are given by it, for workers that start one without having the task. */
  task?: object
}

/** A process that takes jobs, as it tells of itself. */
export interface WorkerIdentity {
  id: string
  host: string
  pid: number
  roles: readonly string[]
  version: string
  /** How often it is heard of. */
  beatSeconds: number
}

export interface WorkerRow {
  id: string
  host: string
  pid: number
  roles: string[]
  version: string
  startedAt: Date
  seenAt: Date
  alive: boolean
  lanes: WorkerLane[]
}

/** One beat may be missed, and a tick may take long. */
const MISSED_BEATS = 2.5
const MARGIN_SECONDS = 2
const PRUNED_AFTER = sql`interval '1 hour'`
const PRUNE_LIMIT = 1_000

const isAlive = sql`seen_at > clock_timestamp() - make_interval(secs => beat_seconds * ${sql.lit(MISSED_BEATS)} + ${sql.lit(MARGIN_SECONDS)})`

/** A part of a statement: puts on record that this worker lives, and what it does. */
export const beat = (t: Tables, w: WorkerIdentity, lanes: readonly WorkerLane[]): RawBuilder<unknown> => sql`
  insert into ${t.workers} (id, host, pid, roles, version, beat_seconds, lanes)
  values (${w.id}::uuid, ${w.host}, ${w.pid}::int, ${w.roles}::text[], ${w.version}, ${w.beatSeconds}::int,
    ${JSON.stringify(lanes)}::jsonb)
  on conflict (id) do update set seen_at = clock_timestamp(), lanes = excluded.lanes`

export const createWorkerRepository = (t: Tables) => ({
  async list(db: Database, page: KeysetPage): Promise<WorkerRow[]> {
    const { beyond, order } = keysetByTime(sql`started_at`, sql`id`, page)
    const { rows } = await sql<WorkerRow>`
      select id, host, pid, roles, version, started_at as "startedAt", seen_at as "seenAt", ${isAlive} as alive, lanes
      from ${t.workers}
      ${beyond('where')}
      order by ${order} limit ${page.limit}`.execute(db)
    return rows
  },

  async countAlive(db: Database): Promise<number> {
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from (select 1 from ${t.workers} where ${isAlive} limit 10000) w`.execute(db)
    return rows[0]?.n ?? 0
  },

  async remove(db: Database, id: string): Promise<void> {
    await sql`delete from ${t.workers} where id = ${id}::uuid`.execute(db)
  },

  /** Forgets those that have not been heard of for an hour; one that lives is there again with its next beat. */
  async prune(db: Database): Promise<void> {
    await sql`delete from ${t.workers} where id = any(array(
      select id from ${t.workers} where seen_at < clock_timestamp() - ${PRUNED_AFTER} limit ${PRUNE_LIMIT}))`.execute(
      db,
    )
  },
})
