import type { Database } from '../platform/database.ts'
import type { Repository } from './repository.ts'
import { NO_FILTERS } from './repository-list.ts'

/** Each finds its way by another index: together they would walk all history. */
const WAITING = [['scheduled'], ['queued', 'sending'], ['retrying']] as const

/** Whether any notification of a project is not final. */
export const createWaits =
  (o: { db: Database; repository: Repository }) =>
  async (projectId: number): Promise<boolean> => {
    for (const states of WAITING) {
      const query = {
        filters: { ...NO_FILTERS, states },
        sort: { field: 'dueAt', descending: true },
        after: null,
      } as const
      if ((await o.repository.list(o.db, projectId, 1, query)).length > 0) return true
    }
    return false
  }
