import { type RawBuilder, sql } from 'kysely'
import {
  difference,
  editedRows,
  keptBy,
  type Locked,
  RETRYABLE,
  TROUBLE,
  withEdits,
} from '../delivery/index.ts'
import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import { instantText } from '../platform/sql-instant.ts'
import type { Tables } from '../platform/tables.ts'
import { NOTIFY_HORIZON_SECONDS, plantTimers, removeTimers } from '../timers/index.ts'
import { EDITED_COLUMNS, type Edited, editedColumns, shown } from './repository-edit.ts'
import { KIND, type NewRun } from './repository-insert.ts'
import { byFilters, type Filters, NO_FILTERS } from './repository-list.ts'

type Sql = RawBuilder<unknown>

/** States of what has not begun, or waits for its next attempt. */
export const WAITING = sql`('scheduled', 'retrying')`
/** Of the row `l`: whether it can be tried again. Of what was forgotten there is nothing left to run. */
const isRevivable = sql`(l.state in (${sql.join(RETRYABLE.map((state) => sql.lit(state)))}) and l.reason is distinct from 'forgotten')`
/** Of the row `l`: whether an operator's word settles it. */
const isResolvable = sql`(l.state in ${WAITING} or (l.state = 'failed' and l.reason in ('outcome_unknown', 'worker_lost')))`

/** A few runs that are decided together, each under its own lock, taken in the order of the ids. */
export interface Batch extends By {
  ids: readonly string[]
  /** What they were found by: whoever no longer fits is left alone. */
  filters?: Filters
  /** The operation that keeps what they were before; null where nothing is kept. */
  operationId?: string | null
  /** Only what is still of this version. */
  generation?: number | null
}

/** What a change was decided from: the row under its lock. `changed` is false where its state forbade it. */
export interface Decision {
  id: string
  state: string
  reason: string | null
  generation: number
  changed: boolean
}

export interface Changes {
  decisions: Decision[]
  /** When the earliest is due that is due soon, in milliseconds since 1970. */
  wakeMs: number | null
  /** Lanes in which a slot was kept for one of them. */
  freedLanes: string[]
}

/** When it is due again; now where that is null. */
export interface Again {
  runAt: unknown
  dueAt: Date | null
  expiresAt: Date | null
}

export type Change = ReturnType<typeof createChanges>

const json = (value: object): Sql => sql`${JSON.stringify(value)}::jsonb`

interface Statement {
  where: Sql
  set: Sql
  /** Of the row as it was: what is kept for undo. */
  kept: Sql | null
  keptWhere?: Sql
  /** Of the row as it was. */
  type: Sql
  data: Sql
  /** Rows `e` for \`with\`, where each becomes something else. */
  given?: Sql
}

/**
 * Changes of one run or a thousand: one statement that locks the rows, decides from what stands in them, writes, and answers from
 * the same rows. By `= ANY`, without a join, so that no plan can be lost. What waited for a slot no longer does.
 */
