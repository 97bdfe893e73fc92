import { sql } from 'kysely'
import { createMatching } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { plantTimers, removeTimers } from '../timers/index.ts'
import { publicationConditions } from './repository-publication-list.ts'
import type { Action, PublicationState } from './repository-publications.ts'

/** A publication as an operation found it, and kept it. */
export interface Kept {
  id: string
  generation: number
  state: PublicationState
  dueAt: Date
}

/** One that was put back, as events tell of it. */
export interface Restored {
  id: string
  action: Action
  revision: number | null
  dueAt: Date
  nextAt: Date
  state: PublicationState
}

/** What bulk changes ask and write beside what the single calls do; the items and publications are locked by then. */
export const createBulkRepository = (t: Tables) => {
  // A row of somebody else's table has no lock here: it may wait for a unique key.
  const matching = createMatching({
    ...{ table: t.publications, row: 'p', alone: sql`p.external`, conditions: publicationConditions },
    order: { by: 'due_at', descending: false },
  })

  return {
    ...matching,

    /** Of what an operation changed, `i`: whether it must be alone. */
    isExternal: sql`(select p.external from ${t.publications} p where p.id = i.subject_id)`,

    /** Instants (milliseconds since 1970) at which something of these publications' items is pending: no two may share one. */
    async taken(tx: Database, ids: readonly string[]): Promise<{ place: string; dueMs: number }[]> {
      if (ids.length === 0) return []
      const { rows } = await sql<{ place: string; dueMs: number }>`
        select w.place, p.due_ms as "dueMs"
        from (select distinct project_id, type, resource_id, locale, concat_ws(' ', type, resource_id, locale) as place
          from ${t.publications} where id = any(${ids}::uuid[])) w
        cross join lateral (select (extract(epoch from p.due_at) * 1000)::float8 as due_ms from ${t.publications} p
          where p.project_id = w.project_id and p.type = w.type and p.resource_id = w.resource_id and p.locale = w.locale
            and p.finished_at is null and p.release_id is null) p`.execute(tx)
      return rows
    },

    /** Keeps what these are, under the generation that the change will give them. */
    async keep(tx: Database, operationId: string, ids: readonly string[]): Promise<void> {
      if (ids.length === 0) return
      await sql`insert into ${t.operationItems} (operation_id, subject_id, generation, before)
        select ${operationId}::uuid, id, generation + 1, jsonb_build_object('state', state, 'reason', reason, 'error', error,
          'given', given, 'dueAt', due_at, 'nextAt', next_at, 'failures', failures, 'lateMs', late_ms,
          'executedAt', executed_at, 'finishedAt', finished_at, 'revision', revision)
        from ${t.publications} where id = any(${ids}::uuid[]) order by id`.execute(tx)
    },

    async kept(tx: Database, operationId: string, ids: readonly string[]): Promise<Kept[]> {
      const { rows } = await sql<Kept>`
        select subject_id as id, generation, before ->> 'state' as state, (before ->> 'dueAt')::timestamptz as "dueAt"
        from ${t.operationItems} where operation_id = ${operationId}::uuid and subject_id = any(${ids}::uuid[])`.execute(
        tx,
      )
      return rows
    },

    /** Puts these back as they were. */
    async restore(tx: Database, operationId: string, ids: readonly string[]): Promise<Restored[]> {
      if (ids.length === 0) return []
      const { rows } = await sql<Restored>`
        with restored as (
          update ${t.publications} p set state = i.before ->> 'state', reason = i.before ->> 'reason',
            error = nullif(i.before -> 'error', 'null'), given = nullif(i.before -> 'given', 'null'),
            due_at = (i.before ->> 'dueAt')::timestamptz, next_at = (i.before ->> 'nextAt')::timestamptz,
            revision = case when i.before ? 'revision' then (i.before ->> 'revision')::integer else p.revision end,
            failures = (i.before ->> 'failures')::integer, late_ms = (i.before ->> 'lateMs')::float8,
            executed_at = (i.before ->> 'executedAt')::timestamptz, finished_at = (i.before ->> 'finishedAt')::timestamptz,
            generation = p.generation + 1, updated_at = clock_timestamp()
          from ${t.operationItems} i
          where p.id = any(${ids}::uuid[]) and i.operation_id = ${operationId}::uuid and i.subject_id = p.id
          returning p.*),
        planted as (${plantTimers(
          t,
          sql`select id as subject_id, lane, next_at as due_at, generation, priority from restored where finished_at is null`,
        )}),
        removed as (${removeTimers(t, sql`array(select id from restored where finished_at is not null)`)})
        select id, action, revision, due_at as "dueAt", next_at as "nextAt", state from restored`.execute(tx)
      return rows
    },
  }
}
