import { type RawBuilder, sql } from 'kysely'
import { partsOf, type Position } from '../events/index.ts'
import { instantText } from '../platform/sql-instant.ts'
import type { Tables } from '../platform/tables.ts'
import { plantTimers } from '../timers/index.ts'

/** The one lane that everything for endpoints goes by; also the name of its queue. */
export const LANE = 'webhooks'

/** The number that an event is shown under, as `positionOf` computes it. */
const shownId = (e: string): RawBuilder<unknown> =>
  sql`(${sql.ref(e)}.xid::text::numeric * 1000000000 + ${sql.ref(e)}.id)`

/** The row of `events` that is shown under a number, and belongs to a project: as a condition. */
export const isEvent = (e: string, projectId: number, position: Position): RawBuilder<unknown> => {
  const event = sql.ref(e)
  const { xid, id } = partsOf(position)
  return sql`${event}.xid = ${xid}::xid8 and ${event}.id = ${id}::bigint and ${event}.project_id = ${projectId}`
}

/** What is sent of an event. The address that an actor came from stays here. */
const sent = (e: string): RawBuilder<unknown> => {
  const event = sql.ref(e)
  return sql`jsonb_build_object('type', ${event}.type,
    'timestamp', ${instantText(sql`${event}.at`)},
    'data', case jsonb_typeof(${event}.data) when 'object' then ${event}.data else '{}' end || jsonb_build_object(
      'id', ${shownId(e)}::text,
      'subject', jsonb_build_object('kind', ${event}.kind, 'id', ${event}.subject_id),
      'actor', jsonb_build_object('kind', coalesce(${event}.actor ->> 'kind', 'system'), 'id', ${event}.actor ->> 'id')))`
}

/** Whether an endpoint wants an event. Of itself it hears nothing; a test is for the one that is tested. */
export const wants = (w: string, e: string): RawBuilder<unknown> => {
  const [endpoint, event] = [sql.ref(w), sql.ref(e)]
  return sql`${endpoint}.types && array[${event}.type, split_part(${event}.type, '.', 1) || '.*', '*']
    and ${event}.type <> 'webhook.test'
    and not (${event}.kind = 'webhook' and ${event}.subject_id = ${endpoint}.id::text)`
}

/** The columns of a new delivery, and the select list that gives them, of an endpoint `w` and an event `e`. */
export const DELIVERY_COLUMNS = sql`project_id, webhook_id, event_id, type, event_at, event, lane, due_at, next_at`
export const deliveryOf = (w: string, e: string): RawBuilder<unknown> => sql`
  ${sql.ref(e)}.project_id, ${sql.ref(w)}.id, ${shownId(e)}, ${sql.ref(e)}.type, ${sql.ref(e)}.at, ${sent(e)}, ${LANE},
  clock_timestamp(), clock_timestamp()`

/** The timers of the deliveries that `source` has returned. */
export const timersOf = (t: Tables, source: string): RawBuilder<unknown> =>
  plantTimers(
    t,
    sql`select id as subject_id, lane, next_at as due_at, generation, priority from ${sql.ref(source)}`,
  )

/** What a delivery is set to that begins anew: at once, with all of its tries, under the same id. */
export const ANEW = sql`state = 'scheduled', reason = null, due_at = clock_timestamp(), next_at = clock_timestamp(),
  failures = 0, lost_workers = 0, trouble = null, finished_at = null, cancel_requested = false,
  updated_at = clock_timestamp()`
