import { sql } from 'kysely'
import type { DeadLetterTable } from '../delivery/index.ts'
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

export const deadNotifications = (t: Tables): DeadLetterTable => ({
  failed: (projectId, { lanes }) => sql`
    ${t.notifications} d where d.project_id = ${projectId} and d.failed_at is not null
    ${lanes === undefined ? sql`` : sql`and d.lane = any(${lanes}::text[])`}`,
  columns: sql`d.id, d.channel, d.reason, d.recipient, d.content, d.tags, d.group_key, d.attempt_no,
    d.attempt_started_at, d.due_at, d.failed_at, d.generation`,
  counted: sql`d.channel, d.reason, d.attempt_no, d.attempt_started_at, d.failed_at`,
  lastAttempt: lastAttempt(t),
  finishedAt: sql`d.failed_at`,
  error: sql`a.error`,
  provider: sql`coalesce(a.provider, d.channel)`,
  shown: sql`d.channel, a.provider, d.recipient, ${TITLE} as title, d.tags, d.group_key as "groupKey"`,
})
