import type { BulkSubject } from '../../parts/bulk/subjects.ts'
import type { DeadFilter, GroupBy } from './queries.ts'

/** A task whose name a channel has is a queue under this and its name. */
const TASK_QUEUE = /^task:/u

/** A group of dead letters, as the list of its subject takes it, and so its bulk calls. */
export const filterOfGroup = (
  subject: BulkSubject,
  { queue, error }: DeadFilter,
  by: GroupBy,
  key: string,
): Record<string, string> => ({
  state: 'failed',
  ...(queue !== undefined && subject === 'notifications' && { channel: queue }),
  ...(queue !== undefined && subject === 'runs' && { task: queue.replace(TASK_QUEUE, '') }),
  ...(error !== undefined && { error }),
  [by]: key,
})
