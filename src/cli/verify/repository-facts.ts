import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../../platform/database.ts'
import type { Tables } from '../../platform/tables.ts'
import type { AttemptFact, EventFact, Item, JobFact, Pause, TimerFact } from './item.ts'

/** Rows of one page: some 200 ms, so that no snapshot is held for longer. */
const PAGE = 10_000

/** Which way items are walked: each has its index. */
export type Walk = 'due' | 'created' | 'retrying'

export interface Position {
  /** As PostgreSQL writes it: a Date of JavaScript would do, as instants have milliseconds, but not before the year 0. */
  at: string
  id: string
}

export const START: Position = { at: '-infinity', id: '00000000-0000-0000-0000-000000000000' }

export type Row = Omit<Item, 'attempts' | 'events' | 'timer' | 'jobs'>

export interface Page {
  nowMs: number
  rows: Row[]
  /** Null at the end. */
  next: Position | null
}

const ms = (column: string) => sql`(extract(epoch from ${sql.ref(column)}) * 1000)::float8`
const at = (valueMs: number) => sql`${new Date(valueMs).toISOString()}::timestamptz`

/** What the state machine of a delivered table has, under its short names. */
const COLUMNS = sql`id, project_id as "projectId", lane, state::text as state, reason, ${ms('due_at')} as "dueMs",
  ${ms('next_at')} as "nextMs", ${ms('expires_at')} as "expiresMs", ${ms('created_at')} as "createdMs",
  ${ms('finished_at')} as "finishedMs", generation, attempt_no as "attemptNo", attempt_job as "attemptJob",
  ${ms('attempt_started_at')} as "attemptStartedMs", ${ms('attempt_due_at')} as "attemptDueMs", ${ms('handed_at')} as "handedMs"`

type RawRow = Row & { nowMs: number; size: number; position: string; isLast: boolean; skipped: boolean }

/** Of a run: it has a place in the line of its task. */
export const waitsForSlot = (t: Tables): RawBuilder<unknown> =>
  sql`id = any(array(select run_id from ${t.runWaits}))`

