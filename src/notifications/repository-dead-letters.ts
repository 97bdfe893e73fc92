import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'

/** A failed notification with what its last attempt came to; without its content, which may be large. */
export interface DeadRow {
  id: string
  channel: string
  reason: string | null
  error: { code: string; message: string } | null
  provider: string | null
  recipient: unknown
  title: string
  tags: string[]
  groupKey: string | null
  attemptNo: number
  dueAt: Date
  finishedAt: Date
  generation: number
}

export interface DeadFilter {
  lanes: readonly string[] | undefined
  error: string | undefined
}

const TITLE_LENGTH = 80

/**
 * The last attempt. The month before it is looked through as well: one whose worker was lost is on record with the time
 * of its own start, and the notification bears that of the takeover. Older partitions are left out of the look-up.
 */
const lastAttempt = (t: Tables) => sql`
  left join lateral (
    select a.provider, a.error from ${t.attempts} a
    where a.subject_id = d.id and a.number = d.attempt_no
      and a.started_at <= d.attempt_started_at and a.started_at > d.attempt_started_at - interval '32 days'
    order by a.started_at desc limit 1) a on true`

const ERROR_KEY = sql`coalesce(a.error ->> 'code', d.reason, 'unknown')`
const KEYS = { error: ERROR_KEY, provider: sql`coalesce(a.provider, d.channel)` }

export const createDeadLetterRepository = (t: Tables) => {
  const columns = sql`n.id, n.channel, n.reason, n.recipient, n.content, n.tags, n.group_key, n.attempt_no,
    n.attempt_started_at, n.due_at, n.failed_at, n.generation`
  const failed = (projectId: number, lanes: readonly string[] | undefined) => sql`
    ${t.notifications} n where n.project_id = ${projectId} and n.failed_at is not null
    ${lanes === undefined ? sql`` : sql`and n.lane = any(${lanes}::text[])`}`
  const having = (error: string | undefined) =>
    error === undefined ? sql`true` : sql`${ERROR_KEY} = ${error}`
  const shown = sql`d.id, d.channel, d.reason, a.error, a.provider, d.recipient,
    left(coalesce(d.content ->> 'subject', d.content ->> 'message', d.content ->> 'text', ''), ${TITLE_LENGTH}) as title,
    d.tags, d.group_key as "groupKey", d.attempt_no as "attemptNo", d.due_at as "dueAt", d.failed_at as "finishedAt",
    d.generation`
  const read = async (db: Database, statement: RawBuilder<unknown>): Promise<DeadRow[]> =>
    (await sql<DeadRow>`${statement}`.execute(db)).rows

  return {
    list(
      db: Database,
      projectId: number,
      f: Pick<DeadFilter, 'lanes'>,
      page: { descending: boolean; after: { key: string; id: string } | null; limit: number },
    ): Promise<DeadRow[]> {
      const direction = page.descending ? sql`desc` : sql`asc`
      const beyond = page.descending ? sql`<` : sql`>`
      const { after } = page
      return read(
        db,
        sql`
        select ${shown} from (
          select ${columns} from ${failed(projectId, f.lanes)}
          ${after === null ? sql`` : sql`and (n.failed_at, n.id) ${beyond} (${after.key}::timestamptz, ${after.id}::uuid)`}
          order by n.failed_at ${direction}, n.id ${direction} limit ${page.limit}) d
        ${lastAttempt(t)}
        order by d.failed_at ${direction}, d.id ${direction}`,
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
          select n.id, n.channel, n.reason, n.attempt_no, n.attempt_started_at, n.failed_at
          from ${failed(projectId, f.lanes)} order by n.failed_at desc, n.id desc limit ${o.counted + 1}),
        d as (select * from newest limit ${o.counted})
        select ${KEYS[by]} as key, count(*)::int as count,
          (array_agg(d.id order by d.failed_at desc, d.id desc))[1:${sql.lit(o.sample)}] as ids,
          (select count(*) from newest) > ${o.counted} as more
        from d ${lastAttempt(t)} where ${having(f.error)}
        group by 1 order by 2 desc, 1 limit ${o.groups}`.execute(db)
      return { groups: rows, more: rows[0]?.more ?? false }
    },

    byIds: (db: Database, projectId: number, ids: readonly string[]): Promise<DeadRow[]> =>
      read(
        db,
        sql`select ${shown} from (
          select ${columns} from ${failed(projectId, undefined)} and n.id = any(${ids}::uuid[])) d ${lastAttempt(t)}`,
      ),
  }
}
