import type { Database } from '../platform/database.ts'
import type { Logger } from '../platform/log.ts'
import { notifyAll } from './repository.ts'

/**
 * Timers due later than this from now are planted without a word: every alarm reads the next due instant anew more
 * often than this (`YEYAK_POLL_SECONDS` is 60 at most). Each notifying commit holds a lock of the whole server through
 * its fsync (64 writers, 2 ms fsync: 470 rows/s with, 13,930 without), so only what is due soon may notify.
 */
export const NOTIFY_HORIZON_SECONDS = 90

/** At most 200 notifications a second, however many timers are planted. */
const INTERVAL_MS = 5

/** The channels of this schema: other installations on the same database must not hear them. */
export const channelsOf = (schema: string) => ({
  /** Payload: the earliest due instant, in milliseconds since 1970. */
  timers: `${schema}_timers`,
  /** Payload: the queue that has more than its own process can take. */
  ready: `${schema}_ready`,
  /** A queue was paused or resumed. */
  queues: `${schema}_queues`,
})

export interface Notifier {
  /** Tells the other processes, after the commit; coalesced: of several numbers the smallest is sent, a text once. */
  notify(channel: string, payload: number | string): void
  /** Sends what waits. */
  stop(): Promise<void>
}

/** `db` commits asynchronously: a notification lost in a crash is made good by the next tick. */
export const createNotifier = (db: Database, log: Logger): Notifier => {
  const waiting = new Map<string, [channel: string, payload: number | string]>()
  let timer: NodeJS.Timeout | null = null
  let sending: Promise<void> = Promise.resolve()

  const send = async (messages: [string, string][]): Promise<void> => {
    try {
      await notifyAll(db, messages)
    } catch (err) {
      log.warn({ err }, 'timers: other processes could not be told, they will see it at their next tick')
    }
  }

  const flush = () => {
    timer = null
    const messages = [...waiting.values()].map(([channel, payload]): [string, string] => [
      channel,
      String(payload),
    ])
    waiting.clear()
    sending = sending.then(() => send(messages))
  }

  return {
    notify(channel, payload) {
      const key = typeof payload === 'number' ? channel : `${channel} ${payload}`
      const [, earlier] = waiting.get(key) ?? []
      if (earlier === undefined || payload < earlier) waiting.set(key, [channel, payload])
      timer ??= setTimeout(flush, INTERVAL_MS)
    },
    async stop() {
      if (timer !== null) {
        clearTimeout(timer)
        flush()
      }
      await sending
    },
  }
}
