import { type RawBuilder, sql } from 'kysely'
import type { Answer } from '../channels/index.ts'
import { RETRY, type State, type Subject } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { createChanges } from './repository-change.ts'
import { createInsert, KIND, type NewNotification } from './repository-insert.ts'
import { type ListQuery, type ListSources, pageOf } from './repository-list.ts'
import { createRewrite } from './repository-rewrite.ts'

export type Repository = ReturnType<typeof createRepository>

/** A notification as it stands. `state` is as shown: `queued` for what waits, is due, and whose queue is not paused. */
export interface Notification extends Omit<
  NewNotification,
  'actor' | 'metadata' | 'requestedAt' | 'idempotencyKey' | 'requestHash'
> {
  state: State | 'queued'
  /** The state without that. */
  stored: State
  reason: string | null
  nextAt: Date
  metadata: object
  generation: number
  attemptNo: number
  lateMs: number | null
  attemptStartedAt: Date | null
  attemptDueAt: Date | null
  handedAt: Date | null
  cancelRequested: boolean
  createdAt: Date
  updatedAt: Date
  finishedAt: Date | null
}

/** One that was found by its idempotency key. */
export interface Keyed extends Notification {
  requestHash: string
}

export interface Attempt {
  number: number
  outcome: string
  dueAt: Date
  handedAt: Date | null
  startedAt: Date
  finishedAt: Date
  lateMs: number
  provider: string | null
  providerId: string | null
  statusCode: number | null
  error: { code: string; message: string } | null
  answer: Answer | null
}

export interface TimelineEvent {
  at: Date
  type: string
  data: Record<string, unknown> | null
}

