import { type RawBuilder, sql } from 'kysely'
import { retryColumns } from '../delivery/index.ts'
import type { Edit } from './prepare.ts'
import { dataBytes } from './repository-insert.ts'

/** What one of them becomes. */
export interface Edited extends Edit {
  id: string
}

/** What an edit writes, by the columns' own names. */
export const editedColumns = ({ retry, ...to }: Edit) => ({
  data: to.data,
  data_bytes: dataBytes(to.data),
  concurrency_key: to.concurrencyKey,
  priority: to.priority,
  group_key: to.groupKey,
  ...retryColumns(retry),
  timeout_seconds: to.timeoutSeconds,
  tags: to.tags,
  metadata: to.metadata,
})

export const EDITED_COLUMNS: readonly (keyof ReturnType<typeof editedColumns>)[] = [
  ...(['data', 'data_bytes', 'concurrency_key', 'priority', 'group_key', 'retry_limit'] as const),
  ...(['retry_delay_seconds', 'retry_backoff', 'retry_max_delay_seconds', 'timeout_seconds'] as const),
  ...(['tags', 'metadata'] as const),
]

/** What can be edited of the run `row`, under the names that it is shown by. */
export const shown = (row: string): RawBuilder<unknown> => {
  const of = (column: (typeof EDITED_COLUMNS)[number]) => sql.ref(`${row}.${column}`)
  return sql`jsonb_build_object('data', ${of('data')}, 'priority', ${of('priority')}, 'groupKey', ${of('group_key')},
    'retry', jsonb_build_object('limit', ${of('retry_limit')}, 'delaySeconds', ${of('retry_delay_seconds')},
      'backoff', ${of('retry_backoff')}, 'maxDelaySeconds', ${of('retry_max_delay_seconds')}),
    'timeoutSeconds', ${of('timeout_seconds')}, 'tags', ${of('tags')}, 'metadata', ${of('metadata')})`
}
