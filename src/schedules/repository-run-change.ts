import { type RawBuilder, sql } from 'kysely'
import { changeRows, keptBy, type RowChange, type RowChanges } from '../delivery/index.ts'
import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import { instantText } from '../platform/sql-instant.ts'
import type { Tables } from '../platform/tables.ts'
import { byFilters, hasSchedule, NO_RUN_FILTERS, type RunFilters } from './repository-run-list.ts'
import { RUN_LANE } from './row.ts'

/** A few runs that are decided together. */
export interface Batch extends By {
  ids: readonly string[]
  /** What they were found by: whatever no longer fits is left alone. */
  filters?: RunFilters
  /** The operation that keeps what they were before; null where nothing is kept. */
  operationId?: string | null
}

const BEFORE = sql`jsonb_build_object('lane', lane, 'state', state, 'reason', reason, 'error', error, 'nextAt', next_at,
  'failures', failures, 'lateMs', late_ms, 'startedAt', started_at, 'finishedAt', finished_at)`

export type RunChanges = ReturnType<typeof createRunChanges>

/** What people do to runs that have not started what they are for, one or a thousand, each under its own lock. */
export const createRunChanges = (t: Tables) => {
  const now = sql`date_trunc('milliseconds', clock_timestamp())`

  const change = (
    tx: Database,
    b: Batch,
    c: Pick<RowChange, 'where' | 'set'> & { told: string; data: Readonly<Record<string, unknown>> },
  ): Promise<RowChanges> => {
    const { states, ...filters } = b.filters ?? NO_RUN_FILTERS
    const fits = [sql`n.project_id = ${b.projectId}`, ...byFilters(t, 'n', { ...filters, states: undefined })]
    const { operationId = null } = b
    // Whether it has begun since it was looked for.
    const isBusy = states === undefined || states.includes('started') ? sql`false` : sql`state = 'started'`
    const runs = {
      table: t.scheduleRuns,
      isWaiting: sql`next_at is not null`,
      isBusy,
      priority: sql`0::smallint`,
    }
    return changeRows(tx, t, runs, {
      ...{ ids: b.ids, fits: sql.join(fits, sql` and `), set: c.set },
      where: sql`${c.where} and n.state = any(coalesce(${states ?? null}::text[], array[n.state]))`,
      kept: operationId === null ? null : { operationId, before: BEFORE },
      told: sql`
        insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
        select project_id, 'schedule', name, ${`schedule.${c.told}`}, ${JSON.stringify(b.actor)}::jsonb,
          jsonb_build_object('runId', id, 'occurrence', ${instantText(sql`occurrence_at`)}, 'cause', cause)
            || ${JSON.stringify(c.data)}::jsonb
        from mine order by id`,
    })
  }

  return {
    /** One that has failed waits for its turn again, with as many tries as at first. */
    retry: (tx: Database, b: Batch): Promise<RowChanges> =>
      change(tx, b, {
        where: sql`n.state = 'failed' and ${hasSchedule(t, 'n')}`,
        // What was decided at once was of the lane of its schedule.
        set: sql`lane = ${RUN_LANE}, state = 'pending', reason = null, error = null, next_at = ${now}, failures = 0,
          late_ms = null, started_at = null, finished_at = null`,
        ...{ told: 'retried', data: {} },
      }),

    /** An operator's word on what waits or has failed: nobody starts it any more. Why it failed stays. */
    resolve: (tx: Database, b: Batch, note: string | null): Promise<RowChanges> =>
      change(tx, b, {
        where: sql`n.state in ('pending', 'failed')`,
        set: sql`state = 'canceled', reason = 'operator', next_at = null, finished_at = ${now}`,
        ...{ told: 'settled', data: note === null ? {} : { note } },
      }),

    /** Puts back what an operation changed, where nothing has happened to it since: its generation tells. */
    restore(tx: Database, b: Batch, operationId: string): Promise<RowChanges> {
      const before = (what: RawBuilder<unknown>) => keptBy(t, operationId, what, 'n.id')
      return change(tx, b, {
        where: sql`n.generation = ${before(sql`i.generation`)}`,
        set: sql`(lane, state, reason, error, next_at, failures, late_ms, started_at, finished_at) =
          ${before(sql`i.before ->> 'lane', i.before ->> 'state', i.before ->> 'reason', nullif(i.before -> 'error', 'null'),
            (i.before ->> 'nextAt')::timestamptz, (i.before ->> 'failures')::integer, (i.before ->> 'lateMs')::float8,
            (i.before ->> 'startedAt')::timestamptz, (i.before ->> 'finishedAt')::timestamptz`)}`,
        ...{ told: 'undone', data: { undone: operationId } },
      })
    },
  }
}