export const createChanges = (t: Tables) => {
  const now = sql`(select ts from clock)`
  const fits = (b: Batch) =>
    sql.join(
      [
        sql`n.project_id = ${b.projectId}`,
        ...byFilters(t, { ...(b.filters ?? NO_FILTERS), states: undefined }),
      ],
      sql` and `,
    )
  const edited = editedRows(t.runs, EDITED_COLUMNS)
  const keyIsFree = sql`(l.dedupe_key is null or (
    select true from ${t.runs} o
    where o.project_id = l.project_id and o.task = l.task and o.pending_key = l.dedupe_key and o.id <> l.id limit 1) is null)`

  const run = async (db: Database, b: Batch, s: Statement): Promise<Changes> => {
    const { rows } = await sql<{ decisions: Decision[]; wakeMs: number | null; freedLanes: string[] }>`
      with clock as materialized (select clock_timestamp() as ts),
      l as materialized (
        select n.*, (${fits(b)}) as fits from ${t.runs} n where n.id = any(${b.ids}::uuid[])
        order by n.id for no key update),
      ${s.given === undefined ? sql`` : sql`${s.given},`}
      mine as materialized (
        select * from l where fits and ${s.where} and generation = coalesce(${b.generation ?? null}::int, generation)),
      changed as (
        update ${t.runs} n set ${s.set}, generation = n.generation + 1, updated_at = ${now}
        where n.id = any(array(select id from mine))
        returning n.id, n.lane, n.state, n.next_at, n.generation, n.priority),
      planted as (${plantTimers(
        t,
        sql`select id as subject_id, lane, next_at as due_at, generation, priority from changed where state in ${WAITING}`,
      )}),
      removed as (${removeTimers(
        t,
        sql`array(select id from mine where state in ${WAITING}
        and id <> all(array(select id from changed where state in ${WAITING})))`,
      )}),
      waited as (delete from ${t.runWaits} where run_id = any(array(select id from mine)) returning lane, called_at),
      kept as (${
        b.operationId === undefined || b.operationId === null || s.kept === null
          ? sql`select 1`
          : sql`insert into ${t.operationItems} (operation_id, subject_id, generation, before)
              select ${b.operationId}::uuid, id, generation + 1, ${s.kept} from mine where ${s.keptWhere ?? sql`true`}`
      }),
      told as (
        insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
        select project_id, ${KIND}, id::text, ${s.type}, ${JSON.stringify(b.actor)}::jsonb, ${s.data} from mine)
      select
        (select coalesce(json_agg(json_build_object('id', id, 'state', state, 'reason', reason, 'generation', generation,
          'changed', id = any(array(select id from changed))) order by id), '[]') from l where fits) as decisions,
        (select (extract(epoch from min(next_at)) * 1000)::float8 from changed where state in ${WAITING}
          and next_at < clock_timestamp() + make_interval(secs => ${NOTIFY_HORIZON_SECONDS})) as "wakeMs",
        array(select distinct lane from waited where called_at is not null) as "freedLanes"`.execute(db)
    const [row] = rows
    if (row === undefined) throw new Error('a change of runs was not answered')
    return row
  }

  const KEPT = sql`jsonb_build_object('state', state, 'reason', reason, 'trouble', trouble, 'finishedAt', finished_at,
    'cancelRequested', cancel_requested, 'failures', failures, 'lostWorkers', lost_workers, 'lateMs', late_ms,
    'runAt', run_at, 'dueAt', due_at, 'nextAt', next_at, 'expiresAt', expires_at)`
  const states = ({ filters }: Batch) =>
    filters?.states?.map((state) => (state === 'queued' ? 'scheduled' : state)) ?? null
  const isStillOf = (b: Batch) =>
    sql`l.state::text = any(coalesce(${states(b)}::text[], array[l.state::text]))`

  const isEnded = (b: Batch) => sql`${isRevivable} and ${isStillOf(b)} and ${keyIsFree}`

  return {
    /** Waiting: canceled. Running: it is told to stop, and no further attempt begins. Final: nothing. */
    cancel(db: Database, b: Batch, reason: 'request' | 'group'): Promise<Changes> {
      const was = (column: string, otherwise: Sql) =>
        sql`case n.state when 'sending' then ${sql.ref(`n.${column}`)} ${otherwise} end`
      return run(db, b, {
        where: sql`(l.state in ${WAITING} or (l.state = 'sending' and not l.cancel_requested))`,
        set: sql`
          state = ${was('state', sql`else 'canceled'`)}, reason = ${was('reason', sql`else ${sql.lit(reason)}`)},
          cancel_requested = true, trouble = ${was('trouble', sql``)}, pending_key = ${was('pending_key', sql``)},
          finished_at = case n.state when 'sending' then null else ${now} end`,
        kept: KEPT,
        keptWhere: sql`state in ${WAITING}`,
        type: sql`case state when 'sending' then ${`${KIND}.updated`} else ${`${KIND}.canceled`} end`,
        data: sql`case state
          when 'sending' then ${json({ cancelRequested: true, before: { state: 'running' }, after: { state: 'running' } })}
          else jsonb_build_object('reason', ${reason}::text, 'before', jsonb_build_object('state', state),
            'after', ${json({ state: 'canceled' })}) end`,
      })
    },

    /** Due at once. What is due already is left as it is. */
    sendNow: (db: Database, b: Batch): Promise<Changes> =>
      run(db, b, {
        where: sql`l.state in ${WAITING} and l.next_at > ${now}`,
        set: sql`due_at = case n.state when 'scheduled' then ${now} else n.due_at end, next_at = ${now}`,
        kept: null,
        type: sql`${`${KIND}.updated`}`,
        data: sql`jsonb_build_object('nextAttemptAt', ${instantText(sql`${now}::timestamptz(3)`)},
          'before', jsonb_build_object('nextAttemptAt', ${instantText(sql`next_at`)}),
          'after', jsonb_build_object('nextAttemptAt', ${instantText(sql`${now}::timestamptz(3)`)}))`,
      }),

    /** Locks what can be tried again, in the order of the ids. */
    async lockEnded(tx: Database, b: Batch): Promise<Locked[]> {
      const { rows } = await sql<Locked>`
        with l as materialized (
          select n.*, (${fits(b)}) as fits from ${t.runs} n where n.id = any(${b.ids}::uuid[])
          order by n.id for no key update)
        select id, data_bytes as bytes from l
        where fits and ${isEnded(b)} and generation = coalesce(${b.generation ?? null}::int, generation)
        order by id`.execute(tx)
      return rows
    },

    /**
     * From failed, canceled or expired: waits again, with a fresh budget of tries. Due now where `dueAt` is null. With
     * `edits` those that they name, each as it says.
     */
    retry(db: Database, batch: Batch, to: Again, edits?: readonly Edited[]): Promise<Changes> {
      const dueAt = sql`coalesce(${to.dueAt}::timestamptz(3), ${now}::timestamptz(3))`
      const b = edits === undefined ? batch : { ...batch, ids: edits.map(({ id }) => id) }
      const state = sql`jsonb_build_object('retried', true, 'nextAttemptAt', ${instantText(dueAt)},
        'before', jsonb_strip_nulls(jsonb_build_object('state', state, 'reason', reason)),
        'after', ${json({ state: 'scheduled' })})`
      return run(db, b, {
        where: isEnded(b),
        ...(edits !== undefined && {
          given: edited.given(edits.map(({ id, ...edit }) => ({ id, ...editedColumns(edit) }))),
        }),
        set: sql`${edits === undefined ? sql`` : sql`${edited.set},`}
          state = 'scheduled', attempt_job = null, reason = null, trouble = null, failed_at = null, finished_at = null,
          cancel_requested = false, failures = 0, lost_workers = 0, late_ms = null, progress = 0, pending_key = n.dedupe_key,
          run_at = nullif(${JSON.stringify(to.runAt)}::jsonb, 'null'), due_at = ${dueAt}, next_at = ${dueAt},
          expires_at = ${to.expiresAt}::timestamptz`,
        kept: edits === undefined ? KEPT : sql`${KEPT} || ${edited.before}`,
        type: sql`${`${KIND}.updated`}`,
        data:
          edits === undefined
            ? state
            : sql`(select ${withEdits(
                sql`(select ${state} from (select mine.state, mine.reason) was)`,
                difference(shown('mine'), shown('e'), []),
              )} from e where e.id = mine.id)`,
      })
    },

    /** An operator's word on what is waiting, or has failed with its outcome unknown. */
    resolve(
      db: Database,
      b: Batch,
      { outcome, note }: { outcome: 'succeeded' | 'failed'; note: string | null },
    ): Promise<Changes> {
      const isFailure = outcome === 'failed'
      return run(db, b, {
        where: sql`${isResolvable} and ${isStillOf(b)}`,
        set: sql`
          state = ${isFailure ? 'failed' : 'delivered'}, attempt_job = null, reason = ${isFailure ? 'operator' : null},
          trouble = ${isFailure ? TROUBLE.failed : null}::smallint, failed_at = ${isFailure ? now : sql`null`},
          pending_key = null, finished_at = ${now}`,
        kept: KEPT,
        type: sql`${`${KIND}.${outcome}`}`,
        data: sql`jsonb_strip_nulls(jsonb_build_object('reason', 'operator', 'note', ${note}::text,
          'before', jsonb_build_object('state', state, 'reason', reason), 'after', ${json({ state: outcome })}))`,
      })
    },

    /** A new run in the place of one that waits. */
    rewrite: (db: Database, b: Batch, to: NewRun): Promise<Changes> =>
      run(db, b, {
        where: sql`l.state in ${WAITING}`,
        set: sql`
          ${edited.setTo(editedColumns(to))}, run_at = nullif(${JSON.stringify(to.runAt)}::jsonb, 'null'),
          due_at = case n.state when 'scheduled' then ${to.dueAt}::timestamptz else n.due_at end,
          next_at = ${to.dueAt}::timestamptz, expires_at = ${to.expiresAt}::timestamptz`,
        kept: null,
        type: sql`${`${KIND}.updated`}`,
        data: sql`jsonb_build_object('nextAttemptAt', ${to.dueAt.toISOString()}::text,
          'before', jsonb_build_object('nextAttemptAt', ${instantText(sql`next_at`)}),
          'after', jsonb_build_object('nextAttemptAt', ${to.dueAt.toISOString()}::text))`,
      }),

    /** Puts back what an operation changed, where nobody has changed it since: its generation tells. */
    restore(db: Database, b: Batch, operationId: string): Promise<Changes> {
      const item = (what: Sql, id: string) => keptBy(t, operationId, what, id, edited.restoring)
      return run(db, b, {
        where: sql`l.generation = ${item(sql`i.generation`, 'l.id')}
          and (${keyIsFree} or ${item(sql`i.before ->> 'state'`, 'l.id')} not in ${WAITING})`,
        set: sql`attempt_job = null,
          (state, reason, trouble, failed_at, finished_at, cancel_requested, pending_key, failures, lost_workers, late_ms,
           run_at, due_at, next_at, expires_at, ${edited.names}) = ${item(
             sql`i.before ->> 'state', i.before ->> 'reason', (i.before ->> 'trouble')::smallint,
               case (i.before ->> 'trouble')::smallint when ${sql.lit(TROUBLE.failed)} then (i.before ->> 'finishedAt')::timestamptz end,
               (i.before ->> 'finishedAt')::timestamptz, (i.before ->> 'cancelRequested')::boolean,
               case when i.before ->> 'state' in ${WAITING} then n.dedupe_key end, (i.before ->> 'failures')::integer,
               (i.before ->> 'lostWorkers')::smallint, (i.before ->> 'lateMs')::float8, nullif(i.before -> 'runAt', 'null'),
               (i.before ->> 'dueAt')::timestamptz, (i.before ->> 'nextAt')::timestamptz,
               (i.before ->> 'expiresAt')::timestamptz, ${edited.restored}`,
             'n.id',
           )}`,
        kept: null,
        type: sql`${`${KIND}.updated`}`,
        data: sql`jsonb_strip_nulls(jsonb_build_object('undone', ${operationId}::text,
          'state', ${item(sql`i.before ->> 'state'`, 'mine.id')}, 'before', jsonb_build_object('state', state),
          'after', jsonb_build_object('state', ${item(sql`i.before ->> 'state'`, 'mine.id')})))`,
      })
    },
  }
}
