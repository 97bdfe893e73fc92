import { type RawBuilder, sql } from 'kysely'
import { createMatching } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import { type KeysetPage, keysetByTime } from '../platform/keyset.ts'
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

/** Reads of runs, whichever schedule they are of. */
export const createRunList = (t: Tables) => {
  const conditions = (projectId: number, filters: RunFilters) => [
    sql`r.project_id = ${projectId}`,
    ...byFilters(t, 'r', filters),
  ]
  return {
    ...createMatching({ table: t.scheduleRuns, row: 'r', alone: sql`false`, conditions }),

    async list(db: Database, projectId: number, filters: RunFilters, page: KeysetPage): Promise<Run[]> {
      const { beyond, order } = keysetByTime(sql`r.due_at`, sql`r.id`, page)
      const { rows } = await sql<Run>`
        select ${runColumns} from ${t.scheduleRuns} r
        where ${sql.join(conditions(projectId, filters), sql` and `)} ${beyond('and')}
        order by ${order} limit ${page.limit}`.execute(db)
      return rows
    },
  }
}
