import { type RawBuilder, sql } from 'kysely'
import { type BulkChanged, type BulkMatch, TROUBLE } from '../delivery/index.ts'
import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import { instantText } from '../platform/sql-instant.ts'
import { NOTIFY_HORIZON_SECONDS, plantTimers, removeTimers } from '../timers/index.ts'
import { KIND } from './repository-insert.ts'
import { byFilters, type Filters, type ListSources, NO_FILTERS } from './repository-list.ts'
import {
  canceling,
  isResolvable,
  isRevivable,
  type Resolution,
  resolving,
  retrying,
  type Times,
  WAITING,
} from './repository-sets.ts'

/** A few notifications that are decided together, each under its own lock, taken in the order of the ids. */
export interface Batch extends By {
  ids: readonly string[]
  /** What they were found by: whoever no longer fits is left alone. */
  filters: Filters
  /** The operation that keeps what they were before; null where nothing is kept. */
  operationId: string | null
}

/** The states as they are stored: that a time has come changes what is shown, and nothing else. */
const storedStates = (filters: Filters): string[] | undefined =>
  filters.states?.map((state) => (state === 'queued' ? 'scheduled' : state))

/**
 * The bulk changes. Each is one statement that decides as that of the single call does (`repository.ts`), for many rows:
 * by `= ANY`, without a join, so that no plan can be lost, and from the row itself. `for no key update` in the order of
 * the ids: two of them on the same rows cannot dead-lock, and starts and outcomes skip what is locked.
 */
