import { matches } from './filter.ts'
import { frameOf } from './frames.ts'
import type { Position } from './position.ts'
import type { Filter, StoredEvent } from './repository.ts'

/** What a filter asks about, and the text that the event is streamed as: made once for all clients. */
interface Framed {
  event: Pick<StoredEvent, 'position' | 'projectId' | 'kind' | 'subjectId' | 'type'>
  frame: string
}

export interface Stretch {
  /** Of those that match; null where there are none. */
  text: Buffer | null
  /** All up to here was looked at. */
  position: Position
}

/** The newest events, for clients that are up to date or nearly so. What is older is read from the database. */
export interface Recent {
  /** Everything up to here is there. */
  readonly position: Position
  add(events: readonly StoredEvent[], position: Position): void
  /** Some of what comes after a position; null where that is not kept here. */
  after(position: Position, filter: Filter, filterKey: string): Stretch | null
}

const MOST_EVENTS = 2000
const MOST_CHARACTERS = 4 * 1024 * 1024
/** Events that are written in one go. */
const CHUNK = 200
/** No more are added beyond this: 500 clients that took nothing held 2.7 GB of large events. */
export const CHUNK_CHARACTERS = 64 * 1024

export const createRecent = (start: Position): Recent => {
  let items: Framed[] = []
  let characters = 0
  let from = start
  let to = start
  /** Clients with the same filter, which are at the same place nearly always, share what is written to them. */
  const shared = new Map<string, Stretch>()

  const trim = () => {
    let count = 0
    for (const { event, frame } of items) {
      if (items.length - count <= MOST_EVENTS && characters <= MOST_CHARACTERS) break
      characters -= frame.length
      from = event.position
      count += 1
    }
    if (count > 0) items = items.slice(count)
  }

  /** The first one after a position, by halving. */
  const indexAfter = (position: Position): number => {
    let low = 0
    let high = items.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const item = items[middle]
      if (item !== undefined && item.event.position <= position) low = middle + 1
      else high = middle
    }
    return low
  }

  const stretchAfter = (position: Position, filter: Filter): Stretch => {
    let index = indexAfter(position)
    const end = Math.min(items.length, index + CHUNK)
    let text = ''
    let reached = position
    for (; index < end && text.length < CHUNK_CHARACTERS; index += 1) {
      const item = items[index]
      if (item === undefined) break
      if (matches(filter, item.event)) text += item.frame
      reached = item.event.position
    }
    return {
      text: text === '' ? null : Buffer.from(text),
      position: index === items.length ? to : reached,
    }
  }

  return {
    get position() {
      return to
    },
    add(events, position) {
      shared.clear()
      for (const whole of events) {
        const frame = frameOf(whole)
        const { position: at, projectId, kind, subjectId, type } = whole
        characters += frame.length
        items.push({ event: { position: at, projectId, kind, subjectId, type }, frame })
      }
      to = position
      trim()
    },
    after(position, filter, filterKey) {
      if (position < from) return null
      if (position >= to) return { text: null, position }
      const key = `${position} ${filterKey}`
      const stretch = shared.get(key) ?? stretchAfter(position, filter)
      shared.set(key, stretch)
      return stretch
    },
  }
}
