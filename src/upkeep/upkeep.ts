import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Logger } from '../platform/log.ts'
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
/** Rows in one statement: some 50 ms, so that nobody waits for it. */
const DELETE_BATCH = 1_000
/** A pass ends after this many; the next one goes on. */
const DELETE_MAX = 1_000_000

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
    for (;;) {
      const count = await deleteFinal(o.db, o.tables, before, DELETE_BATCH)
      deleted += count
      if (count < DELETE_BATCH || deleted >= DELETE_MAX) break
    }
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
