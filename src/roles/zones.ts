import { createRederiver } from '../notifications/index.ts'
import type { ConnectionConfig, Database } from '../platform/database.ts'
import type { Logger } from '../platform/log.ts'
import { createPublicationRederiver, createReleaseRederiver } from '../publishing/index.ts'
import { createZonePass, type Rederiver } from '../timers/index.ts'
import type { AppOptions } from './options.ts'
import { createShared, type Shared } from './shared.ts'

type Sources = Pick<Shared, 'tables' | 'sources' | 'types' | 'external'>

/** All that bears pending wall-clock times, in the order in which it is looked at. */
const rederiversOf = (db: Database, { tables, sources, types, external }: Sources): Rederiver[] => [
  createRederiver({ db, sources }),
  createReleaseRederiver({ db, tables, types }),
  createPublicationRederiver({ db, tables, external }),
]

/** Resolves what is pending again, where the zone data of this process are newer than those that resolved it. */
export const createZones = (
  shared: Sources & Pick<Shared, 'timers'>,
  { db, log }: { db: Database; log: Logger },
) =>
  createZonePass({
    ...{ db, tables: shared.tables, log, wake: shared.timers.wake },
    rederivers: rederiversOf(db, shared),
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
