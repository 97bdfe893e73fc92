import type { Database } from '../platform/database.ts'
import { percentile } from './histogram.ts'
import { namesOf, one, type Samples } from './metrics-list.ts'
import type { Queues } from './queues.ts'
import { createMetricsRepository } from './repository-metrics.ts'
import { feedLags } from './repository-rollups.ts'
import { createWorkerRepository } from './repository-workers.ts'
import type { Rollups } from './rollups.ts'

export type DatabaseMetricsOptions = Parameters<typeof createMetricsRepository>[0] & {
  db: Database
  queues: Pick<Queues, 'counts' | 'lanes'>
  channels: readonly { name: string; lane: string }[]
  rollups: Pick<Rollups, 'catchUp'>
}

const QUANTILES = [0.5, 0.95, 0.99] as const
const STATES = ['scheduled', 'queued', 'running'] as const
const QUEUES_LIMIT = 200

/** What the whole installation is at, as samples of metrics. */
export const createDatabaseMetrics = (o: DatabaseMetricsOptions) => {
  const repository = createMetricsRepository(o)
  const workers = createWorkerRepository(o.tables)
  const nameOf = namesOf(o.channels)

  return async (): Promise<Samples> => {
    // Before they are caught up: this is how far they were behind.
    const lags = await feedLags(o.db, o.tables)
    await o.rollups.catchUp()
    const [queues, overdue, lateness, alive] = await Promise.all([
      o.queues.counts(QUEUES_LIMIT),
      repository.overdue(o.db, o.queues.lanes),
      repository.lateness(o.db),
      workers.countAlive(o.db),
    ])
    return {
      yeyak_recent_lateness_seconds: lateness.flatMap(({ lane, late }) =>
        QUANTILES.flatMap((quantile) => {
          const ms = percentile(late, quantile)
          return ms === null
            ? []
            : [{ labels: { channel: nameOf(lane), quantile: String(quantile) }, value: ms / 1000 }]
        }),
      ),
      yeyak_overdue_items: one(overdue),
      yeyak_queue_items: queues.flatMap((queue) =>
        STATES.map((state) => ({ labels: { queue: queue.name, state }, value: queue[state] })),
      ),
      yeyak_workers_alive: one(alive),
      yeyak_feed_lag_seconds: [...lags].map(([feed, value]) => ({ labels: { feed }, value })),
    }
  }
}
