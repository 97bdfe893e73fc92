import type { Database } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import { createQueueRepository, type QueueCounts, type QueueSources } from './repository-queues.ts'

/** A queue as it is shown under its short name: `email` for the lane `notifications.email`. */
export interface QueueInfo {
  name: string
  lane: string
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

export interface QueuesOptions extends QueueSources {
  db: Database
  queues: readonly QueueInfo[]
  timers: { pause(lane: string): Promise<void>; resume(lane: string): Promise<void> }
}

export type Queues = ReturnType<typeof createQueues>

const round = (perSecond: number): number => Math.round(perSecond * 100) / 100

/** What waits and runs, lane by lane. */
export const createQueues = (o: QueuesOptions) => {
  const repository = createQueueRepository(o)
  const queues = o.queues.toSorted((a, b) => (a.name < b.name ? -1 : 1))

  const read = async (wanted: readonly QueueInfo[]): Promise<Queue[]> => {
    const [counts, rates] = await Promise.all([
      repository.counts(
        o.db,
        wanted.map(({ lane }) => lane),
      ),
      repository.perSecond(o.db),
    ])
    const byLane = new Map<string, QueueCounts>(counts.map((row) => [row.lane, row]))
    return wanted.map(({ name, lane, concurrency }) => {
      const { paused = false, scheduled = 0, queued = 0, running = 0 } = byLane.get(lane) ?? {}
      return {
        ...{ name, state: paused ? 'paused' : 'active', scheduled, queued, running },
        ...{ perSecond: round(rates.get(lane) ?? 0), concurrency },
      }
    })
  }

  const named = (name: string): QueueInfo => {
    const found = queues.find((queue) => queue.name === name || queue.lane === name)
    if (found === undefined) throw new YeyakError('not-found')
    return found
  }

  const readOne = async (queue: QueueInfo): Promise<Queue> => {
    const [found] = await read([queue])
    if (found === undefined) throw new YeyakError('not-found')
    return found
  }

  return {
    /** Of the queues beyond that name, in the order of their names. */
    list(after: string | null, limit: number, descending: boolean): Promise<Queue[]> {
      const isBeyond = ({ name }: QueueInfo) => after === null || (descending ? name < after : name > after)
      const ordered = descending ? queues.toReversed() : queues
      return read(ordered.filter(isBeyond).slice(0, limit))
    },
    find: (name: string): Promise<Queue> => readOne(named(name)),
    /** What falls due stays where it is; scheduling, editing and cancelling go on. Pausing again changes nothing. */
    async pause(name: string): Promise<Queue> {
      const queue = named(name)
      await o.timers.pause(queue.lane)
      return readOne(queue)
    },
    async resume(name: string): Promise<Queue> {
      const queue = named(name)
      await o.timers.resume(queue.lane)
      return readOne(queue)
    },
  }
}
