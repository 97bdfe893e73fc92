import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import { total } from './histogram.ts'
import { perSecondOf, roundRate } from './rate.ts'
import { createQueueRepository, type QueueCounts, type QueueSources } from './repository-queues.ts'
import type { Rollups } from './rollups.ts'

/** A queue as it is shown under its short name: `email` for the lane `notifications.email`. */
export interface QueueInfo {
  name: string
  lane: string
  /** Another name that finds it. */
  alias?: string
  /** The other lanes that it stands for: `publishing` has one a content type. */
  lanes?: readonly string[]
  /** Sends at a time, of each worker process. */
  concurrency: number
}

export interface Queue {
  name: string
  state: 'active' | 'paused'
  scheduled: number
  queued: number
  running: number
  perSecond: number
  concurrency: number
}

type Counted = Omit<Queue, 'perSecond'>

export interface QueuesOptions extends QueueSources {
  db: Database
  rollups: Pick<Rollups, 'catchUp'>
  queues: readonly QueueInfo[]
  timers: {
    pause(lane: string, by?: By & { name: string }): Promise<void>
    resume(lane: string, by?: By & { name: string }): Promise<void>
  }
}

export type Queues = ReturnType<typeof createQueues>

const lanesOf = ({ lane, lanes = [] }: QueueInfo): string[] => [lane, ...lanes]

/** What waits and runs, lane by lane. */
export const createQueues = (o: QueuesOptions) => {
  const repository = createQueueRepository(o)
  const queues = o.queues.toSorted((a, b) => (a.name < b.name ? -1 : 1))

  /** Attempts that ended, a second, lane by lane. */
  const readRates = async (): Promise<Map<string, number>> => {
    await o.rollups.catchUp()
    const [{ now, minutes }, rates] = await Promise.all([
      repository.lastMinutes(o.db),
      repository.othersPerSecond(o.db),
    ])
    for (const [lane, ofLane] of Map.groupBy(minutes, (minute) => minute.lane))
      rates.set(lane, (rates.get(lane) ?? 0) + perSecondOf(ofLane, now))
    return rates
  }

  const sumOver = (queue: QueueInfo, of: (lane: string) => number | undefined): number =>
    total(lanesOf(queue).map((lane) => of(lane) ?? 0))

  const readCounts = async (wanted: readonly QueueInfo[]): Promise<(queue: QueueInfo) => Counted> => {
    const counts = await repository.counts(o.db, wanted.flatMap(lanesOf))
    const byLane = new Map<string, QueueCounts>(counts.map((row) => [row.lane, row]))
    return (queue) => ({
      name: queue.name,
      state: byLane.get(queue.lane)?.paused === true ? 'paused' : 'active',
      scheduled: sumOver(queue, (lane) => byLane.get(lane)?.scheduled),
      queued: sumOver(queue, (lane) => byLane.get(lane)?.queued),
      running: sumOver(queue, (lane) => byLane.get(lane)?.running),
      concurrency: queue.concurrency,
    })
  }

  const read = async (wanted: readonly QueueInfo[]): Promise<Queue[]> => {
    const [countsOf, rates] = await Promise.all([readCounts(wanted), readRates()])
    const rateOf = (queue: QueueInfo) => roundRate(sumOver(queue, (lane) => rates.get(lane)))
    return wanted.map((queue) => ({ ...countsOf(queue), perSecond: rateOf(queue) }))
  }

  const named = (name: string): QueueInfo => {
    const found = queues.find((queue) => [queue.name, queue.lane, queue.alias].includes(name))
    if (found === undefined) throw new YeyakError('not-found')
    return found
  }

  const readOne = async (queue: QueueInfo): Promise<Queue> => {
    const [found] = await read([queue])
    if (found === undefined) throw new YeyakError('not-found')
    return found
  }

  return {
    /** Of all queues. */
    lanes: queues.flatMap(lanesOf),
    /** Of the queues beyond that name, in the order of their names. */
    list(after: string | null, limit: number, descending: boolean): Promise<Queue[]> {
      const isBeyond = ({ name }: QueueInfo) => after === null || (descending ? name < after : name > after)
      const ordered = descending ? queues.toReversed() : queues
      return read(ordered.filter(isBeyond).slice(0, limit))
    },
    /** Of the first queues, without the rates, which cost more to find out. */
    async counts(limit: number): Promise<Counted[]> {
      const wanted = queues.slice(0, limit)
      return wanted.map(await readCounts(wanted))
    },
    find: (name: string): Promise<Queue> => readOne(named(name)),
    /** What falls due stays where it is; scheduling, editing and cancelling go on. Pausing again changes nothing. */
    async pause({ projectId, actor }: By, name: string): Promise<Queue> {
      const queue = named(name)
      await o.timers.pause(queue.lane, { projectId, actor, name: queue.name })
      // One event tells of the queue, whatever it has below it.
      for (const lane of queue.lanes ?? []) await o.timers.pause(lane)
      return readOne(queue)
    },
    async resume({ projectId, actor }: By, name: string): Promise<Queue> {
      const queue = named(name)
      await o.timers.resume(queue.lane, { projectId, actor, name: queue.name })
      for (const lane of queue.lanes ?? []) await o.timers.resume(lane)
      return readOne(queue)
    },
  }
}
