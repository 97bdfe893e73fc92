import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import { type KeysetPage, keysetByTime } from '../platform/keyset.ts'
import type { Tables } from '../platform/tables.ts'

export interface DeadLetterFilter {
  lanes: readonly string[] | undefined
  /** The code of the last attempt's error, or the reason where there is none. */
  error: string | undefined
}

export type DeadLetterGroupBy = 'error' | 'provider'

/**
 * Of the last attempt of the row `row`. The month before it is looked through as well: one whose worker was lost is on
 * record with the time of its own start, and the row bears that of the takeover. Older partitions are left out of the look-up.
 */
export const lastAttemptOf = (t: Tables, row: 'd' | 'n', what: RawBuilder<unknown>): RawBuilder<unknown> => {
  const of = (column: string) => sql.ref(`${row}.${column}`)
  return sql`(
    select ${what} from ${t.attempts} a
    where a.subject_id = ${of('id')} and a.number = ${of('attempt_no')}
      and a.started_at <= ${of('attempt_started_at')} and a.started_at > ${of('attempt_started_at')} - interval '32 days'
    order by a.started_at desc limit 1)`
}

/** How many of the newest are counted, how many groups are shown, and how many of each. */
export interface DeadLetterLimits {
  counted: number
  groups: number
  sample: number
}

/** The failures of a feature in SQL, where `d` is the row and `a` its last attempt. */
export interface DeadLetterTable {
  /** What follows `from`: the table as `d`, and `where` its rows of a project have failed for good. */
  failed(projectId: number, filter: DeadLetterFilter): RawBuilder<unknown>
  /** Columns of the row, for those of one page. */
  columns: RawBuilder<unknown>
  /** Columns of the row, for all that are counted: only what `lastAttempt`, `error` and `provider` need, beside the id. */
  counted: RawBuilder<unknown>
  /** Joins `a`; empty where the row itself tells what its last attempt came to. */
  lastAttempt: RawBuilder<unknown>
  /** The column that they are ordered by. */
  finishedAt: RawBuilder<unknown>
  /** The error of the last attempt. */
  error: RawBuilder<unknown>
  /** Names the provider of the last attempt. */
  provider: RawBuilder<unknown>
  /** What is shown beside what every row has, as a select list. */
  shown: RawBuilder<unknown>
}

/** What every row has. */
export interface DeadRow {
  id: string
  reason: string | null
  error: { code: string; message: string } | null
  attemptNo: number
  dueAt: Date
  finishedAt: Date
  generation: number
}

const EVERY: DeadLetterFilter = { lanes: undefined, error: undefined }

/** `Shown` is what `shown` of the table selects. */
export const createDeadLetterRepository = <Shown>(o: DeadLetterTable) => {
  const { failed, lastAttempt, finishedAt } = o
  const keys = { error: sql`coalesce(${o.error} ->> 'code', d.reason, 'unknown')`, provider: o.provider }
  const read = async (db: Database, from: RawBuilder<unknown>): Promise<(DeadRow & Shown)[]> => {
    const { rows } = await sql<DeadRow & Shown>`
      select d.id, d.reason, ${o.error} as error, d.attempt_no as "attemptNo", d.due_at as "dueAt",
        ${finishedAt} as "finishedAt", d.generation, ${o.shown}
      from ${from}`.execute(db)
    return rows
  }

  return {
    /** The last attempts are looked up for the rows of the page alone. */
    list(db: Database, projectId: number, lanes: DeadLetterFilter['lanes'], page: KeysetPage) {
      const { beyond, order } = keysetByTime(finishedAt, sql`d.id`, page)
      return read(
        db,
        sql`(select ${o.columns} from ${failed(projectId, { lanes, error: undefined })}
            ${beyond('and')}
            order by ${order} limit ${page.limit}) d
          ${lastAttempt}
          order by ${order}`,
      )
    },

    /** Of the newest `counted`, the largest groups, with the ids of the newest of each. */
    async groups(
      db: Database,
      projectId: number,
      filter: DeadLetterFilter,
      by: DeadLetterGroupBy,
      limits: DeadLetterLimits,
    ): Promise<{ groups: { key: string; count: number; ids: string[] }[]; more: boolean }> {
      const wanted = filter.error === undefined ? sql`true` : sql`${keys.error} = ${filter.error}`
      const { rows } = await sql<{ key: string; count: number; ids: string[]; more: boolean }>`
        with newest as materialized (
          select d.id, ${o.counted}
          from ${failed(projectId, filter)} order by ${finishedAt} desc, d.id desc limit ${limits.counted + 1}),
        d as (select * from newest limit ${limits.counted})
        select ${keys[by]} as key, count(*)::int as count,
          (array_agg(d.id order by ${finishedAt} desc, d.id desc))[1:${sql.lit(limits.sample)}] as ids,
          (select count(*) from newest) > ${limits.counted} as more
        from d ${lastAttempt} where ${wanted}
        group by 1 order by 2 desc, 1 limit ${limits.groups}`.execute(db)
      return { groups: rows, more: rows[0]?.more ?? false }
    },

    byIds: (db: Database, projectId: number, ids: readonly string[]) =>
      read(
        db,
        sql`(select ${o.columns} from ${failed(projectId, EVERY)} and d.id = any(${ids}::uuid[])) d ${lastAttempt}`,
      ),
  }
}
