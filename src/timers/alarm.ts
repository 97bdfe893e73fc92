import type { Database } from '../platform/database.ts'
import type { Logger } from '../platform/log.ts'
import type { Tables } from '../platform/tables.ts'
import type { Queue } from '../queue/index.ts'
import { CLAIM_LIMIT, type HandedOver, handOverDueTimers, type NextDue, selectNextDue } from './repository.ts'

export interface AlarmOptions {
  /** Commits asynchronously: a hand-over lost in a crash leaves its timers in place, and happens again. */
  db: Database
  tables: Tables
  queue: Queue
  log: Logger
  onHandedOver(lane: string, count: number): void
}

export interface Alarm {
  /** Something may be due at `dueMs` (milliseconds since 1970, database clock), earlier than what is known. */
  wake(dueMs: number): void
  /** The lanes that are handed over; a paused one is left out. */
  setLanes(lanes: readonly string[]): void
  /** Starts over from what a sweep without a floor has found. */
  reset(next: NextDue | null): void
  stop(): Promise<void>
  status(): AlarmStatus
}

export interface AlarmStatus {
  /** Until the next due instant that is known of; null where there is none. Zero or less: it is at it. */
  nextDueInMs: number | null
  /** From the end of its last sleep until what was due then was handed over. */
  handOverMs: number | null
}

const RETRY_MS = 250
/** How long what another alarm or a caller's transaction holds is left alone; doubled each time. */
const CONTENDED_MIN_MS = 5
const CONTENDED_MAX_MS = 250
/** `setTimeout` overflows at 24.8 days; and whatever a timer of the process is worth, the database is asked again after this. */
const MAX_SLEEP_MS = 60_000
/** How long a lane counts as in use. The first one after a quiet time costs a second statement. */
const IN_USE_MS = 60_000

/**
 * Sleeps until the next timer is due, and hands what is due to the queue: in one transaction the timer is gone and the
 * job is there. It touches no subject and waits for no lock, so that nobody's open transaction delays anyone else.
 * How long to sleep is asked of the database each time; the clock of the process is never used.
 */
