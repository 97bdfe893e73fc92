import { sql } from 'kysely'
import { type DeadLetterTable, lastAttemptOf } from '../delivery/index.ts'
import type { Tables } from '../platform/tables.ts'
import { TITLE } from './repository-title.ts'

/** What is shown of a failed notification: without its content, which may be large. */
export interface DeadNotification {
  channel: string
  provider: string | null
  recipient: unknown
  title: string
  tags: string[]
  groupKey: string | null
}

export const deadNotifications = (t: Tables): DeadLetterTable => ({
  failed: (projectId, { lanes }) => sql`
    ${t.notifications} d where d.project_id = ${projectId} and d.failed_at is not null
    ${lanes === undefined ? sql`` : sql`and d.lane = any(${lanes}::text[])`}`,
  columns: sql`d.id, d.channel, d.reason, d.recipient, d.content, d.tags, d.group_key, d.attempt_no,
    d.attempt_started_at, d.due_at, d.failed_at, d.generation`,
  counted: sql`d.channel, d.reason, d.attempt_no, d.attempt_started_at, d.failed_at`,
  lastAttempt: sql`left join lateral ${lastAttemptOf(t, 'd', sql`a.provider, a.error`)} a on true`,
  finishedAt: sql`d.failed_at`,
  error: sql`a.error`,
  provider: sql`coalesce(a.provider, d.channel)`,
  shown: sql`d.channel, a.provider, d.recipient, ${TITLE} as title, d.tags, d.group_key as "groupKey"`,
})
