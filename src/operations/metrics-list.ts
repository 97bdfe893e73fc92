/** Every metric that `/metrics` gives. `docs/observability.md` shows the same table. */
export const METRICS = {
  yeyak_lateness_seconds: {
    type: 'histogram',
    labels: ['channel'],
    help: 'From due to the beginning of an attempt, of this process.',
  },
  yeyak_send_duration_seconds: {
    type: 'histogram',
    labels: ['channel'],
    help: 'How long the channel took for an attempt, of this process.',
  },
  yeyak_attempts_total: {
    type: 'counter',
    labels: ['channel', 'outcome'],
    help: 'Attempts that ended, of this process.',
  },
  yeyak_lost_items_total: {
    type: 'counter',
    labels: [],
    help: 'Items without a timer or a job that this process planted again; should stay 0.',
  },
  yeyak_recent_lateness_seconds: {
    type: 'gauge',
    labels: ['channel', 'quantile'],
    help: 'Lateness over the last hour, of all workers.',
  },
  yeyak_overdue_items: {
    type: 'gauge',
    labels: [],
    help: 'Due and not begun, counted up to 100,000; those of paused queues included.',
  },
  yeyak_queue_items: {
    type: 'gauge',
    labels: ['queue', 'state'],
    help: 'Items of a queue: scheduled, queued or running, each counted up to 100,000.',
  },
  yeyak_workers_alive: { type: 'gauge', labels: [], help: 'Worker processes that were heard of lately.' },
  yeyak_feed_lag_seconds: {
    type: 'gauge',
    labels: ['feed'],
    help: 'Age of the oldest event that a reader of all events has not taken yet.',
  },
  yeyak_database_up: { type: 'gauge', labels: [], help: '1 where the database answered for this scrape.' },
  yeyak_alarm_next_due_seconds: {
    type: 'gauge',
    labels: [],
    help: 'Until the next due instant that the alarm of this process knows of; absent without one.',
  },
  yeyak_alarm_hand_over_seconds: {
    type: 'gauge',
    labels: [],
    help: 'From the end of the last sleep of the alarm until what was due had been handed over.',
  },
  yeyak_pool_connections: {
    type: 'gauge',
    labels: ['pool', 'state'],
    help: 'Connections of a pool of this process: used or idle.',
  },
  yeyak_pool_waiting: { type: 'gauge', labels: ['pool'], help: 'Statements that wait for a connection.' },
  yeyak_event_loop_lag_seconds: {
    type: 'gauge',
    labels: ['quantile'],
    help: 'How late timers of the process ran since the last scrape.',
  },
  yeyak_process_resident_memory_bytes: {
    type: 'gauge',
    labels: [],
    help: 'Resident memory of this process.',
  },
  yeyak_process_heap_used_bytes: { type: 'gauge', labels: [], help: 'JavaScript objects of this process.' },
  yeyak_process_cpu_seconds_total: {
    type: 'counter',
    labels: [],
    help: 'Processor time of this process, user and system.',
  },
  yeyak_build_info: { type: 'gauge', labels: ['version'], help: 'Always 1.' },
} as const satisfies Record<
  string,
  { type: 'histogram' | 'counter' | 'gauge'; labels: readonly string[]; help: string }
>

export type MetricName = keyof typeof METRICS

/** A value of a gauge or a counter, with its labels. */
export interface Sample {
  labels: Readonly<Record<string, string>>
  value: number
}

/** The value of one that has no labels. */
export const one = (value: number): Sample[] => [{ labels: {}, value }]

/** The names that lanes are shown by; a lane without one is shown by its own. */
export const namesOf = (channels: readonly { name: string; lane: string }[]) => {
  const names = new Map(channels.map(({ name, lane }) => [lane, name]))
  return (lane: string): string => names.get(lane) ?? lane
}

export type Samples = Partial<Record<MetricName, readonly Sample[]>>
