import { type RawBuilder, sql } from 'kysely'
import { editedRows, keptBy, TROUBLE } from '../delivery/index.ts'
import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import { instantText } from '../platform/sql-instant.ts'
import { removeTimers } from '../timers/index.ts'
import { type Batch, createBulkParts } from './repository-bulk-parts.ts'
import { KIND } from './repository-insert.ts'
import { type ListSources, NO_FILTERS } from './repository-list.ts'
import { EDITED_COLUMNS, WAITING } from './repository-sets.ts'

/** The way back of the bulk changes. */
export const createBulkRestore = (sources: ListSources) => {
  const { t, keyIsFree, locked, changed, planted, counts, run } = createBulkParts(sources)
  const edited = editedRows(t.notifications, EDITED_COLUMNS)
  /** Of the rows as they are, and their states before: side by side in the order of the ids, as a join could lose its plan. */
  const toldBoth = ({ actor, projectId }: By, data: RawBuilder<unknown>) => sql`
    insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
    select ${projectId}, ${KIND}, id::text, ${`${KIND}.updated`}, ${JSON.stringify(actor)}::jsonb, ${data}
    from unnest(array(select id from changed order by id), array(select state::text from changed order by id),
      array(select next_at from changed order by id), array(select state::text from mine order by id))
      both_sides(id, state, next_at, was)`

  return {
    /** Puts back what an operation changed, where nobody has changed it since: its generation tells. */
    restore: (tx: Database, by: By, ids: readonly string[], operationId: string) => {
      const b: Batch = {
        projectId: by.projectId,
        actor: by.actor,
        ids,
        filters: NO_FILTERS,
        operationId: null,
      }
      const item = (what: RawBuilder<unknown>, id: string) =>
        keptBy(t, operationId, what, id, edited.restoring)
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
           due_at, next_at, expires_at, expires_given, ${edited.names}) = ${item(
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
              ${orNow(sql`nullif(i.before -> 'expiresGiven', 'null')`, 'n.expires_given')},
              ${edited.restored}`,
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
