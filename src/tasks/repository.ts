import { sql } from 'kysely'
import { RETRY, type RetryPolicy, type State, type Subject } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import { inOrder } from '../platform/in-order.ts'
import type { KeysetPage } from '../platform/keyset.ts'
import type { Tables } from '../platform/tables.ts'
import { KIND } from './repository-insert.ts'
import { type Filters, pageOf, type SortField } from './repository-list.ts'
import type { ShownState } from './schema.ts'

/** A run as it stands. `state` is as shown. */
export interface Run {
  id: string
  projectId: number
  task: string
  lane: string
  data: Record<string, unknown>
  runAt: unknown
  state: ShownState
  stored: State
  reason: string | null
  dueAt: Date
  nextAt: Date
  expiresAt: Date | null
  priority: number
  dedupeKey: string | null
  groupKey: string | null
  scheduleId: string | null
  retry: RetryPolicy
  timeoutSeconds: number
  tags: string[]
  metadata: object
  progress: number
  /** Absent in lists. */
  result?: unknown
  generation: number
  attemptNo: number
  lateMs: number | null
  attemptStartedAt: Date | null
  attemptDueAt: Date | null
  handedAt: Date | null
  createdAt: Date
  updatedAt: Date
  finishedAt: Date | null
}

export interface Attempt {
  number: number
  outcome: string
  dueAt: Date
  handedAt: Date | null
  startedAt: Date
  finishedAt: Date
  lateMs: number
  error: { code: string; message: string } | null
}

export interface RunEvent {
  at: Date
  type: string
  data: Record<string, unknown> | null
}

export interface Detail {
  run: Run
  attempts: Attempt[]
  events: RunEvent[]
}

export interface Listed {
  rows: Run[]
  /** Where it stopped looking before it had enough; null where it had, or there was nothing more. */
  cut: { key: string; id: string } | null
}

/** As JSON has it: instants are texts. */
type Written<Row> = {
  [K in keyof Row]: Row[K] extends Date ? string : Row[K] extends Date | null ? string | null : Row[K]
}

const toAttempt = (a: Written<Attempt>): Attempt => ({
  ...a,
  dueAt: new Date(a.dueAt),
  handedAt: a.handedAt === null ? null : new Date(a.handedAt),
  startedAt: new Date(a.startedAt),
  finishedAt: new Date(a.finishedAt),
})

const ATTEMPTS_LIMIT = 200
const EVENTS_LIMIT = 1000

export type Repository = ReturnType<typeof createRepository>

