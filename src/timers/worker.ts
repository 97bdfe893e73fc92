import type { ConnectionConfig, Database } from '../platform/database.ts'
import { createListener } from '../platform/listener.ts'
import type { Logger } from '../platform/log.ts'
import type { Tables } from '../platform/tables.ts'
import { HEARTBEAT_SECONDS, type Queue, type Runner, TOUCH_INTERVAL_MS } from '../queue/index.ts'
import { type AlarmStatus, createAlarm } from './alarm.ts'
import {
  compileTick,
  countOverdue,
  type Errands,
  notifyAll,
  type Tick,
  type TickRow,
  toTick,
} from './repository.ts'
import { channelsOf, type Notifier } from './wake.ts'

/** What takes jobs from a queue of this process. */
export interface Taker {
  readonly name: string
  /** Lanes are filled by the alarm; an intake queue is filled by other programs. */
  readonly kind: 'lane' | 'intake'
  readonly runner: Pick<Runner, 'free' | 'wake' | 'wakeForAll' | 'keepAlive' | 'pause'>
}

export interface TimerWorkerOptions {
  connection: () => ConnectionConfig
  /** Commits asynchronously. */
  db: Database
  tables: Tables
  queue: Queue
  takers: readonly Taker[]
  notifier: Notifier
  pollSeconds: number
  /** Looked for by each tick: a feature with rare work of its own needs no polling for it. */
  errands?: Errands
  onErrand?(name: string): void
  /** Channels that a feature listens on, by name. What is told while nobody hears is lost: it must not depend on it. */
  signals?: Readonly<Record<string, (payload: string) => void>>
  /** A part of each tick's statement, which tells others that this worker lives. */
  beat?(): Errands[string]
  log: Logger
}

export interface TimerWorker {
  /** Says how many were due while nothing ran, then starts the alarm. */
  start(): Promise<void>
  /** A timer due at `dueMs` was planted by this process. False where the alarm has stopped. */
  wake(dueMs: number): boolean
  /** Hands nothing over any more. */
  stop(): Promise<void>
  /** Why lateness is bounded by the tick only; null where wake-ups arrive. */
  degraded(): string | null
  alarm(): AlarmStatus
}

const OVERDUE_COUNT_LIMIT = 1_000_000
const SNAPSHOT_WARNING_SECONDS = 60
const LAPSE_MARGIN_MS = 20
/** A rescue is skipped if one ran within a second, here or elsewhere. */
const RESCUE_PAUSE_MS = 1_000

