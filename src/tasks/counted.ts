import type { BulkChanged } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Changes } from './repository-change.ts'
import { tellOf } from './service.ts'

/** What was changed, and what had begun already; other processes are told what they must know of it. */
export const counted = async (
  tx: Database,
  tables: Tables,
  changes: Changes,
  cancels = false,
): Promise<BulkChanged> => {
  await tellOf(tx, tables, changes, cancels)
  const { decisions, wakeMs } = changes
  return {
    changed: decisions.filter((one) => one.changed && one.state !== 'sending').length,
    tooLate: decisions.filter(({ state }) => state === 'sending').length,
    wakeMs,
  }
}