export const createRepository = (t: Tables) => {
  const paused = sql`exists (select 1 from ${t.queues} q where q.name = n.lane and q.paused_at is not null)`
  const columns = sql`
    n.id, n.project_id as "projectId", n.task, n.lane, n.data, n.run_at as "runAt", n.state as stored, n.reason,
    case when n.state = 'scheduled' and n.next_at <= clock_timestamp() and not ${paused} then 'queued'
      when n.state = 'sending' then 'running' when n.state = 'delivered' then 'succeeded' else n.state end as state,
    n.due_at as "dueAt", n.next_at as "nextAt", n.expires_at as "expiresAt", n.priority, n.dedupe_key as "dedupeKey",
    n.group_key as "groupKey", n.schedule_id as "scheduleId", ${RETRY} as retry, n.timeout_seconds as "timeoutSeconds",
    n.tags, n.metadata, n.progress, n.generation, n.attempt_no as "attemptNo", n.late_ms as "lateMs",
    n.attempt_started_at as "attemptStartedAt", n.attempt_due_at as "attemptDueAt", n.handed_at as "handedAt", n.created_at as "createdAt",
    n.updated_at as "updatedAt", n.finished_at as "finishedAt"`

  const byIds = async (db: Database, projectId: number, ids: readonly string[]): Promise<Run[]> => {
    const { rows } = await sql<Run>`
      select ${columns} from ${t.runs} n where n.id = any(${ids}::uuid[]) and n.project_id = ${projectId} order by n.id`.execute(
      db,
    )
    return rows
  }

  return {
    /** Those that there are, in the order of their ids. */
    byIds,

    /** The run with its attempts and, where `events` is true, its events: one statement, so that they agree. */
    async detail(db: Database, projectId: number, id: string, events: boolean): Promise<Detail | null> {
      const { rows } = await sql<Run & { attempts: Written<Attempt>[]; events: Written<RunEvent>[] }>`
        select ${columns}, n.result,
          (select coalesce(json_agg(a), '[]') from (
            select number, outcome, due_at as "dueAt", handed_at as "handedAt", started_at as "startedAt",
              finished_at as "finishedAt", late_ms as "lateMs", error
            from ${t.attempts} where subject_id = n.id order by number limit ${ATTEMPTS_LIMIT}) a) as attempts,
          (select coalesce(json_agg(e), '[]') from (
            select at, type, data from ${t.events}
            where ${events} and subject_id = n.id::text and kind = ${KIND} order by id limit ${EVENTS_LIMIT}) e) as events
        from ${t.runs} n where n.id = ${id}::uuid and n.project_id = ${projectId}`.execute(db)
      const row = rows[0]
      if (row === undefined) return null
      return {
        run: row,
        attempts: row.attempts.map(toAttempt),
        events: row.events.map((event) => ({ ...event, at: new Date(event.at) })),
      }
    },

    async list(
      db: Database,
      projectId: number,
      filters: Filters,
      field: SortField,
      page: KeysetPage,
    ): Promise<Listed> {
      const { rows } = await sql<{ ids: string[]; last: { key: string; id: string } | null; more: boolean }>`
        ${pageOf(t, projectId, filters, field, page)}`.execute(db)
      const { ids = [], last = null, more = false } = rows[0] ?? {}
      const cut = more && ids.length < page.limit && last !== null ? last : null
      return {
        rows: inOrder(ids, await byIds(db, projectId, ids)),
        cut: cut && { ...cut, key: new Date(cut.key).toISOString() },
      }
    },

    /** What bears this idempotency key, with the hash of the request that it came from. */
    async byIdempotencyKey(
      db: Database,
      projectId: number,
      key: string,
    ): Promise<{ id: string; requestHash: string } | null> {
      const { rows } = await sql<{ id: string; requestHash: string }>`
        select id, encode(request_hash, 'hex') as "requestHash" from ${t.runs}
        where project_id = ${projectId} and idempotency_key = ${key}`.execute(db)
      return rows[0] ?? null
    },

    /** What bears this dedupe key and is not final. Its instant as a number: some clients give texts. */
    async pending(
      db: Database,
      projectId: number,
      task: string,
      key: string,
    ): Promise<{ id: string; state: ShownState; generation: number; dueMs: number } | null> {
      const { rows } = await sql<{ id: string; state: ShownState; generation: number; dueMs: number }>`
        select n.id::text as id, n.generation, (extract(epoch from n.due_at) * 1000)::float8 as "dueMs",
          case when n.state = 'scheduled' and n.next_at <= clock_timestamp() and not ${paused} then 'queued'
            when n.state = 'sending' then 'running' else n.state::text end as state
        from ${t.runs} n where n.project_id = ${projectId} and n.task = ${task} and n.pending_key = ${key}`.execute(
        db,
      )
      return rows[0] ?? null
    },
  }
}

/** Runs as the delivery stage sees them. */
export const runSubject = (t: Tables): Subject => ({
  table: t.runs,
  kind: KIND,
  retry: RETRY,
  content: sql`task, data, result, project_id as "projectId"`,
  contentBytes: sql`case when result is null then data_bytes else greatest(data_bytes, pg_column_size(result)) end`,
  marksFailures: true,
  deliveredAs: 'succeeded',
  keepsResults: true,
  isAside: sql`coalesce((select true from ${t.runWaits} w where w.run_id = n.id and w.called_at is null), false)`,
  veto: {
    columns: sql`group_key, updated_at`,
    reason: 'group',
    // A scalar subquery with a limit: `exists` is planned as a join, whose plan could be lost.
    where: sql`group_key is not null and (select true from ${t.canceledGroups} g
      where g.project_id = locked.project_id and g.group_key = locked.group_key and g.canceled_at >= locked.updated_at
      limit 1)`,
  },
})
