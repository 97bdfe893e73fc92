import type { BulkSubject } from '../../parts/bulk/subjects.ts'
import { taskOfQueue } from '../../parts/task-of-queue.ts'
import type { DeadFilter, GroupBy } from './queries.ts'

/** A group of dead letters, as the list of its subject takes it, and so its bulk calls. */
export const filterOfGroup = (
  subject: BulkSubject,
  { queue, error }: DeadFilter,
  by: GroupBy,
  key: string,
): Record<string, string> => ({
  state: 'failed',
  ...(queue !== undefined && subject === 'notifications' && { channel: queue }),
  ...(queue !== undefined && subject === 'runs' && { task: taskOfQueue(queue) }),
  ...(error !== undefined && { error }),
  [by]: key,
})
