import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Logger } from '../platform/log.ts'
import type { Distribution, Telemetry } from '../platform/telemetry.ts'
import { METRICS, type MetricName, namesOf, one, type Sample, type Samples } from './metrics-list.ts'
import { histogramText } from './metrics-text.ts'

/** How far a pool is in use. */
export interface PoolUse {
  open: number
  idle: number
  waiting: number
}

export interface MetricsOptions {
  version: string
  telemetry: Telemetry
  /** Lanes under the names that they are shown by. */
  channels: readonly { name: string; lane: string }[]
  pools(): Readonly<Record<string, PoolUse>>
  /** Of this process; null where it has none. */
  alarm(): { nextDueInMs: number | null; handOverMs: number | null } | null
  /** What only the database knows. */
  database(): Promise<Samples>
  log: Logger
}

export interface Metrics {
  /** Everything, in Prometheus' text format. */
  read(): Promise<{ contentType: string; text: string }>
  stop(): void
}

type LoopDelay = ReturnType<typeof monitorEventLoopDelay>

const QUANTILES = [50, 99] as const
const SAMPLING_MS = 20

const seconds = (ms: number | null | undefined): Sample[] =>
  ms === null || ms === undefined ? [] : one(ms / 1000)

/** prom-client, its registry and the sampling of the event loop are there from the first scrape on: most processes are never asked. */
export const createMetrics = (o: MetricsOptions): Metrics => {
  const nameOf = namesOf(o.channels)
  let sampling: LoopDelay | null = null

  const ofProcess = (lag: LoopDelay): Samples => {
    const { rss, heapUsed } = process.memoryUsage()
    const { user, system } = process.cpuUsage()
    const alarm = o.alarm()
    const pools = Object.entries(o.pools())
    const samples: Samples = {
      yeyak_attempts_total: [...o.telemetry.lanes].flatMap(([lane, { outcomes }]) =>
        [...outcomes].map(([outcome, value]) => ({ labels: { channel: nameOf(lane), outcome }, value })),
      ),
      yeyak_lost_items_total: one(o.telemetry.lost),
      yeyak_alarm_next_due_seconds: seconds(alarm?.nextDueInMs),
      yeyak_alarm_hand_over_seconds: seconds(alarm?.handOverMs),
      yeyak_pool_connections: pools.flatMap(([pool, { open, idle }]) => [
        { labels: { pool, state: 'used' }, value: open - idle },
        { labels: { pool, state: 'idle' }, value: idle },
      ]),
      yeyak_pool_waiting: pools.map(([pool, { waiting }]) => ({ labels: { pool }, value: waiting })),
      yeyak_event_loop_lag_seconds: QUANTILES.map((percent) => ({
        labels: { quantile: String(percent / 100) },
        // What is sampled is the whole time between two timers.
        value: lag.count === 0 ? 0 : Math.max(0, lag.percentile(percent) / 1e9 - SAMPLING_MS / 1000),
      })),
      yeyak_process_resident_memory_bytes: one(rss),
      yeyak_process_heap_used_bytes: one(heapUsed),
      yeyak_process_cpu_seconds_total: one((user + system) / 1e6),
      yeyak_build_info: [{ labels: { version: o.version }, value: 1 }],
    }
    lag.reset()
    return samples
  }

  const ofDatabase = async (): Promise<Samples> => {
    try {
      return { ...(await o.database()), yeyak_database_up: one(1) }
    } catch (err) {
      o.log.warn({ err }, 'metrics: the database could not be asked, what it knows is left out')
      return { yeyak_database_up: one(0) }
    }
  }

  const open = async () => {
    const { Counter, Gauge, Registry } = await import('prom-client')
    const lag = monitorEventLoopDelay({ resolution: SAMPLING_MS })
    lag.enable()
    sampling = lag
    const registry = new Registry()
    const metrics = new Map<string, InstanceType<typeof Counter> | InstanceType<typeof Gauge>>()
    for (const [name, { type, help, labels }] of Object.entries(METRICS)) {
      if (type === 'histogram') continue
      const own = { name, help, labelNames: [...labels], registers: [registry] }
      metrics.set(name, type === 'counter' ? new Counter(own) : new Gauge(own))
    }
    return { registry, metrics, lag }
  }

  let opened: ReturnType<typeof open> | null = null
  const scrape = async () => {
    const { registry, metrics, lag } = await (opened ??= open())
    const samples = { ...(await ofDatabase()), ...ofProcess(lag) }
    for (const [name, metric] of metrics) {
      metric.reset()
      // One without labels is 0 after that, and what is not known is not 0.
      metric.remove({})
      for (const { labels, value } of samples[name as MetricName] ?? []) metric.inc(labels, value)
    }
    const by = (pick: 'lateness' | 'duration'): Map<string, Distribution> =>
      new Map([...o.telemetry.lanes].map(([lane, telemetry]) => [nameOf(lane), telemetry[pick]]))
    const text = [
      await registry.metrics(),
      histogramText('yeyak_lateness_seconds', 'channel', by('lateness')),
      histogramText('yeyak_send_duration_seconds', 'channel', by('duration')),
    ].join('\n')
    return { contentType: registry.contentType, text }
  }

  /** Two at once share one: the registry is filled anew by each. */
  let reading: ReturnType<typeof scrape> | null = null
  return {
    read: () =>
      (reading ??= scrape().finally(() => {
        reading = null
      })),
    stop: () => void sampling?.disable(),
  }
}
