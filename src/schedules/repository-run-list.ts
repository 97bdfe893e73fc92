import { type RawBuilder, sql } from 'kysely'
import { createMatching } from '../delivery/index.ts'
import { type BoundedScan, readScanned } from '../platform/bounded-scan.ts'
import type { Database } from '../platform/database.ts'
import type { KeysetPage } from '../platform/keyset.ts'
import type { Tables } from '../platform/tables.ts'
import { runColumns } from './repository-due.ts'
import type { Run, RunState } from './row.ts'

export interface RunFilters {
  /** The name of the schedule. */
  scheduleId: string | undefined
  states: readonly RunState[] | undefined
  dueFrom: Date | undefined
  dueTo: Date | undefined
  /** Of dead letters: the code of its error, or its reason where there is none. */
  error: string | undefined
  /** Of dead letters. */
  provider: string | undefined
}

export const NO_RUN_FILTERS: RunFilters = {
  ...{ scheduleId: undefined, states: undefined, dueFrom: undefined, dueTo: undefined },
  ...{ error: undefined, provider: undefined },
}

/** Nobody is asked to start a run but this server. */
export const PROVIDER = 'schedules'

/** What dead letters are grouped by, on a row `row`. */
export const errorKeyOf = (row: string) =>
  sql`coalesce(${sql.ref(`${row}.error`)} ->> 'code', ${sql.ref(`${row}.reason`)}, 'unknown')`

/** Of the row `row`: whether its schedule is there. Runs of schedules that are gone are nobody's any more. */
export const hasSchedule = (t: Tables, row: string) =>
  sql`(select true from ${t.schedules} s where s.id = ${sql.ref(`${row}.schedule_id`)}) is true`

/** The conditions that the filters are, on a row `row`; what has failed is behind an index of its own. */
export const byFilters = (t: Tables, row: 'r' | 'n', f: RunFilters): RawBuilder<unknown>[] => {
  const column = (name: string) => sql.ref(`${row}.${name}`)
  const hasFailed = sql`${column('state')} = 'failed'`
  const isDead = sql`${hasFailed} and ${hasSchedule(t, row)}`
  return [
    ...(f.scheduleId === undefined ? [] : [sql`${column('name')} = ${f.scheduleId}`]),
    ...(f.states === undefined
      ? []
      : f.states.every((state) => state === 'failed')
        ? [hasFailed]
        : [sql`${column('state')} = any(${f.states}::text[])`]),
    ...(f.dueFrom === undefined ? [] : [sql`${column('due_at')} >= ${f.dueFrom}`]),
    ...(f.dueTo === undefined ? [] : [sql`${column('due_at')} < ${f.dueTo}`]),
    ...(f.error === undefined ? [] : [isDead, sql`${errorKeyOf(row)} = ${f.error}`]),
    ...(f.provider === undefined ? [] : [f.provider === PROVIDER ? isDead : sql`false`]),
  ]
}

/** Whether nothing but what has failed is asked for. */
const isFailed = ({ states, error, provider }: RunFilters): boolean =>
  error !== undefined || provider !== undefined || states?.every((state) => state === 'failed') === true

/** Rows that one page looks at, about 1 µs each: a filter that fits few of them must not walk all history. */
const MOST_LOOKED_AT = 20_000

/** Reads of runs, whichever schedule they are of. */
export const createRunList = (t: Tables) => {
  const conditions = (projectId: number, filters: RunFilters) => [
    sql`r.project_id = ${projectId}`,
    ...byFilters(t, 'r', filters),
  ]
  const scanOf = (projectId: number, filters: RunFilters, page: KeysetPage): BoundedScan => {
    const { scheduleId, states, error, ...others } = filters
    // What has failed is behind an index of its own, and sorted: it is few of what was run.
    const hasFailed = isFailed(filters) ? (['failed'] as const) : undefined
    return {
      ...{ from: sql`${t.scheduleRuns} r`, id: sql`r.id`, key: sql`r.due_at`, page, most: MOST_LOOKED_AT },
      leading: conditions(projectId, { ...NO_RUN_FILTERS, ...others, states: hasFailed }),
      fits: byFilters(t, 'r', { ...NO_RUN_FILTERS, scheduleId, states, error }),
    }
  }

  const byIds = async (db: Database, projectId: number, ids: readonly string[]): Promise<Run[]> => {
    const { rows } = await sql<Run>`
      select ${runColumns} from ${t.scheduleRuns} r
      where r.id = any(${ids}::uuid[]) and r.project_id = ${projectId}`.execute(db)
    return rows
  }

  return {
    ...createMatching({
      ...{ table: t.scheduleRuns, row: 'r', alone: sql`false`, conditions },
      order: { by: 'due_at', descending: true },
    }),

    /** Those that there are, in no order. */
    byIds,

    /** In the order in which they fell due, and how far was looked for them. */
    list: (db: Database, projectId: number, filters: RunFilters, page: KeysetPage) =>
      readScanned(
        db,
        scanOf(projectId, filters, page),
        (ids) => byIds(db, projectId, ids),
        ({ dueAt }) => dueAt,
      ),
  }
}
