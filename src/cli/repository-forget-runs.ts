import { sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Person } from './repository-forget.ts'
import { ACTOR } from './repository-forget-erase.ts'
import { eraseFound, mentions } from './repository-forget-traces.ts'

const ROWS = 500

const TEXTS = sql`concat_ws(' ', r.data::text, r.result::text, r.metadata::text, r.tags::text, r.dedupe_key, r.group_key,
  r.concurrency_key, r.idempotency_key)`

/** By what was asked for, by what it came to, and by why an attempt at it has failed. */
const runsOf = (t: Tables, person: Person) => sql`(
  select r.id, r.state from ${t.runs} r where ${mentions(person, TEXTS)}
  union
  select r.id, r.state from ${t.attempts} a join ${t.runs} r on r.id = a.subject_id
  where a.error is not null and ${mentions(person, sql`a.error::text`)})`

/**
 * Runs of tasks that mention the address, with the files that came with them: those that wait are canceled. What runs at this
 * moment is left: it ends, and is found by the next call.
 */
export const eraseFromRuns = async (
  db: Database,
  t: Tables,
  person: Person,
  isDryRun: boolean,
): Promise<number> => {
  const found = sql`select f.id from ${runsOf(t, person)} f where f.state <> 'sending' limit ${ROWS}`
  const waits = sql`state in ('scheduled', 'retrying')`
  const these = sql`any(array(select id from was))`
  return eraseFound(
    db,
    isDryRun,
    found,
    sql`with was as materialized (
        select id, project_id, ${waits} as waits from ${t.runs} where id = any(array(${found})) and state <> 'sending'
        order by id for no key update),
      removed as (
        delete from ${t.timers} where ctid = any(array(
          select x.ctid from ${t.timers} x where x.subject_id = any(array(select id from was where waits)) for update skip locked))),
      left_line as (delete from ${t.runWaits} where run_id = ${these}),
      files as (delete from ${t.uploads} where run_id = ${these}),
      undone as (
        delete from ${t.operationItems} where subject_id = ${these}
          and operation_id = any(array(select id from ${t.operations} where coalesce(undo_until, 'infinity') > now()))),
      emptied as (
        update ${t.attempts} set error = jsonb_build_object('code', error -> 'code', 'message', 'forgotten')
        where subject_id = ${these} and error is not null),
      told as (
        insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
        select project_id, 'run', id::text, 'run.canceled', ${JSON.stringify(ACTOR)}::jsonb, '{"reason":"forgotten"}'::jsonb
        from was where waits)
      update ${t.runs} set
        state = case when ${waits} then 'canceled' else state end,
        finished_at = case when ${waits} then clock_timestamp() else finished_at end,
        trouble = case when ${waits} then null else trouble end, cancel_requested = cancel_requested or finished_at is null,
        reason = case state when 'delivered' then reason else 'forgotten' end, data = '{}', data_bytes = 0, result = null,
        metadata = '{}', tags = '{}', dedupe_key = null, pending_key = null, group_key = null, concurrency_key = null,
        idempotency_key = null, request_hash = null, generation = generation + 1, updated_at = clock_timestamp()
      where id = ${these}`,
  )
}

/** How many of them run at this moment. */
export const runsUnderWay = async (db: Database, t: Tables, person: Person): Promise<number> => {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from ${runsOf(t, person)} f where f.state = 'sending'`.execute(db)
  return rows[0]?.n ?? 0
}