export const createBulkRepository = (sources: ListSources) => {
  const { tables: t } = sources
  const clockTime = sql`(select ts from clock)`
  const matching = (projectId: number, filters: Filters, until: Date | null) =>
    sql.join(
      [
        sql`n.project_id = ${projectId}`,
        ...byFilters(sources, filters),
        ...(until === null ? [] : [sql`n.created_at <= ${until}`]),
      ],
      sql` and `,
    )

  /** A row whose key another one holds cannot wait again. A scalar with a limit: `exists` may be planned as a hash of all. */
  const keyIsFree = sql`(dedupe_key is null or (
    select true from ${t.notifications} o
    where o.project_id = l.project_id and o.pending_key = l.dedupe_key and o.id <> l.id limit 1) is null)`

  /**
   * Looked up by id alone: the filters are a column, `fits`, read from the locked row like all others. As conditions they
   * would offer their own indexes, and with the statistics of an emptied table each step walked a whole one (40 ms of 50).
   */
  const locked = (b: Batch) => sql`
    clock as materialized (select clock_timestamp() as ts),
    l as materialized (
      select n.id, n.project_id, n.state, n.reason, n.trouble, n.generation, n.cancel_requested, n.finished_at, n.failures,
        n.lost_workers, n.late_ms, n.send_at, n.due_at, n.next_at, n.expires_at, n.expires_given, n.dedupe_key,
        ${matching(b.projectId, { ...b.filters, states: undefined }, null)} as fits
      from ${t.notifications} n where n.id = any(${b.ids}::uuid[]) order by n.id for no key update)`
  const changed = (set: RawBuilder<unknown>) => sql`
    changed as (
      update ${t.notifications} n set ${set}, generation = n.generation + 1, updated_at = ${clockTime}
      where n.id = any(array(select id from mine))
      returning n.id, n.project_id, n.lane, n.state, n.next_at, n.generation, n.priority)`
  const kept = (b: Batch, before: RawBuilder<unknown>, where: RawBuilder<unknown>) =>
    b.operationId === null
      ? sql`select 1`
      : sql`insert into ${t.operationItems} (operation_id, subject_id, generation, before)
          select ${b.operationId}::uuid, id, generation + 1, ${before} from mine where ${where}`
  /** Of the rows as they were, which are in the order of their ids: all that were locked and picked are changed. */
  const told = ({ actor }: By, type: RawBuilder<unknown>, data: RawBuilder<unknown>) => sql`
    insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
    select project_id, ${KIND}, id::text, ${type}, ${JSON.stringify(actor)}::jsonb, ${data} from mine`
  /** Of the rows as they are, and their states before: side by side in the order of the ids, as a join could lose its plan. */
  const toldBoth = ({ actor, projectId }: By, data: RawBuilder<unknown>) => sql`
    insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
    select ${projectId}, ${KIND}, id::text, ${`${KIND}.updated`}, ${JSON.stringify(actor)}::jsonb, ${data}
    from unnest(array(select id from changed order by id), array(select state::text from changed order by id),
      array(select next_at from changed order by id), array(select state::text from mine order by id))
      both_sides(id, state, next_at, was)`
  const planted = plantTimers(
    t,
    sql`select id as subject_id, lane, next_at as due_at, generation, priority from changed where state in ${WAITING}`,
  )
  const counts = (changedWhere: RawBuilder<unknown>, tooLate: RawBuilder<unknown>) => sql`
    select (select count(*)::int from changed where ${changedWhere}) as changed,
      (select count(*)::int from l where fits and ${tooLate}) as "tooLate",
      (select (extract(epoch from min(next_at)) * 1000)::float8 from changed where state in ${WAITING}
        and next_at < clock_timestamp() + make_interval(secs => ${NOTIFY_HORIZON_SECONDS})) as "wakeMs"`

  const run = async (tx: Database, statement: RawBuilder<unknown>): Promise<BulkChanged> => {
    const { rows } = await sql<BulkChanged>`${statement}`.execute(tx)
    const [row] = rows
    if (row === undefined) throw new Error('a bulk change was not answered')
    return row
  }

  return {
    /** What matches, in the order of the ids. One with a key is alone: it may have to wait for another one's key. */
    async match(
      db: Database,
      projectId: number,
      filters: Filters,
      window: { until: Date | null; after: string | null; limit: number },
    ): Promise<BulkMatch[]> {
      const { rows } = await sql<BulkMatch>`
        select n.id, n.dedupe_key is not null as alone from ${t.notifications} n
        where ${matching(projectId, filters, window.until)}
          ${window.after === null ? sql`` : sql`and n.id > ${window.after}::uuid`}
        order by n.id limit ${window.limit}`.execute(db)
      return rows
    },

    async count(db: Database, projectId: number, filters: Filters, limit: number): Promise<number> {
      const { rows } = await sql<{ n: number }>`
        select count(*)::int as n from (
          select 1 from ${t.notifications} n where ${matching(projectId, filters, null)} limit ${limit}) matched`.execute(
        db,
      )
      return rows[0]?.n ?? 0
    },

    /** From the instant that is returned, none of the group that was asked for earlier begins, seen or not. */
    async closeGroup(db: Database, projectId: number, groupKey: string): Promise<Date> {
      const { rows } = await sql<{ at: Date }>`
        insert into ${t.canceledGroups} (project_id, group_key, canceled_at)
        values (${projectId}, ${groupKey}, clock_timestamp())
        on conflict (project_id, group_key) do update set canceled_at = clock_timestamp()
        returning canceled_at as at`.execute(db)
      const [row] = rows
      if (row === undefined) throw new Error('the cancellation of a group was not answered')
      return row.at
    },

    /** Takes that back, unless the group was closed again since. */
    async reopenGroup(db: Database, projectId: number, groupKey: string, closedAt: Date): Promise<void> {
      await sql`delete from ${t.canceledGroups}
        where project_id = ${projectId} and group_key = ${groupKey} and canceled_at = ${closedAt}`.execute(db)
    },

    /** Waiting: canceled. Sending: too late, and no further attempt begins. Final: nothing. */
    cancel: (tx: Database, b: Batch, reason: 'request' | 'group') => {
      const change = canceling('n', reason, clockTime)
      return run(
        tx,
        sql`with ${locked(b)},
        mine as materialized (
          select * from l where fits and (state in ${WAITING} or (state = 'sending' and not cancel_requested))),
        ${changed(change.set)},
        removed as (${removeTimers(t, sql`array(select id from mine where state in ${WAITING})`)}),
        kept as (${kept(
          b,
          sql`jsonb_build_object('state', state, 'trouble', trouble, 'cancelRequested', cancel_requested)`,
          sql`state in ${WAITING}`,
        )}),
        told as (${told(b, change.type, change.data)})
        ${counts(sql`state = 'canceled'`, sql`state = 'sending'`)}`,
      )
    },

    /** From failed, canceled or expired: waits again. Due now where `dueAt` is null. */
    retry: (tx: Database, b: Batch, to: Times & { dueAt: Date | null }) => {
      const change = retrying({ ...to, dueAt: sql`coalesce(${to.dueAt}::timestamptz, ${clockTime})` })
      return run(
        tx,
        sql`with ${locked(b)},
        mine as materialized (
          select * from l where fits and ${isRevivable}
            and state = any(coalesce(${storedStates(b.filters) ?? null}::text[], array[state::text])) and ${keyIsFree}),
        ${changed(change.set)},
        planted as (${planted}),
        kept as (${kept(
          b,
          sql`jsonb_build_object('state', state, 'reason', reason, 'trouble', trouble, 'finishedAt', finished_at,
            'cancelRequested', cancel_requested, 'failures', failures, 'lostWorkers', lost_workers, 'lateMs', late_ms,
            'sendAt', send_at, 'dueAt', due_at, 'nextAt', next_at, 'expiresAt', expires_at, 'expiresGiven', expires_given)`,
          sql`true`,
        )}),
        told as (${told(b, change.type, change.data)})
        ${counts(sql`true`, sql`false`)}`,
      )
    },

    /** An operator's word on what is waiting, or has failed with its outcome unknown. */
    resolve: (tx: Database, b: Batch, to: Resolution) => {
      const change = resolving(to, clockTime)
      return run(
        tx,
        sql`with ${locked(b)},
        mine as materialized (
          select * from l where fits and ${isResolvable}
            and state = any(coalesce(${storedStates(b.filters) ?? null}::text[], array[state::text]))),
        ${changed(change.set)},
        removed as (${removeTimers(t, sql`array(select id from mine where state in ${WAITING})`)}),
        kept as (${kept(
          b,
          sql`jsonb_build_object('state', state, 'reason', reason, 'trouble', trouble, 'finishedAt', finished_at,
            'cancelRequested', cancel_requested)`,
          sql`true`,
        )}),
        told as (${told(b, change.type, change.data)})
        ${counts(sql`true`, sql`state = 'sending'`)}`,
      )
    },

    /** Of what an operation changed, `i`: whether it bears a key. */
    hasKey: sql`(select n.dedupe_key is not null from ${t.notifications} n where n.id = i.subject_id)`,

    /** Puts back what an operation changed, where nobody has changed it since: its generation tells. */
    restore: (tx: Database, by: By, ids: readonly string[], operationId: string) => {
      const b: Batch = {
        projectId: by.projectId,
        actor: by.actor,
        ids,
        filters: NO_FILTERS,
        operationId: null,
      }
      const item = (what: RawBuilder<unknown>, id: string) => sql`(
        select ${what} from ${t.operationItems} i where i.operation_id = ${operationId}::uuid and i.subject_id = ${sql.ref(id)})`
      const wasRetried = sql`i.before -> 'dueAt' is not null`
      const orNow = (before: RawBuilder<unknown>, now: string) =>
        sql`case when ${wasRetried} then ${before} else ${sql.ref(now)} end`
      return run(
        tx,
        sql`with ${locked(b)},
        mine as materialized (
          select * from l where fits and generation = ${item(sql`i.generation`, 'l.id')}
            and (${keyIsFree} or ${item(sql`i.before ->> 'state'`, 'l.id')} not in ${WAITING})),
        ${changed(sql`
          attempt_job = null,
          (state, reason, trouble, failed_at, finished_at, cancel_requested, pending_key, failures, lost_workers, late_ms, send_at,
           due_at, next_at, expires_at, expires_given) = ${item(
             sql`i.before ->> 'state', i.before ->> 'reason', (i.before ->> 'trouble')::smallint,
              case (i.before ->> 'trouble')::smallint when ${sql.lit(TROUBLE.failed)} then (i.before ->> 'finishedAt')::timestamptz end,
              (i.before ->> 'finishedAt')::timestamptz, (i.before ->> 'cancelRequested')::boolean,
              case when i.before ->> 'state' in ${WAITING} then n.dedupe_key end,
              ${orNow(sql`(i.before ->> 'failures')::integer`, 'n.failures')},
              ${orNow(sql`(i.before ->> 'lostWorkers')::smallint`, 'n.lost_workers')},
              ${orNow(sql`(i.before ->> 'lateMs')::float8`, 'n.late_ms')},
              ${orNow(sql`nullif(i.before -> 'sendAt', 'null')`, 'n.send_at')},
              ${orNow(sql`(i.before ->> 'dueAt')::timestamptz`, 'n.due_at')},
              ${orNow(sql`(i.before ->> 'nextAt')::timestamptz`, 'n.next_at')},
              ${orNow(sql`(i.before ->> 'expiresAt')::timestamptz`, 'n.expires_at')},
              ${orNow(sql`nullif(i.before -> 'expiresGiven', 'null')`, 'n.expires_given')}`,
             'n.id',
           )}`)},
        planted as (${planted}),
        removed as (${removeTimers(t, sql`array(select id from changed where state not in ${WAITING})`)}),
        told as (${toldBoth(
          b,
          sql`jsonb_strip_nulls(jsonb_build_object('undone', ${operationId}::text, 'state', state,
            'nextAttemptAt', case when state in ${WAITING} then ${instantText(sql`next_at`)} end,
            'before', jsonb_build_object('state', was), 'after', jsonb_build_object('state', state)))`,
        )})
        ${counts(sql`true`, sql`state = 'sending'`)}`,
      )
    },
  }
}
