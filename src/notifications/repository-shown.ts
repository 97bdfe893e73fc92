import { type RawBuilder, sql } from 'kysely'
import { instantText } from '../platform/sql-instant.ts'

/** What can be changed of the notification `row`, under the names that it is shown by. */
export const shown = (row: string): RawBuilder<unknown> => {
  const of = (column: string) => sql.ref(`${row}.${column}`)
  return sql`(jsonb_build_object('sendAt', ${of('send_at')}, 'dueAt', ${instantText(of('due_at'))},
    'nextAttemptAt', ${instantText(of('next_at'))}, 'expiresAt', ${instantText(of('expires_at'))},
    'to', ${of('recipient')}, 'priority', ${of('priority')}, 'groupKey', ${of('group_key')},
    'retry', jsonb_build_object('limit', ${of('retry_limit')}, 'delaySeconds', ${of('retry_delay_seconds')},
      'backoff', ${of('retry_backoff')}, 'maxDelaySeconds', ${of('retry_max_delay_seconds')}),
    'onUnknown', ${of('on_unknown')}, 'timeoutSeconds', ${of('timeout_seconds')}, 'tags', ${of('tags')},
    'metadata', ${of('metadata')}) || ${of('content')})`
}
