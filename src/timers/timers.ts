import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { setPaused } from './repository.ts'
import { channelsOf, type Notifier } from './wake.ts'

/** What features may ask of the time layer, beside planting timers in their own statements. */
export interface Timers {
  /**
   * Timers due within `NOTIFY_HORIZON_SECONDS` were planted and committed, the earliest at `dueMs` (milliseconds since
   * 1970; 0: due already). Later ones need no call.
   */
  wake(dueMs: number): void
  /** What falls due on a paused lane stays where it is; scheduling, editing and cancelling go on. */
  pause(lane: string): Promise<void>
  resume(lane: string): Promise<void>
}

/**
 * `wakeOwn`: this process's own alarm; true if it runs, and takes care of it. It is called directly, and nobody else
 * needs to be told then.
 */
export const createTimers = (o: {
  db: Database
  tables: Tables
  notifier: Notifier
  wakeOwn(dueMs: number): boolean
}): Timers => {
  const channels = channelsOf(o.tables.schema)
  const change = async (lane: string, paused: boolean) => {
    await setPaused(o.db, o.tables, lane, paused)
    o.notifier.notify(channels.queues, lane)
  }
  return {
    wake(dueMs) {
      if (!o.wakeOwn(dueMs)) o.notifier.notify(channels.timers, dueMs)
    },
    pause: (lane) => change(lane, true),
    resume: (lane) => change(lane, false),
  }
}