/** The time side of a worker: one alarm, one listening connection, and a tick as the net below both. */
export const createTimerWorker = (o: TimerWorkerOptions): TimerWorker => {
  const channels = channelsOf(o.tables.schema)
  const lanes = o.takers.filter((taker) => taker.kind === 'lane')
  const takers = new Map(o.takers.map((taker) => [taker.name, taker]))
  let timer: NodeJS.Timeout | null = null
  let earlyTick: NodeJS.Timeout | undefined
  let ticking = false
  let tickAgain = false
  let stopped = false
  let warnedOfSnapshot = false
  /** When the database last gave no answer. */
  let troubleMs = Number.NEGATIVE_INFINITY

  const alarm = createAlarm({
    db: o.db,
    tables: o.tables,
    queue: o.queue,
    log: o.log,
    onHandedOver(lane, count) {
      const runner = takers.get(lane)?.runner
      // This process is called directly; the others hear of it only where there is more than it can take.
      if ((runner?.free ?? 0) < count) o.notifier.notify(channels.ready, lane)
      runner?.wake()
    },
  })

  const readTick = async (): Promise<Tick | null> => {
    const query = compileTick(o.db, o.tables, {
      lanes: lanes.filter((lane) => !paused.has(lane.name)).map((lane) => lane.name),
      queues: [...takers.keys()],
      jobsTable: o.queue.jobsTable,
      heartbeatSeconds: HEARTBEAT_SECONDS,
      errands: o.errands ?? {},
      beat: o.beat?.() ?? null,
    })
    const listening = listener.query<TickRow>(query.sql, query.parameters)
    const rows = await (listening ?? o.db.executeQuery(query).then((result) => result.rows))
    return rows[0] === undefined ? null : toTick(rows[0])
  }

  const paused = new Set<string>()
  const applyPauses = (names: readonly string[]) => {
    paused.clear()
    for (const name of names) paused.add(name)
    for (const lane of lanes) lane.runner.pause(paused.has(lane.name))
    alarm.setLanes(lanes.map((lane) => lane.name).filter((name) => !paused.has(name)))
  }

  const warnOfSnapshot = (seconds: number) => {
    if (seconds < SNAPSHOT_WARNING_SECONDS) warnedOfSnapshot = false
    else if (!warnedOfSnapshot) {
      warnedOfSnapshot = true
      o.log.warn(
        { seconds: Math.round(seconds) },
        'database: a transaction has been open for long; rows removed since cannot be vacuumed, and fetching slows down',
      )
    }
  }

  /**
   * Gives lost workers' claims to the living. After an outage every claim looks lost, and whoever came back first
   * would take over what all of them are still sending: so the living renew theirs first, here and elsewhere.
   */
  const rescue = async (queues: readonly string[]): Promise<void> => {
    if (performance.now() - troubleMs < 2 * TOUCH_INTERVAL_MS) return
    for (const name of queues) {
      await takers.get(name)?.runner.keepAlive()
      await o.queue.rescue(name)
    }
  }

  const tick = async (): Promise<void> => {
    // Asked for while one runs: that one may have read what is older than the reason for asking.
    tickAgain = ticking
    if (ticking || stopped) return
    ticking = true
    try {
      const found = await readTick()
      if (found === null || stopped) return
      applyPauses(found.pausedLanes)
      alarm.reset(found.next)
      for (const name of found.errands) o.onErrand?.(name)
      warnOfSnapshot(found.oldestSnapshotSeconds)
      // Claims that are renewed never get that old: a worker died, and is taken over as soon as that is certain.
      const lapseMs =
        found.staleQueues.length > 0 ? RESCUE_PAUSE_MS : (found.nextLapseMs ?? Number.POSITIVE_INFINITY)
      if (lapseMs < o.pollSeconds * 1000) {
        clearTimeout(earlyTick)
        earlyTick = setTimeout(() => void tick(), lapseMs + LAPSE_MARGIN_MS)
      }
      await rescue(found.staleQueues)
      for (const name of new Set([...found.readyQueues, ...found.staleQueues]))
        takers.get(name)?.runner.wakeForAll()
    } catch (err) {
      troubleMs = performance.now()
      if (!stopped) o.log.warn({ err }, 'timers: the safety tick failed, the next one tries again')
    } finally {
      ticking = false
      if (tickAgain) void tick()
    }
  }

  const listener = createListener({
    connection: o.connection,
    channels: [...Object.values(channels), o.queue.notifyChannel, ...Object.keys(o.signals ?? {})],
    log: o.log,
    echo: (channel) => notifyAll(o.db, [[channel, '']]),
    onConnected(again) {
      if (again) troubleMs = performance.now()
      void tick()
    },
    onNotification(channel, payload) {
      const signal = o.signals?.[channel]
      if (signal !== undefined) signal(payload)
      else if (channel === channels.timers) alarm.wake(Number(payload))
      else if (channel === channels.queues) void tick()
      else takers.get(payload)?.runner.wake()
    },
  })

  return {
    async start() {
      const overdue = await countOverdue(o.db, o.tables, OVERDUE_COUNT_LIMIT)
      if (overdue > 0) o.log.info({ count: overdue }, `${overdue} were due while stopped`)
      await listener.start()
      // While LISTEN is not to be had, the tick finds what is due.
      await tick()
      timer = setInterval(() => void tick(), o.pollSeconds * 1000)
    },
    wake(dueMs) {
      if (!stopped) alarm.wake(dueMs)
      return !stopped
    },
    async stop() {
      stopped = true
      if (timer !== null) clearInterval(timer)
      clearTimeout(earlyTick)
      await alarm.stop()
      await listener.stop()
    },
    alarm: alarm.status,
    degraded: () =>
      listener.hears
        ? null
        : `no wake-ups from other processes: what they schedule may start up to ${o.pollSeconds} s late`,
  }
}
