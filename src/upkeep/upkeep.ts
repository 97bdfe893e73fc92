import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Logger } from '../platform/log.ts'
import { removeInBatches } from '../platform/remove-in-batches.ts'
import type { Tables } from '../platform/tables.ts'
import { endOf, monthOf } from './months.ts'
import { createPartition, deleteFinal, dropPartition, existingPartitions, PARTITIONED } from './repository.ts'

export interface Upkeep {
  /** Makes the months to come, and removes what is older than the retention. Safe to run in several processes at once. */
  run(): Promise<void>
}

const MONTHS_AHEAD = 2

/**
 * Makes the partitions of this month and the next two, where they are missing. Before the first row is written: a month
 * whose rows lie in the default partition already can no longer be made.
 */
export const makeMonths = async (db: Database, tables: Tables, now: Date): Promise<string[]> => {
  const existing = await existingPartitions(db, tables)
  for (const table of PARTITIONED) {
    for (let ahead = 0; ahead <= MONTHS_AHEAD; ahead += 1) {
      const month = monthOf(table, now, ahead)
      if (!existing.includes(month.name)) await createPartition(db, tables, month)
    }
  }
  return existing
}

const DAY_MS = 86_400_000

export const createUpkeep = (o: {
  db: Database
  tables: Tables
  clock: Clock
  /** 0: for ever. */
  retentionDays: number
  log: Logger
}): Upkeep => {
  const removeOld = async (now: Date, existing: readonly string[]): Promise<void> => {
    const before = new Date(now.getTime() - o.retentionDays * DAY_MS)
    let deleted = 0
    for (const kind of ['notification', 'run'] as const)
      deleted += await removeInBatches((limit) => deleteFinal(o.db, o.tables, kind, before, limit))
    const old = existing.filter((name) => (endOf(name) ?? now) <= before)
    for (const name of old) await dropPartition(o.db, o.tables, name)
    if (deleted > 0 || old.length > 0) {
      o.log.info(
        { deleted, dropped: old },
        `upkeep: removed what was final for more than ${o.retentionDays} days`,
      )
    }
  }

  return {
    async run() {
      const now = await o.clock.now()
      const existing = await makeMonths(o.db, o.tables, now)
      if (o.retentionDays > 0) await removeOld(now, existing)
    },
  }
}
