import { frameOf, placeFrame } from './frames.ts'
import type { Hub } from './hub.ts'
import type { Position } from './position.ts'
import { CHUNK_CHARACTERS } from './recent.ts'
import type { Filter, Slice } from './repository.ts'

/** Where the events go: the answer of a request. */
export interface Sink {
  /** False where the far side does not keep up: then `drained` tells when to go on. */
  write(text: string | Buffer): boolean
  /** Rejects where it does not drain in time, or is closed. */
  drained(): Promise<void>
}

export interface StreamOptions {
  sink: Sink
  hub: Hub
  filter: Filter
  /** All after this is sent, in order, each once. */
  position: Position
  /** Of what the hub does not keep. */
  read(filter: Filter, after: Position, limit: number): Promise<Slice>
  /** It cannot go on: the client comes again, and goes on where it was. */
  onBroken(error: unknown): void
}

export interface Stream {
  /** There may be more. Returns at once. */
  wake(): void
  /** Tells the client how far it is, if that has moved since it was last told. */
  tellPlace(): void
  setFilter(filter: Filter): void
  close(): void
}

/** Events that are read at once from the database. */
const PAGE = 200

/**
 * Sends one client all that matches. It is always at one position, and goes on from there: by what the hub keeps in memory,
 * or page by page from the database where that is too far back. Nothing more is read while the client has not taken what
 * was written, so that a slow one costs no memory.
 */
export const createStream = ({
  sink,
  hub,
  filter: first,
  position: start,
  read,
  onBroken,
}: StreamOptions): Stream => {
  let filter = first
  let filterKey = JSON.stringify(first)
  let position = start
  let told = start
  let pageSize = PAGE
  let isOpen = true
  let isBusy = false

  const next = async (): Promise<{ text: string | Buffer | null; position: Position } | null> => {
    const { recent } = hub
    if (recent === null || recent.position <= position) return null
    const stretch = recent.after(position, filter, filterKey)
    if (stretch !== null) return stretch
    const page = await read(filter, position, pageSize)
    let text = ''
    let taken = 0
    for (const event of page.events) {
      text += frameOf(event)
      taken += 1
      if (text.length >= CHUNK_CHARACTERS) break
    }
    // What is left is read again: the next page is about as large as what is written of it.
    pageSize = Math.min(PAGE, Math.max(1, taken * 2))
    const last = taken < page.events.length ? page.events[taken - 1] : undefined
    return { text: text === '' ? null : text, position: last?.position ?? page.position }
  }

  const pump = async (): Promise<void> => {
    for (;;) {
      const part = await next()
      if (part === null || !isOpen) return
      ;({ position } = part)
      if (part.text === null) continue
      told = position
      if (!sink.write(part.text)) await sink.drained()
      if (!isOpen) return
    }
  }

  return {
    wake() {
      if (isBusy || !isOpen) return
      isBusy = true
      pump()
        .catch((error: unknown) => {
          if (isOpen) onBroken(error)
        })
        .finally(() => {
          isBusy = false
        })
    },
    tellPlace() {
      if (isBusy || position === told) return
      told = position
      sink.write(placeFrame(position))
    },
    setFilter(to) {
      filter = to
      filterKey = JSON.stringify(to)
    },
    close() {
      isOpen = false
    },
  }
}
