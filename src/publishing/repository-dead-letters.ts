import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Fault } from './decide.ts'
import type { Action } from './repository-publications.ts'

export interface DeadPublication {
  id: string
  type: string
  resourceId: string
  locale: string
  action: Action
  reason: string | null
  error: Fault | null
  attemptNo: number
  dueAt: Date
  finishedAt: Date
  generation: number
}

export interface DeadFilter {
  lanes: readonly string[] | undefined
  error: string | undefined
}

const COLUMNS = sql`p.id, p.type, p.resource_id as "resourceId", p.locale, p.action, p.reason, p.error,
  p.attempt_no as "attemptNo", p.due_at as "dueAt", p.finished_at as "finishedAt", p.generation`

const ERROR_KEY = sql`coalesce(p.error ->> 'code', p.reason, 'unknown')`
/** Nobody sends a publication: there is one provider, this server. */
const KEYS = { error: ERROR_KEY, provider: sql`'publishing'` }

/** Publications that have failed for good; what a release refused as a whole is the release's. */
export const createDeadPublications = (t: Tables) => {
  const failed = (projectId: number, f: DeadFilter): RawBuilder<unknown> => sql`
    ${t.publications} p
    where p.project_id = ${projectId} and p.state in ('failed', 'missed') and p.state = 'failed' and p.release_id is null
    ${f.lanes === undefined ? sql`` : sql`and p.lane = any(${f.lanes}::text[])`}
    ${f.error === undefined ? sql`` : sql`and ${ERROR_KEY} = ${f.error}`}`

  return {
    async list(
      db: Database,
      projectId: number,
      f: DeadFilter,
      page: { descending: boolean; after: { key: string; id: string } | null; limit: number },
    ): Promise<DeadPublication[]> {
      const direction = page.descending ? sql`desc` : sql`asc`
      const beyond = page.descending ? sql`<` : sql`>`
      const { after } = page
      const { rows } = await sql<DeadPublication>`
        select ${COLUMNS} from ${failed(projectId, f)}
        ${after === null ? sql`` : sql`and (p.finished_at, p.id) ${beyond} (${after.key}::timestamptz, ${after.id}::uuid)`}
        order by p.finished_at ${direction}, p.id ${direction} limit ${page.limit}`.execute(db)
      return rows
    },

    /** Of the newest `counted`, the largest groups, with the newest of each. */
    async groups(
      db: Database,
      projectId: number,
      f: DeadFilter,
      by: keyof typeof KEYS,
      o: { counted: number; groups: number; sample: number },
    ): Promise<{ groups: { key: string; count: number; ids: string[] }[]; more: boolean }> {
      const { rows } = await sql<{ key: string; count: number; ids: string[]; more: boolean }>`
        with newest as materialized (
          select p.* from ${failed(projectId, f)} order by p.finished_at desc, p.id desc limit ${o.counted + 1})
        select ${KEYS[by]} as key, count(*)::int as count,
          (array_agg(p.id order by p.finished_at desc, p.id desc))[1:${sql.lit(o.sample)}] as ids,
          (select count(*) from newest) > ${o.counted} as more
        from (select * from newest limit ${o.counted}) p group by 1 order by 2 desc, 1 limit ${o.groups}`.execute(
        db,
      )
      return { groups: rows, more: rows[0]?.more ?? false }
    },

    async byIds(db: Database, projectId: number, ids: readonly string[]): Promise<DeadPublication[]> {
      const { rows } = await sql<DeadPublication>`
        select ${COLUMNS} from ${t.publications} p
        where p.id = any(${ids}::uuid[]) and p.project_id = ${projectId} and p.state = 'failed'`.execute(db)
      return rows
    },
  }
}