export interface Detail {
  notification: Notification
  attempts: Attempt[]
  events: TimelineEvent[]
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

const toEvent = (e: Written<TimelineEvent>): TimelineEvent => ({ ...e, at: new Date(e.at) })

const ATTEMPTS_LIMIT = 200
const EVENTS_LIMIT = 1000

export const createRepository = (sources: ListSources) => {
  const { tables: t, secretFields = ['headers'] } = sources
  const paused = sql`exists (select 1 from ${t.queues} q where q.name = n.lane and q.paused_at is not null)`
  const columnsWith = (content: RawBuilder<unknown>) => sql`
    n.id, n.project_id as "projectId", n.channel, n.lane, n.recipient, ${content} as content, n.send_at as "sendAt", n.reason,
    case when n.state = 'scheduled' and n.next_at <= clock_timestamp() and not ${paused} then 'queued' else n.state end as state,
    n.state as stored, n.due_at as "dueAt", n.next_at as "nextAt", n.expires_at as "expiresAt", n.expires_given as "expiresGiven", n.priority,
    n.dedupe_key as "dedupeKey", n.group_key as "groupKey", n.schedule_id as "scheduleId", ${RETRY} as retry, n.on_unknown as "onUnknown", n.timeout_seconds as "timeoutSeconds", n.tags,
    n.metadata, n.generation, n.attempt_no as "attemptNo", n.late_ms as "lateMs",
    n.attempt_started_at as "attemptStartedAt", n.attempt_due_at as "attemptDueAt", n.handed_at as "handedAt",
    n.cancel_requested as "cancelRequested", n.created_at as "createdAt", n.updated_at as "updatedAt",
    n.finished_at as "finishedAt"`
  const columns = columnsWith(sql`n.content`)
  /** In lists files have names and no content: fifty of 10 MB on one page ended the process. */
  const listedColumns = columnsWith(sql`case when jsonb_typeof(n.content -> 'attachments') = 'array'
    then jsonb_set(n.content, '{attachments}',
      (select jsonb_agg(a - 'content') from jsonb_array_elements(n.content -> 'attachments') a))
    else n.content end`)
  return {
    insert: createInsert(t),

    async find(db: Database, projectId: number, id: string): Promise<Notification | null> {
      const { rows } = await sql<Notification>`
        select ${columns} from ${t.notifications} n where n.id = ${id}::uuid and n.project_id = ${projectId}`.execute(
        db,
      )
      return rows[0] ?? null
    },

    /** Those of `ids` that are there, with all of their content, in the order of their ids. */
    async whole(db: Database, projectId: number, ids: readonly string[]): Promise<Notification[]> {
      const { rows } = await sql<Notification>`
        select ${columns} from ${t.notifications} n
        where n.id = any(${ids}::uuid[]) and n.project_id = ${projectId} order by n.id`.execute(db)
      return rows
    },

    /** The notification with its attempts and, where `events` is true, its events: one statement, so that they agree. */
    async detail(db: Database, projectId: number, id: string, events: boolean): Promise<Detail | null> {
      const { rows } = await sql<
        Notification & { attempts: Written<Attempt>[]; events: Written<TimelineEvent>[] }
      >`
        select ${columns},
          (select coalesce(json_agg(a), '[]') from (
            select number, outcome, due_at as "dueAt", handed_at as "handedAt", started_at as "startedAt",
              finished_at as "finishedAt", late_ms as "lateMs", provider, provider_id as "providerId",
              status_code as "statusCode", error, answer
            from ${t.attempts} where subject_id = n.id order by number limit ${ATTEMPTS_LIMIT}) a) as attempts,
          (select coalesce(json_agg(e), '[]') from (
            select at, type, data from ${t.events}
            where ${events} and subject_id = n.id::text order by id limit ${EVENTS_LIMIT}) e) as events
        from ${t.notifications} n where n.id = ${id}::uuid and n.project_id = ${projectId}`.execute(db)
      const row = rows[0]
      if (row === undefined) return null
      return { notification: row, attempts: row.attempts.map(toAttempt), events: row.events.map(toEvent) }
    },

    async list(db: Database, projectId: number, limit: number, query: ListQuery): Promise<Notification[]> {
      const { where, order } = pageOf(sources, projectId, query)
      const { rows } = await sql<Notification>`
        select ${listedColumns} from ${t.notifications} n
        where n.id = any(array(select n.id from ${t.notifications} n where ${where} order by ${order} limit ${limit}))
        order by ${order}`.execute(db)
      return rows
    },

    /** Those of `ids` that are there, as lists show them, in no order. */
    async listed(db: Database, projectId: number, ids: readonly string[]): Promise<Notification[]> {
      const { rows } = await sql<Notification>`
        select ${listedColumns} from ${t.notifications} n
        where n.id = any(${ids}::uuid[]) and n.project_id = ${projectId}`.execute(db)
      return rows
    },

    /** What bears these idempotency keys, with the hash of the request that it came from. */
    async byIdempotencyKeys(
      db: Database,
      projectId: number,
      keys: readonly string[],
    ): Promise<Map<string, Keyed>> {
      const { rows } = await sql<Keyed & { idempotencyKey: string }>`
        select ${columns}, n.idempotency_key as "idempotencyKey", encode(n.request_hash, 'hex') as "requestHash"
        from ${t.notifications} n where n.project_id = ${projectId} and n.idempotency_key = any(${keys}::text[])`.execute(
        db,
      )
      return new Map(rows.map((row) => [row.idempotencyKey, row]))
    },

    /** What bears these dedupe keys and is not final, by key. */
    async pending(
      db: Database,
      projectId: number,
      keys: readonly string[],
    ): Promise<Map<string, Notification>> {
      const { rows } = await sql<Notification & { key: string }>`
        select ${columns}, n.pending_key as key
        from ${t.notifications} n where n.project_id = ${projectId} and n.pending_key = any(${keys}::text[])`.execute(
        db,
      )
      return new Map(rows.map((row) => [row.key, row]))
    },

    /** The latest of those that ever bore these dedupe keys, by key. */
    async latestOf(
      db: Database,
      projectId: number,
      keys: readonly string[],
    ): Promise<Map<string, Notification>> {
      const { rows } = await sql<Notification & { dedupeKey: string }>`
        select ${columns} from unnest(${keys}::text[]) k(key) cross join lateral (
          select * from ${t.notifications} l where l.project_id = ${projectId} and l.dedupe_key = k.key
          order by l.due_at desc limit 1) n`.execute(db)
      return new Map(rows.map((row) => [row.dedupeKey, row]))
    },

    ...createChanges(t, secretFields),
    ...createRewrite(t, secretFields),
  }
}

/** Notifications as the delivery stage sees them. */
export const notificationSubject = (t: Tables): Subject => ({
  table: t.notifications,
  kind: KIND,
  retry: RETRY,
  content: sql`channel, recipient, content`,
  contentBytes: sql`content_bytes`,
  marksFailures: true,
  veto: {
    columns: sql`group_key, updated_at`,
    reason: 'group',
    // A scalar subquery with a limit: `exists` is planned as a join, whose plan could be lost.
    where: sql`group_key is not null and (select true from ${t.canceledGroups} g
      where g.project_id = locked.project_id and g.group_key = locked.group_key and g.canceled_at >= locked.updated_at
      limit 1)`,
  },
})
