import { sql } from 'kysely'
import type { Subject } from '../delivery/index.ts'
import type { Tables } from '../platform/tables.ts'

/** Before each try after the first, which is at once: some three days in all. Up to a tenth is added to each. */
const DELAYS_SECONDS = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]

const RETRY = JSON.stringify({
  limit: DELAYS_SECONDS.length,
  delaySeconds: 0,
  backoff: 'fixed',
  maxDelaySeconds: 86_400,
  delaysSeconds: DELAYS_SECONDS,
})

/** How often failures of one endpoint are noted at most. */
const NOTE_SECONDS = 60

/**
 * Deliveries as the delivery stage sees them. They write no events: those would be dispatched again, and each event would
 * bring two more. What became of a delivery is in its own row and its attempts.
 */
export const deliverySubject = (t: Tables): Subject => ({
  table: t.webhookDeliveries,
  kind: null,
  retry: sql`${RETRY}::jsonb`,
  // What an endpoint is called by is read when the attempt begins, so that a change of it holds for the next try.
  content: sql`event_id::text as "eventId", event, (
    select to_jsonb(e) from (
      select w.id, w.url, w.secret,
        case when w.previous_until > clock_timestamp() then w.previous_secret end as "previousSecret",
        w.failing_since is not null as "isFailing",
        coalesce(w.failed_at > clock_timestamp() - make_interval(secs => ${NOTE_SECONDS}), false) as "isNoted"
      from ${t.webhooks} w where w.id = webhook_id) e) as target`,
  contentBytes: sql`octet_length(event::text)`,
  veto: {
    columns: sql`webhook_id`,
    reason: 'endpoint_disabled',
    where: sql`(select true from ${t.webhooks} w where w.id = locked.webhook_id and w.state = 'active' limit 1) is not true`,
  },
})
