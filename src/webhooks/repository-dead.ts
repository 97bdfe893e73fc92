import { type RawBuilder, sql } from 'kysely'
import { TROUBLE } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { lastAttempt } from './repository-deliveries.ts'

/** A delivery that failed for good, with what its last attempt came to. */
export interface DeadRow {
  id: string
  type: string
  /** Null where the endpoint was deleted. */
  url: string | null
  reason: string | null
  error: { code: string; message: string } | null
  attemptNo: number
  dueAt: Date
  finishedAt: Date
  generation: number
}

export interface DeadFilter {
  error: string | undefined
}

const ERROR_KEY = sql`coalesce(a.error ->> 'code', d.reason, 'unknown')`
const KEYS = { error: ERROR_KEY, provider: sql`'webhook'` }

export const createDeadRepository = (t: Tables) => {
  const failed = (projectId: number) => sql`
    ${t.webhookDeliveries} d where d.project_id = ${projectId} and d.trouble = ${sql.lit(TROUBLE.failed)}`
  const having = (error: string | undefined) =>
    error === undefined ? sql`true` : sql`${ERROR_KEY} = ${error}`
  const read = async (db: Database, from: RawBuilder<unknown>): Promise<DeadRow[]> => {
    const { rows } = await sql<DeadRow>`
      select d.id, d.type, (select w.url from ${t.webhooks} w where w.id = d.webhook_id) as url, d.reason, a.error,
        d.attempt_no as "attemptNo", d.due_at as "dueAt", d.finished_at as "finishedAt", d.generation
      from ${from}`.execute(db)
    return rows
  }

  return {
    list(
      db: Database,
      projectId: number,
      page: { descending: boolean; after: { key: string; id: string } | null; limit: number },
    ): Promise<DeadRow[]> {
      const direction = page.descending ? sql`desc` : sql`asc`
      const beyond = page.descending ? sql`<` : sql`>`
      const { after } = page
      return read(
        db,
        sql`(select d.* from ${failed(projectId)}
            ${after === null ? sql`` : sql`and (d.finished_at, d.id) ${beyond} (${after.key}::timestamptz, ${after.id}::uuid)`}
            order by d.finished_at ${direction}, d.id ${direction} limit ${page.limit}) d
          ${lastAttempt(t)}
          order by d.finished_at ${direction}, d.id ${direction}`,
      )
    },

    /** Of the newest `counted`, the largest groups, with the ids of the newest of each. */
    async groups(
      db: Database,
      projectId: number,
      f: DeadFilter,
      by: keyof typeof KEYS,
      o: { counted: number; groups: number; sample: number },
    ): Promise<{ groups: { key: string; count: number; ids: string[] }[]; more: boolean }> {
      const { rows } = await sql<{ key: string; count: number; ids: string[]; more: boolean }>`
        with newest as materialized (
          select d.id, d.reason, d.attempt_started_at, d.finished_at
          from ${failed(projectId)} order by d.finished_at desc, d.id desc limit ${o.counted + 1}),
        d as (select * from newest limit ${o.counted})
        select ${KEYS[by]} as key, count(*)::int as count,
          (array_agg(d.id order by d.finished_at desc, d.id desc))[1:${sql.lit(o.sample)}] as ids,
          (select count(*) from newest) > ${o.counted} as more
        from d ${lastAttempt(t)} where ${having(f.error)}
        group by 1 order by 2 desc, 1 limit ${o.groups}`.execute(db)
      return { groups: rows, more: rows[0]?.more ?? false }
    },

    byIds: (db: Database, projectId: number, ids: readonly string[]): Promise<DeadRow[]> =>
      read(
        db,
        sql`(select d.* from ${failed(projectId)} and d.id = any(${ids}::uuid[])) d ${lastAttempt(t)}`,
      ),
  }
}
