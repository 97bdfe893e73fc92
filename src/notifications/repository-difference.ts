import { type RawBuilder, sql } from 'kysely'
import { instantText } from '../platform/sql-instant.ts'

type Sql = RawBuilder<unknown>

/** A longer value is told by its size. */
const LONGEST_BYTES = 1024

/** What can be changed of a notification, under the names that it is shown by. */
const shown = (row: string): Sql => {
  const of = (column: string) => sql.ref(`${row}.${column}`)
  return sql`(jsonb_build_object('sendAt', ${of('send_at')}, 'dueAt', ${instantText(of('due_at'))},
    'nextAttemptAt', ${instantText(of('next_at'))}, 'expiresAt', ${instantText(of('expires_at'))},
    'to', ${of('recipient')}, 'priority', ${of('priority')}, 'groupKey', ${of('group_key')},
    'retry', jsonb_build_object('limit', ${of('retry_limit')}, 'delaySeconds', ${of('retry_delay_seconds')},
      'backoff', ${of('retry_backoff')}, 'maxDelaySeconds', ${of('retry_max_delay_seconds')}),
    'onUnknown', ${of('on_unknown')}, 'timeoutSeconds', ${of('timeout_seconds')}, 'tags', ${of('tags')},
    'metadata', ${of('metadata')}) || ${of('content')})`
}

/** Of the members of `one` those that `other` has not, or has otherwise. */
const unlike = (one: Sql, other: Sql, secretFields: readonly string[]): Sql => sql`(
  select coalesce(jsonb_object_agg(key, case
      when key = any(${secretFields}::text[]) then '"hidden"'::jsonb
      when octet_length(value::text) > ${LONGEST_BYTES} then jsonb_build_object('bytes', octet_length(value::text))
      else value end), '{}')
  from jsonb_each(${one}) where value is distinct from ${other} -> key)`

/**
 * What a change of one notification was: `before` and `after`, each with what differs. Rows `before` and `after` are those
 * of the statement. Told by the database, since the row that it locked may be later than the one that was read.
 */
export const difference = (before: string, after: string, secretFields: readonly string[]): Sql => {
  const [was, is] = [sql.ref('both_sides.was'), sql.ref('both_sides.is')]
  // Made once: drawn into the comparison they would be made again for each member (1.1 ms a row instead of 0.3).
  return sql`(
    select jsonb_build_object('before', ${unlike(was, is, secretFields)}, 'after', ${unlike(is, was, secretFields)})
    from (select ${shown(before)} as was, ${shown(after)} as is offset 0) both_sides)`
}
