import type { Server } from '../http/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { type CalendarSource, createCalendar } from './calendar.ts'
import { calendarRoutes } from './calendar-routes.ts'
import { createCalendarTokens } from './calendar-tokens.ts'
import { createMetrics, type Metrics, type MetricsOptions } from './metrics.ts'
import { createDatabaseMetrics } from './metrics-database.ts'
import { metricsRoutes } from './metrics-routes.ts'
import { createOverview, type OtherSources } from './overview.ts'
import { overviewRoutes } from './overview-routes.ts'
import type { Queues } from './queues.ts'
import type { OverviewSources } from './repository-overview.ts'
import { createRollups, type Rollups } from './rollups.ts'
import { workerRoutes } from './worker-routes.ts'

export interface MonitorOptions extends Omit<OverviewSources, 'lanes'>, Omit<MetricsOptions, 'database'> {
  db: Database
  /** Commits asynchronously, and keeps the plans of its statements. */
  fastDb: Database
  clock: Clock
  /** What is shown beside notifications. Runs are added up as those are. */
  others: OtherSources
}

export interface Monitor {
  /** For the tick of a worker. */
  rollups: Rollups
  /** Overview, workers, calendar and metrics. */
  routes(app: Server, o: { queues: Queues; calendar: readonly CalendarSource[] }): void
  stop(): Promise<void>
}

/** What people and programs look at to see how it goes. */
export const createMonitor = (o: MonitorOptions): Monitor => {
  const { db, tables, clock } = o
  const lanes = o.channels.map(({ lane }) => lane)
  const rollups = createRollups({
    db: o.fastDb,
    tables,
    subjects: { [o.others.runs.kind]: o.others.runs.table, [o.kind]: o.table },
    log: o.log,
  })
  let metrics: Metrics | null = null
  return {
    rollups,
    routes(app, { queues, calendar }) {
      overviewRoutes(app, { overview: createOverview({ ...o, lanes, rollups }), clock })
      workerRoutes(app, { db, tables })
      calendarRoutes(app, {
        calendar: createCalendar(calendar),
        tokens: createCalendarTokens({ db, tables }),
        clock,
      })
      metrics = createMetrics({ ...o, database: createDatabaseMetrics({ ...o, queues, rollups }) })
      metricsRoutes(app, metrics)
    },
    async stop() {
      metrics?.stop()
      await rollups.stop()
    },
  }
}
