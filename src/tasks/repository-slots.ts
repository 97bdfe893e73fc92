import { sql } from 'kysely'
import type { Admission } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import { parallelArrays } from '../platform/sql-arrays.ts'
import type { Tables } from '../platform/tables.ts'
import { plantTimers } from '../timers/index.ts'

type Jobs = Parameters<Admission['admit']>[1]

/** Whose job has come. */
export interface Candidate {
  id: string
  key: string | null
  /** Due, waiting, and of the generation of its job. The others begin, or end, without a slot of their own. */
  needsSlot: boolean
  /** A slot is kept for it. */
  isCalled: boolean
}

/** Slots that are taken or kept, by key; `''` stands for none. */
export interface Held {
  total: number
  byKey: Map<string, number>
}

/**
 * Slots and who waits for one, lane by lane. Everything here is done under the lock of the lane, which lasts until the caller's
 * transaction ends. Rows of runs are never waited for: whoever holds one may be waiting for the lane.
 */
export const createSlotRepository = (t: Tables) => ({
  async lock(tx: Database, lane: string): Promise<void> {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`${t.schema}.run_slots.${lane}`}, 0))::text`.execute(
      tx,
    )
  },

  /** Those of these jobs that nobody holds, the one that is to have the first slot in front. They are locked from then on. */
  async candidates(tx: Database, jobs: Jobs): Promise<Candidate[]> {
    const input = parallelArrays(
      jobs.map((job) => job.data.s),
      { generations: { type: 'integer', values: jobs.map((job) => job.data.g) } },
    )
    const { rows } = await sql<Candidate>`
      with ${input.cte}, locked as materialized (
        select id, state, generation, concurrency_key, priority, next_at, expires_at from ${t.runs}
        where id = any(${input.ids}) order by id for no key update skip locked)
      select id, concurrency_key as key, coalesce((
        select true from ${t.runWaits} w where w.run_id = locked.id and w.called_at is not null), false) as "isCalled",
        state in ('scheduled', 'retrying') and generation = ${input.at('generations')}
          and (expires_at is null or expires_at > clock_timestamp()) as "needsSlot"
      from locked order by 3 desc, priority desc, next_at, id`.execute(tx)
    return rows
  },

  /** Taken, or kept for one that was called and is not among `but`. */
  async held(tx: Database, lane: string, but: readonly string[]): Promise<Held> {
    const { rows } = await sql<{ key: string; n: number }>`
      select coalesce(key, '') as key, count(*)::int as n from (
        select key from ${t.runSlots} where lane = ${lane}
        union all
        select key from ${t.runWaits} where lane = ${lane} and called_at is not null and run_id <> all(${but}::uuid[])) s
      group by 1`.execute(tx)
    const byKey = new Map(rows.map(({ key, n }) => [key, n]))
    return { total: rows.reduce((sum, { n }) => sum + n, 0), byKey }
  },

  /** They wait for a slot; one that expires meanwhile has a timer for that. */
  async putAside(tx: Database, lane: string, ids: readonly string[]): Promise<void> {
    await sql`
      with aside as (
        insert into ${t.runWaits} (run_id, lane, key, priority, due_at)
        select id, ${lane}, concurrency_key, priority, next_at from ${t.runs} where id = any(${ids}::uuid[])
        on conflict (run_id) do update set called_at = null, key = excluded.key, priority = excluded.priority,
          due_at = excluded.due_at)
      ${plantTimers(
        t,
        sql`select id as subject_id, lane, expires_at as due_at, generation, priority from ${t.runs}
          where id = any(${ids}::uuid[]) and expires_at is not null`,
      )}`.execute(tx)
  },

  async take(tx: Database, lane: string, ids: readonly string[]): Promise<void> {
    await sql`
      insert into ${t.runSlots} (run_id, lane, key)
      select id, ${lane}, concurrency_key from ${t.runs} where id = any(${ids}::uuid[]) on conflict (run_id) do nothing`.execute(
      tx,
    )
  },

  async giveBack(tx: Database, ids: readonly string[]): Promise<void> {
    await sql`delete from ${t.runSlots} where run_id = any(${ids}::uuid[])`.execute(tx)
  },

  async leaveLine(tx: Database, ids: readonly string[]): Promise<void> {
    await sql`delete from ${t.runWaits} where run_id = any(${ids}::uuid[])`.execute(tx)
  },

  /** The first in line whose key is none of `full`. Whoever is just leaving it is passed over. */
  async first(
    tx: Database,
    lane: string,
    full: readonly string[],
    limit: number,
  ): Promise<{ id: string; key: string | null }[]> {
    const { rows } = await sql<{ id: string; key: string | null }>`
      select run_id::text as id, key from ${t.runWaits}
      where lane = ${lane} and called_at is null and (key is null or key <> all(${full}::text[]))
      order by priority desc, due_at, run_id limit ${limit} for update skip locked`.execute(tx)
    return rows
  },

  /** Plants their timers, due now, and keeps slots for them; those that wait no longer leave the line. Returns when they are due. */
  async call(tx: Database, ids: readonly string[]): Promise<{ called: string[]; dueMs: number }> {
    const { rows } = await sql<{ called: string[]; dueMs: number }>`
      with clock as materialized (select clock_timestamp()::timestamptz(3) as ts),
      live as materialized (
        select id, lane, generation, priority from ${t.runs}
        where id = any(${ids}::uuid[]) and state in ('scheduled', 'retrying')),
      planted as (${plantTimers(
        t,
        sql`select id as subject_id, lane, (select ts from clock) as due_at, generation, priority from live`,
      )}),
      called as (
        update ${t.runWaits} set called_at = (select ts from clock) where run_id = any(array(select id from live))),
      gone as (
        delete from ${t.runWaits} where run_id = any(${ids}::uuid[]) and run_id <> all(array(select id from live)))
      select array(select id::text from live) as called, (extract(epoch from ts) * 1000)::float8 as "dueMs"
      from clock`.execute(tx)
    return rows[0] ?? { called: [], dueMs: 0 }
  },

  /** What should not be: slots of what does not run, and a place in line of what does not wait. */
  async tidy(tx: Database, lane: string): Promise<void> {
    await sql`
      with slots as (
        delete from ${t.runSlots} s where s.lane = ${lane} and not exists (
          select 1 from ${t.runs} r where r.id = s.run_id and r.state = 'sending'))
      delete from ${t.runWaits} w where w.lane = ${lane} and w.called_at is not null and not exists (
        select 1 from ${t.runs} r where r.id = w.run_id and r.state in ('scheduled', 'retrying'))`.execute(tx)
  },

  /** Lanes with a line, or with slots that are taken. */
  async lanes(db: Database): Promise<string[]> {
    const { rows } = await sql<{ lane: string }>`
      select lane from (select lane from ${t.runSlots} union select lane from ${t.runWaits}) l order by 1 limit 10000`.execute(
      db,
    )
    return rows.map(({ lane }) => lane)
  },
})
