import { sql } from 'kysely'
import { createMatching } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import { removeTimers } from '../timers/index.ts'
import { type Batch, createBulkParts, storedStates } from './repository-bulk-parts.ts'
import type { ListSources } from './repository-list.ts'
import {
  beforeRetry,
  canceling,
  isResolvable,
  type Resolution,
  resolving,
  retrying,
  type Times,
  WAITING,
} from './repository-sets.ts'

/** The bulk changes, each of which decides as that of the single call does (`repository-change.ts`). */
export const createBulkRepository = (sources: ListSources) => {
  const { t, clockTime, conditions, locked, endedOf, changed, kept, told, planted, counts, run } =
    createBulkParts(sources)

  return {
    /** One with a key is alone: it may have to wait for another one's key. */
    ...createMatching({
      ...{ table: t.notifications, row: 'n', alone: sql`n.dedupe_key is not null` },
      order: { by: 'due_at', descending: false },
      conditions,
    }),

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
          select * from l where ${endedOf(b)}),
        ${changed(change.set)},
        planted as (${planted}),
        kept as (${kept(b, beforeRetry, sql`true`)}),
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
  }
}
