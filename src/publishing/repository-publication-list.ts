import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import { isId } from '../platform/ids.ts'
import { keysetByTime, type KeysetPage } from '../platform/keyset.ts'
import type { Tables } from '../platform/tables.ts'
import type { Fault } from './decide.ts'
import type { Action, PublicationState } from './repository-publications.ts'

export interface PublicationRow {
  id: string
  type: string
  resourceId: string
  locale: string
  action: Action
  revision: number | null
  onEdit: string
  given: unknown
  dueAt: Date
  nextAt: Date
  maxLateSeconds: number | null
  state: PublicationState
  reason: string | null
  error: Fault | null
  releaseId: string | null
  attemptNo: number
  lateMs: number | null
  executedAt: Date | null
  createdAt: Date
  updatedAt: Date
  finishedAt: Date | null
}

/** As JSON has it: instants are texts. */
export interface AttemptRow {
  number: number
  outcome: string
  startedAt: string
  finishedAt: string
  lateMs: number
  error: Fault | null
}

export interface PublicationFilters {
  states: readonly PublicationState[] | undefined
  types: readonly string[] | undefined
  id: string | undefined
  releaseId: string | undefined
  dueFrom: Date | undefined
  dueTo: Date | undefined
  /** Of dead letters: the code of its error, or its reason where there is none. */
  error: string | undefined
  /** Of dead letters. */
  provider: string | undefined
}

export const NO_PUBLICATION_FILTERS: PublicationFilters = {
  ...{ states: undefined, types: undefined, id: undefined, releaseId: undefined },
  ...{ dueFrom: undefined, dueTo: undefined, error: undefined, provider: undefined },
}

/** Nobody sends a publication: there is one provider, this server. */
export const PROVIDER = 'publishing'

/** What dead letters are grouped by, on a row `row`. */
export const errorKeyOf = (row: 'd' | 'p' | 'r') =>
  sql`coalesce(${sql.ref(`${row}.error`)} ->> 'code', ${sql.ref(`${row}.reason`)}, 'unknown')`

/** Dead letters; what a release refused as a whole is the release's. The first condition is that of an index. */
const IS_DEAD = sql`p.state in ('failed', 'missed') and p.state = 'failed' and p.release_id is null`

const ATTEMPTS_LIMIT = 200

const COLUMNS = sql`p.id, p.type, p.resource_id as "resourceId", p.locale, p.action, p.revision,
  p.on_edit as "onEdit", p.given, p.due_at as "dueAt", p.next_at as "nextAt", p.max_late_seconds as "maxLateSeconds",
  p.state, p.reason, p.error, p.release_id as "releaseId", p.attempt_no as "attemptNo",
  p.late_ms as "lateMs", p.executed_at as "executedAt", p.created_at as "createdAt", p.updated_at as "updatedAt",
  p.finished_at as "finishedAt"`

/** `state` is not indexed as such: what is pending and what has failed have indexes of their own. */
const byState = (states: readonly PublicationState[]): RawBuilder<unknown>[] => [
  sql`p.state = any(${states}::text[])`,
  ...(states.every((state) => state === 'scheduled') ? [sql`p.finished_at is null`] : []),
  ...(states.every((state) => state === 'failed' || state === 'missed')
    ? [sql`p.state in ('failed', 'missed')`]
    : []),
]

export const publicationConditions = (projectId: number, f: PublicationFilters): RawBuilder<unknown>[] => [
  sql`p.project_id = ${projectId}`,
  ...(f.states === undefined ? [] : byState(f.states)),
  ...(f.types === undefined ? [] : [sql`p.type = any(${f.types}::text[])`]),
  ...(f.id === undefined ? [] : [sql`p.resource_id = ${f.id}`]),
  // What is no id names no release.
  ...(f.releaseId === undefined
    ? []
    : [isId(f.releaseId) ? sql`p.release_id = ${f.releaseId}::uuid` : sql`false`]),
  ...(f.dueFrom === undefined ? [] : [sql`p.due_at >= ${f.dueFrom}`]),
  ...(f.dueTo === undefined ? [] : [sql`p.due_at < ${f.dueTo}`]),
  ...(f.error === undefined ? [] : [IS_DEAD, sql`${errorKeyOf('p')} = ${f.error}`]),
  ...(f.provider === undefined ? [] : [f.provider === PROVIDER ? IS_DEAD : sql`false`]),
]

/** Reads of publications, whoever they are of. */
export const createPublicationList = (t: Tables) => {
  return {
    async list(
      db: Database,
      projectId: number,
      filters: PublicationFilters,
      page: KeysetPage,
    ): Promise<PublicationRow[]> {
      const { beyond, order } = keysetByTime(sql`p.due_at`, sql`p.id`, page)
      const where = sql.join(publicationConditions(projectId, filters), sql` and `)
      const { rows } = await sql<PublicationRow>`
        select ${COLUMNS} from ${t.publications} p where ${where} ${beyond('and')}
        order by ${order} limit ${page.limit}`.execute(db)
      return rows
    },

    /** Those that there are, in no order. */
    async byIds(db: Database, projectId: number, ids: readonly string[]): Promise<PublicationRow[]> {
      const { rows } = await sql<PublicationRow>`
        select ${COLUMNS} from ${t.publications} p where p.id = any(${ids}::uuid[]) and p.project_id = ${projectId}`.execute(
        db,
      )
      return rows
    },

    /** With its attempts: one statement, so that they agree. */
    async find(
      db: Database,
      projectId: number,
      id: string,
    ): Promise<(PublicationRow & { attempts: AttemptRow[] }) | null> {
      const { rows } = await sql<PublicationRow & { attempts: AttemptRow[] }>`
        select ${COLUMNS}, (select coalesce(json_agg(a order by a.number), '[]') from (
            select number, outcome, started_at as "startedAt", finished_at as "finishedAt", late_ms as "lateMs", error
            from ${t.attempts} where subject_id = p.id order by number limit ${ATTEMPTS_LIMIT}) a) as attempts
        from ${t.publications} p where p.id = ${id}::uuid and p.project_id = ${projectId}`.execute(db)
      return rows[0] ?? null
    },
  }
}
