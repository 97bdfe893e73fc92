import { type RawBuilder, sql } from 'kysely'
import { createMatching } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import { type KeysetPage, keysetByTime } from '../platform/keyset.ts'
import type { Tables } from '../platform/tables.ts'
import { errorKeyOf, PROVIDER } from './repository-publication-list.ts'
import {
  type Release,
  RELEASE_SUMMARY,
  type ReleaseState,
  type ReleaseSummary,
} from './repository-releases.ts'

export interface ReleaseFilters {
  states: readonly ReleaseState[] | undefined
  dueFrom: Date | undefined
  dueTo: Date | undefined
  /** Of dead letters: the code of its error, or its reason where there is none. */
  error: string | undefined
  /** Of dead letters. */
  provider: string | undefined
}

const HAS_FAILED = sql`r.state = 'failed'`

const releaseConditions = (projectId: number, f: ReleaseFilters): RawBuilder<unknown>[] => [
  sql`r.project_id = ${projectId}`,
  ...(f.states === undefined ? [] : [sql`r.state = any(${f.states}::text[])`]),
  ...(f.dueFrom === undefined ? [] : [sql`r.due_at >= ${f.dueFrom}`]),
  ...(f.dueTo === undefined ? [] : [sql`r.due_at < ${f.dueTo}`]),
  ...(f.error === undefined ? [] : [HAS_FAILED, sql`${errorKeyOf('r')} = ${f.error}`]),
  ...(f.provider === undefined ? [] : [f.provider === PROVIDER ? HAS_FAILED : sql`false`]),
]

/** The same of a release that is held under its lock. */
export const fitsRelease = (
  { state, dueAt, error, reason }: Release,
  f: Omit<ReleaseFilters, 'provider'>,
): boolean =>
  (f.states === undefined || f.states.includes(state)) &&
  (f.dueFrom === undefined || (dueAt !== null && dueAt >= f.dueFrom)) &&
  (f.dueTo === undefined || (dueAt !== null && dueAt < f.dueTo)) &&
  (f.error === undefined || (state === 'failed' && (error?.code ?? reason ?? 'unknown') === f.error))

/** Reads of releases, without their items. */
export const createReleaseList = (t: Tables) => {
  const columns = sql`${RELEASE_SUMMARY}, jsonb_array_length(r.items) as "itemCount"`
  return {
    // Each waits for its items, and for publications: two of them in one transaction could wait for each other's.
    ...createMatching({
      ...{ table: t.releases, row: 'r', alone: sql`true`, conditions: releaseConditions },
      order: { by: 'created_at', descending: true },
    }),

    async list(
      db: Database,
      projectId: number,
      filters: ReleaseFilters,
      page: KeysetPage,
    ): Promise<ReleaseSummary[]> {
      const { beyond, order } = keysetByTime(sql`r.created_at`, sql`r.id`, page)
      const { rows } = await sql<ReleaseSummary>`
      select ${columns} from ${t.releases} r
      where ${sql.join(releaseConditions(projectId, filters), sql` and `)} ${beyond('and')}
      order by ${order} limit ${page.limit}`.execute(db)
      return rows
    },

    /** Those that there are, in no order. */
    async byIds(db: Database, projectId: number, ids: readonly string[]): Promise<ReleaseSummary[]> {
      const { rows } = await sql<ReleaseSummary>`
      select ${columns} from ${t.releases} r where r.id = any(${ids}::uuid[]) and r.project_id = ${projectId}`.execute(
        db,
      )
      return rows
    },

    /** Of what an operation changed: alone, too. */
    isAlone: sql`true`,
  }
}