export const createFacts = (o: {
  tables: Tables
  table: RawBuilder<unknown>
  kind: string
  queueSchema: string
  /** What its events call a delivery; `delivered` unless told. */
  deliveredAs?: string
  /** Whether a row waits for something else than its time, as an expression of the table's columns. */
  aside?: RawBuilder<unknown>
}) => {
  const { tables: t, table, kind, deliveredAs = 'delivered' } = o
  const aside = o.aside ?? sql`false`
  const jobsTable = sql.id(o.queueSchema, 'job_common')

  return {
    /** The next rows of a walk; those that another walk has had are left out. All queries of a page run in one snapshot. */
    async page(
      tx: Database,
      walk: Walk,
      q: { projectId: number; fromMs: number; toMs: number; after: Position },
    ): Promise<Page> {
      const column = sql.ref(walk === 'created' ? 'created_at' : 'due_at')
      const inPeriod = (name: string) =>
        sql`(${sql.ref(name)} >= ${at(q.fromMs)} and ${sql.ref(name)} < ${at(q.toMs)})`
      const range =
        walk === 'retrying'
          ? sql`trouble = 1 and due_at < ${at(q.fromMs)}`
          : sql`${column} >= ${at(q.fromMs)} and ${column} < ${at(q.toMs)}`
      const skipped =
        walk === 'due' ? sql`false` : walk === 'created' ? inPeriod('due_at') : inPeriod('created_at')
      const { rows } = await sql<RawRow>`
        with page as materialized (
          select * from ${table}
          where project_id = ${q.projectId} and ${range} and (${column}, id) > (${q.after.at}::timestamptz, ${q.after.id}::uuid)
          order by ${column}, id limit ${PAGE}),
        ending as materialized (select ${column} as at, id as last from page order by 1 desc, 2 desc limit 1)
        select ${COLUMNS}, ${aside} as "isAside", ${skipped} as skipped, id = last as "isLast", ending.at::text as position,
          (select count(*)::int from page) as size, (extract(epoch from clock_timestamp()) * 1000)::float8 as "nowMs"
        from page, ending where id = last or not ${skipped}`.execute(tx)
      const last = rows.find((row) => row.isLast)
      return {
        nowMs: last?.nowMs ?? 0,
        rows: rows.filter((row) => !row.skipped),
        next: last === undefined || last.size < PAGE ? null : { at: last.position, id: last.id },
      }
    },

    /** `sinceMs` only spares the months in which there can be none. */
    async attempts(tx: Database, ids: readonly string[], sinceMs: number): Promise<AttemptFact[]> {
      const { rows } = await sql<AttemptFact>`
        select subject_id as id, number, outcome::text as outcome, ${ms('due_at')} as "dueMs", ${ms('handed_at')} as "handedMs",
          ${ms('started_at')} as "startedMs", ${ms('finished_at')} as "finishedMs", error ->> 'code' as "errorCode"
        from ${t.attempts} where subject_id = any(${ids}::uuid[]) and started_at >= ${at(sinceMs)}`.execute(
        tx,
      )
      return rows.toSorted((a, b) => a.number - b.number || a.startedMs - b.startedMs)
    },

    /** Without those that tell no more than the attempt does. */
    async events(tx: Database, ids: readonly string[], sinceMs: number): Promise<EventFact[]> {
      const type = (name: string) => `${kind}.${name}`
      const { rows } = await sql<EventFact>`
        select subject_id as id, ${ms('at')} as "atMs", substr(type, ${kind.length + 2}) as type,
          case when type = ${type(deliveredAs)} then 'delivered'
            when type = any(${['failed', 'canceled', 'expired'].map(type)}::text[])
            then substr(type, ${kind.length + 2}) else data ->> 'state' end as state,
          data -> 'retried' is not null
            or (data -> 'undone' is not null and coalesce(data ->> 'state' in ('scheduled', 'retrying'), false)) as reopens,
          coalesce((data ->> 'cancelRequested')::boolean, false) as "cancelRequested"
        from ${t.events}
        where subject_id = any(${ids}::text[]) and at >= ${at(sinceMs)} and kind = ${kind}
          and type <> all(${['created', 'attempt', 'progress'].map(type)}::text[])
          and (type <> ${type(deliveredAs)} or data ->> 'reason' is not null)`.execute(tx)
      return rows.toSorted((a, b) => a.atMs - b.atMs)
    },

    async timers(tx: Database, ids: readonly string[]): Promise<TimerFact[]> {
      const { rows } = await sql<TimerFact>`
        select subject_id as id, lane, ${ms('due_at')} as "dueMs", generation
        from ${t.timers} where subject_id = any(${ids}::uuid[])`.execute(tx)
      return rows
    },

    /** Reads all jobs, as they bear their subject within: asked only where something would be wrong without one. */
    async jobs(tx: Database, ids: readonly string[]): Promise<JobFact[]> {
      const { rows } = await sql<JobFact>`
        select j.data ->> 's' as id, j.id as "jobId", case when j.data ->> 'g' ~ '^[0-9]{1,9}$' then (j.data ->> 'g')::int end as generation
        from ${jobsTable} j where j.state <= 'active' and j.data ->> 's' = any(${ids}::text[])`.execute(tx)
      return rows
    },

    /** When a lane was paused, as the audit trail has it; and since when it is. The latest thousand changes. */
    async pauses(db: Database, lane: string): Promise<Pause[]> {
      const names = [lane, lane.slice(lane.lastIndexOf('.') + 1)]
      const { rows } = await sql<{ atMs: number; paused: boolean }>`
        select ${ms('at')} as "atMs", type = 'queue.paused' as paused from ${t.events}
        where subject_id = any(${names}::text[]) and kind = 'queue' and type = any('{queue.paused,queue.resumed}')
        order by xid desc, id desc limit 1000`.execute(db)
      const now = await sql<{ atMs: number }>`
        select ${ms('paused_at')} as "atMs" from ${t.queues} where name = ${lane} and paused_at is not null`.execute(
        db,
      )
      const pauses: Pause[] = []
      for (const { atMs, paused } of rows.toSorted((a, b) => a.atMs - b.atMs)) {
        const open = pauses.at(-1)
        if (paused && (open === undefined || open.toMs !== null)) pauses.push({ fromMs: atMs, toMs: null })
        else if (!paused && open?.toMs === null) open.toMs = atMs
      }
      const current = now.rows[0]
      const closed = pauses.filter((pause) => pause.toMs !== null)
      return current === undefined ? closed : [...closed, { fromMs: current.atMs, toMs: null }]
    },
  }
}

export type Facts = ReturnType<typeof createFacts>
