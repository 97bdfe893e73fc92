import { sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { RowTask } from './prepare.ts'
import { DEFAULT_SETTINGS, laneOfTask, type Task, type TaskSettings } from './registry.ts'

/** What a worker puts on record of a task that it has, for those that have it not. */
export const settingsOf = ({ retry, timeoutSeconds, concurrencyKey }: Task): TaskSettings => ({
  ...{ retry, timeoutSeconds, concurrencyKey },
})

/**
 * Tasks that this process has not, as the worker that was last heard of tells of them; without one, as if they said nothing.
 * Who runs them checks the data.
 */
export const tasksElsewhere = async (
  db: Database,
  t: Tables,
  names: readonly string[],
): Promise<(name: string) => RowTask> => {
  const { rows } = await sql<{ lane: string; settings: TaskSettings }>`
    select distinct on (lane) l ->> 'queue' as lane, l -> 'task' as settings
    from ${t.workers} w cross join lateral jsonb_array_elements(w.lanes) l
    where l ->> 'queue' = any(${names.map(laneOfTask)}::text[]) and l ? 'task'
    order by lane, w.seen_at desc`.execute(db)
  const told = new Map(rows.map(({ lane, settings }) => [lane, settings]))
  return (name) => {
    const lane = laneOfTask(name)
    return { ...(told.get(lane) ?? DEFAULT_SETTINGS), name, lane, check: () => {} }
  }
}