export const createAlarm = (o: AlarmOptions): Alarm => {
  let lanes: readonly string[] = []
  let floor: Date | null = null
  /** When each lane last had something, on the monotonic clock. */
  const usedMs = new Map<string, number>()
  let targetMs = Number.POSITIVE_INFINITY
  /** The earliest due that was told of while a hand-over was under way: the new floor must not pass it. */
  let toldMs = Number.POSITIVE_INFINITY
  let sleeping: NodeJS.Timeout | null = null
  let wakesAtMs = Number.POSITIVE_INFINITY
  let contendedMs = CONTENDED_MIN_MS
  let handOverMs: number | null = null
  let running = false
  let again = false
  /** The sleep until the next due instant is over. */
  let expectsDue = false
  let whenDone: (() => void) | null = null
  let stopped = false

  const sleep = (ms: number) => {
    if (sleeping !== null) clearTimeout(sleeping)
    const isCut = ms > MAX_SLEEP_MS
    wakesAtMs = performance.now() + ms
    sleeping = setTimeout(
      () => {
        expectsDue = !isCut
        ring()
      },
      Math.max(Math.ceil(isCut ? MAX_SLEEP_MS : ms), 0),
    )
  }

  /** Lanes that were in use lately, and maybe one or two that were not. */
  const takeDue = async (): Promise<HandedOver[]> => {
    const nowMs = performance.now()
    const inUse = lanes.filter((lane) => (usedMs.get(lane) ?? Number.NEGATIVE_INFINITY) > nowMs - IN_USE_MS)
    const [first, others] =
      inUse.length === 0 ? [lanes, []] : [inUse, lanes.filter((lane) => !inUse.includes(lane))]
    const { insertion } = o.queue
    const { groups, othersDue } = await handOverDueTimers(o.db, o.tables, {
      lanes: first,
      others,
      floor,
      insertion,
    })
    const more = othersDue
      ? await handOverDueTimers(o.db, o.tables, { lanes: others, others: [], floor, insertion })
      : null
    const all = [...groups, ...(more?.groups ?? [])]
    for (const { lane } of all) usedMs.set(lane, nowMs)
    return all
  }

  /** Returns how many were handed over. */
  const handOver = async (): Promise<number> => {
    toldMs = Number.POSITIVE_INFINITY
    const groups = await takeDue()
    // A lane that filled its share may have more due from where it stopped; the others are done up to their latest.
    const full = groups.filter((group) => group.count === CLAIM_LIMIT)
    const lasts = (full.length > 0 ? full : groups).map((group) => group.lastDueAt.getTime())
    const reachedMs = full.length > 0 ? Math.min(...lasts) : Math.max(...lasts)
    if (lasts.length > 0) {
      floor = toldMs === Number.NEGATIVE_INFINITY ? null : new Date(Math.min(reachedMs, toldMs))
    }
    for (const { lane, count } of groups) o.onHandedOver(lane, count)
    return groups.reduce((sum, group) => sum + group.count, 0)
  }

  const follow = (next: NextDue | null): boolean => {
    targetMs = next?.dueMs ?? Number.POSITIVE_INFINITY
    if (next === null) return false
    if (next.inMs <= 0) return true
    sleep(next.inMs)
    return false
  }

  const cycle = async (): Promise<void> => {
    try {
      do {
        again = false
        if (lanes.length === 0) return
        // When its own time has come, asking first would only cost a round trip.
        const isDue = expectsDue || follow(await selectNextDue(o.db, o.tables, lanes, floor))
        const wasExpected = expectsDue
        expectsDue = false
        if (isDue) {
          const count = await handOver()
          if (wasExpected) handOverMs = performance.now() - wakesAtMs
          if (count > 0) contendedMs = CONTENDED_MIN_MS
          if (count > 0 || wasExpected) again = true
          // Due, and not to be had: another alarm is just handing it over.
          else sleep((contendedMs = Math.min(contendedMs * 2, CONTENDED_MAX_MS)))
        }
      } while (again && !stopped)
    } catch (err) {
      o.log.warn({ err }, 'alarm: what is due could not be handed over, trying again')
      floor = null
      again = false
      sleep(RETRY_MS)
    } finally {
      // In the same turn as the last look at `again`: a wake-up in between would be lost.
      running = false
      whenDone?.()
    }
  }

  const ring = () => {
    if (stopped) return
    again = true
    if (running) return
    running = true
    void cycle()
  }

  return {
    wake(dueMs) {
      toldMs = Math.min(toldMs, dueMs)
      if (floor !== null && dueMs < floor.getTime()) floor = new Date(dueMs)
      // While a cycle runs, what it last read may be older than this timer.
      if (running || dueMs < targetMs) ring()
    },
    setLanes(value) {
      const changed = value.join() !== lanes.join()
      lanes = value
      if (!changed) return
      floor = null
      toldMs = Number.NEGATIVE_INFINITY
      targetMs = Number.POSITIVE_INFINITY
      ring()
    },
    reset(next) {
      floor = null
      toldMs = Number.NEGATIVE_INFINITY
      if (running) again = true
      else if (next === null) return
      // What the sweep has read may be older than what was told since: it is asked anew where it differs.
      else if (next.inMs <= 0 || next.dueMs !== targetMs) ring()
      // The same target: never later than planned, but sooner where the database's clock has jumped.
      else if (performance.now() + next.inMs < wakesAtMs) sleep(next.inMs)
    },
    status: () => ({
      nextDueInMs: Number.isFinite(targetMs) ? wakesAtMs - performance.now() : null,
      handOverMs,
    }),
    async stop() {
      stopped = true
      if (sleeping !== null) clearTimeout(sleeping)
      if (!running) return
      await new Promise<void>((resolve) => {
        whenDone = resolve
      })
    },
  }
}
