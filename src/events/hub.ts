import type { Logger } from '../platform/log.ts'
import { describeError } from '../platform/database.ts'
import type { Position } from './position.ts'
import { createRecent, type Recent } from './recent.ts'
import type { Bounds, Slice } from './repository.ts'

export interface HubOptions {
  bounds(): Promise<Bounds>
  tail(after: Position, limit: number): Promise<Slice>
  log: Logger
}

/** Reads what happens once for all streams of this process, and only while there are any. */
export interface Hub {
  /** `onNews` is called whenever there may be more. Resolves with the way out. */
  join(onNews: () => void): () => void
  /** Null until the first look, and while nobody is there. */
  readonly recent: Recent | null
  stop(): void
}

/** The pause between two looks: an event is half of it behind on average. */
const POLL_MS = 50
/** After a look that failed. */
const FAILED_POLL_MS = 1000
const TAIL_LIMIT = 1000

export const createHub = (o: HubOptions): Hub => {
  const listeners = new Set<() => void>()
  let recent: Recent | null = null
  let timer: NodeJS.Timeout | null = null
  let isFailing = false
  /** Counts the times that somebody came first: a look that began before is nothing to those. */
  let round = 0

  const look = async (own: number): Promise<boolean> => {
    const from = recent ?? createRecent((await o.bounds()).now)
    const slice = await o.tail(from.position, TAIL_LIMIT)
    if (own !== round) return true
    recent = from
    from.add(slice.events, slice.position)
    for (const tell of listeners) tell()
    return slice.isEnd
  }

  const loop = (own: number): void => {
    if (own !== round) return
    look(own).then(
      (isEnd) => {
        isFailing = false
        again(own, isEnd ? POLL_MS : 0)
      },
      (error: unknown) => {
        if (!isFailing) o.log.warn(`events: streams wait, the look for news failed: ${describeError(error)}`)
        isFailing = true
        again(own, FAILED_POLL_MS)
      },
    )
  }

  const again = (own: number, afterMs: number): void => {
    if (own === round && listeners.size > 0) timer = setTimeout(loop, afterMs, own)
  }

  const end = (): void => {
    round += 1
    recent = null
    if (timer !== null) clearTimeout(timer)
    timer = null
  }

  return {
    join(onNews) {
      listeners.add(onNews)
      if (listeners.size === 1) loop(round)
      return () => {
        if (listeners.delete(onNews) && listeners.size === 0) end()
      }
    },
    get recent() {
      return recent
    },
    stop() {
      listeners.clear()
      end()
    },
  }
}
