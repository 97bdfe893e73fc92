import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { notifyAll, type PauseBy, setPaused } from './repository.ts'
import { channelsOf, type Notifier } from './wake.ts'

/** What features may ask of the time layer, beside planting timers in their own statements. */
export interface Timers {
  /**
   * Timers due within `NOTIFY_HORIZON_SECONDS` were planted and committed, the earliest at `dueMs` (milliseconds since
   * 1970; 0: due already). Later ones need no call.
   */
  wake(dueMs: number): void
  /** The same as a part of the caller's own transaction: the alarms hear of it when that commits. */
  announce(tx: Database, dueMs: number): Promise<void>
  /** Where the alarms listen. */
  readonly channel: string
  /** What falls due on a paused lane stays where it is; scheduling, editing and cancelling go on. An event tells who did it. */
  pause(lane: string, by?: PauseBy): Promise<void>
  resume(lane: string, by?: PauseBy): Promise<void>
  /** Something that only the tick of a worker looks for may be there: each worker ticks at once. */
  tick(): void
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
  const change = async (lane: string, paused: boolean, by: PauseBy | undefined) => {
    await setPaused(o.db, o.tables, lane, paused, by ?? null)
    o.notifier.notify(channels.queues, lane)
  }
  return {
    wake(dueMs) {
      if (!o.wakeOwn(dueMs)) o.notifier.notify(channels.timers, dueMs)
    },
    announce: (tx, dueMs) => notifyAll(tx, [[channels.timers, String(Math.floor(dueMs))]]),
    channel: channels.timers,
    pause: (lane, by) => change(lane, true, by),
    resume: (lane, by) => change(lane, false, by),
    tick: () => o.notifier.notify(channels.queues, ''),
  }
}
