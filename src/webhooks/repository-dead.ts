import { sql } from 'kysely'
import { type DeadLetterTable, lastAttemptOf, TROUBLE } from '../delivery/index.ts'
import type { Tables } from '../platform/tables.ts'
import { PROVIDER } from './repository-filters.ts'

/** What is shown of a delivery that failed for good. */
export interface DeadDelivery {
  type: string
  webhookId: string
  /** Null where the endpoint was deleted. */
  url: string | null
}

/** All are of one lane, which need not be looked for. */
export const deadDeliveries = (t: Tables): DeadLetterTable => ({
  failed: (projectId) => sql`
    ${t.webhookDeliveries} d where d.project_id = ${projectId} and d.trouble = ${sql.lit(TROUBLE.failed)}`,
  columns: sql`d.*`,
  counted: sql`d.reason, d.attempt_no, d.attempt_started_at, d.finished_at`,
  lastAttempt: sql`left join lateral ${lastAttemptOf(t, 'd', sql`a.error`)} a on true`,
  finishedAt: sql`d.finished_at`,
  error: sql`a.error`,
  provider: sql.lit(PROVIDER),
  shown: sql`d.type, d.webhook_id as "webhookId", (select w.url from ${t.webhooks} w where w.id = d.webhook_id) as url`,
})
