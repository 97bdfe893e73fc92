import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { plantTimers } from '../timers/index.ts'
import { type Subject, tell } from './repository.ts'
import { TROUBLE } from './state.ts'

/** Longer than a hand-over, a claim and a start can take in turn while all is well. */
const GRACE = sql`interval '1 minute'`
export const PAGE = 5_000

const FAILED_AT = sql`failed_at = case when n.state = 'sending' and not n.cancel_requested and n.on_unknown = 'stop'
  then clock_timestamp() end,`

export interface Candidate {
  id: string
  dueAt: Date
  /** Null once it is final. */
  open: boolean
  lost: boolean
}

export interface Position {
  dueAt: Date
  id: string
}

/** What the reconciler reads and writes. Not hot: it may join, and walks the history page by page. */
export const createReconcileRepository = (o: {
  db: Database
  tables: Tables
  subject: Subject
  jobsTable: RawBuilder<unknown>
}) => {
  const { tables: t, subject } = o
  const hasTimer = sql`exists (select 1 from ${t.timers} x where x.subject_id = n.id)`
  // Not correlated, so that it is hashed once: looked up for each candidate, 5,000 of them against 20,000 jobs took 21 s.
  const hasJob = sql`n.id::text in (
    select j.data ->> 's' from ${o.jobsTable} j where j.state <= 'active' and j.data ->> 's' is not null)`
  const isAside = subject.isAside === undefined ? sql`` : sql` and not ${subject.isAside}`
  const lost = sql`n.next_at < clock_timestamp() - ${GRACE} and case n.state
    when 'sending' then n.attempt_started_at < clock_timestamp() - ${GRACE} and not ${hasJob}
    else n.state in ('scheduled', 'retrying') and not ${hasTimer} and not ${hasJob}${isAside} end`

  /** Overdue items after `after`, by due instant; only those that are tried again where `retrying`. */
  const overdue = async (projectId: number, after: Position, retrying: boolean): Promise<Candidate[]> => {
    const trouble = retrying ? sql`and trouble = ${TROUBLE.retrying}` : sql``
    const { rows } = await sql<Candidate>`
      select n.id, n.due_at as "dueAt", n.finished_at is null as open, (${lost}) as lost
      from (select * from ${subject.table}
            where project_id = ${projectId} ${trouble} and (due_at, id) > (${after.dueAt}::timestamptz, ${after.id}::uuid)
              and due_at < clock_timestamp() - ${GRACE}
            order by due_at, id limit ${PAGE}) n
      order by n.due_at, n.id`.execute(o.db)
    return rows
  }

  /** Decided again under the lock: it may have been taken up since. */
  const repair = async (ids: readonly string[]): Promise<number> => {
    if (ids.length === 0) return 0
    const { rows } = await sql<{ id: string }>`
      with locked as materialized (
        select * from ${subject.table} n where id = any(${ids}::uuid[]) and (${lost})
        order by id for no key update skip locked),
      closed as (
        insert into ${t.attempts} (subject_id, number, outcome, due_at, handed_at, started_at, finished_at, late_ms, error)
        select id, attempt_no, 'unknown', attempt_due_at, handed_at, attempt_started_at, clock_timestamp(),
               extract(epoch from attempt_started_at - attempt_due_at) * 1000,
               '{"code":"worker-lost","message":"neither a worker nor a job was left for it"}'::jsonb
        from locked where state = 'sending'),
      mended as (
        update ${subject.table} n set
          state = case when n.state <> 'sending' then n.state when n.cancel_requested then 'canceled'
                       when n.on_unknown = 'stop' then 'failed' else 'retrying' end,
          reason = case when n.state <> 'sending' then n.reason when n.cancel_requested then 'request'
                        when n.on_unknown = 'stop' then 'outcome_unknown' end,
          trouble = case when n.state <> 'sending' then n.trouble when n.cancel_requested then null
                         when n.on_unknown = 'stop' then ${TROUBLE.failed}::smallint else ${TROUBLE.retrying}::smallint end,
          finished_at = case when n.state = 'sending' and (n.cancel_requested or n.on_unknown = 'stop') then clock_timestamp() end,
          ${subject.marksFailures === true ? FAILED_AT : sql``}
          attempt_job = null, generation = n.generation + 1, updated_at = clock_timestamp()
        where n.id = any(array(select id from locked))
        returning n.*),
      planted as (${plantTimers(
        t,
        sql`select id as subject_id, lane, next_at as due_at, generation, priority from mended where finished_at is null`,
      )}),
      told as (${tell(
        t,
        subject,
        (kind) => sql`
        select project_id, ${kind}, id::text, ${`${kind}.reconciled`}, jsonb_build_object('state', state)
        from mended`,
      )})
      select id from mended`.execute(o.db)
    return rows.length
  }

  const projectIds = async (): Promise<number[]> => {
    const { rows } = await sql<{ id: number }>`select id from ${t.projects} order by id limit 10000`.execute(
      o.db,
    )
    return rows.map((row) => row.id)
  }

  return { overdue, repair, projectIds }
}
