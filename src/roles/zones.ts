import { createRederiver } from '../notifications/index.ts'
import type { ConnectionConfig, Database } from '../platform/database.ts'
import type { Logger } from '../platform/log.ts'
import { createPublicationRederiver, createReleaseRederiver } from '../publishing/index.ts'
import { createRederive } from '../schedules/index.ts'
import { createZonePass, type PassOptions, type PassResult, type Rederiver } from '../timers/index.ts'
import type { AppOptions } from './options.ts'
import { createShared, type Shared } from './shared.ts'

type Sources = Pick<Shared, 'tables' | 'sources' | 'types' | 'external'>

/** All that bears pending wall-clock times, in the order in which it is looked at. */
const rederiversOf = (db: Database, { tables, sources, types, external }: Sources): Rederiver[] => [
  createRederiver({ db, sources }),
  createReleaseRederiver({ db, tables, types }),
  createPublicationRederiver({ db, tables, external }),
]

/** Schedules in one transaction: each computes its next run. */
const SCHEDULES = 100

/** The next run of each schedule, by its rule and zone as these are now. */
const passOverSchedules =
  (db: Database, { tables, timers }: Pick<Shared, 'tables' | 'timers'>) =>
  async ({ dryRun, onMoved }: PassOptions): Promise<PassResult> => {
    const rederive = createRederive({ db, tables })
    const total = { looked: 0, moved: 0, left: 0 }
    let after: string | null = null
    do {
      const batch = await rederive.batch({ after, limit: SCHEDULES, dryRun })
      total.looked += batch.examined
      total.moved += batch.moved.length
      for (const { name, timeZone, local, before, after: to } of batch.moved)
        onMoved?.({
          ...{ kind: 'schedule', id: name, title: name, timeZone, local },
          ...{ before: before.toISOString(), after: to?.toISOString() ?? '' },
        })
      const firstMs = Math.min(...batch.moved.flatMap(({ after: to }) => to?.getTime() ?? []))
      if (!dryRun && Number.isFinite(firstMs)) timers.wake(firstMs)
      ;({ after } = batch)
    } while (after !== null)
    return total
  }

/** Resolves what is pending again, where the zone data of this process are newer than those that resolved it. */
export const createZones = (
  shared: Sources & Pick<Shared, 'timers'>,
  { db, log }: { db: Database; log: Logger },
) =>
  createZonePass({
    ...{ db, tables: shared.tables, log, wake: shared.timers.wake },
    rederivers: rederiversOf(db, shared),
    others: [passOverSchedules(db, shared)],
    version: process.versions['tz'] ?? null,
  })

/** The same for a command, which ends when it is done. */
export const openZones = (
  o: Pick<AppOptions, 'config' | 'log' | 'contentTypes' | 'external'> & { connection(): ConnectionConfig },
) => {
  const shared = createShared({ ...o, roles: { api: false, worker: false }, keepsSettings: () => false })
  const { db, log, channels, poster, notifier, pools } = shared
  return {
    ...createZones(shared, { db, log }),
    async close(): Promise<void> {
      await channels.close()
      await poster.close()
      await notifier.stop()
      await pools.end()
    },
  }
}
