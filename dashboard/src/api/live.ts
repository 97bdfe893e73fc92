import { addressOf, headersOf } from './client.ts'
import { createStreamParser, type StreamEvent } from './stream-parser.ts'

/**
 * `live`: events arrive as they happen. `polling`: the server answers, and gives no events, so views ask by themselves.
 * `away`: it does not answer at all.
 */
export type LiveState = 'connecting' | 'live' | 'polling' | 'away'

export interface Batch {
  /** At most `MOST_KEPT`; `kinds` and `count` tell of all. */
  events: StreamEvent[]
  kinds: ReadonlySet<string>
  count: number
  /** Something was missed: what is shown must be asked for anew. */
  everything: boolean
}

/** Comments come every 15 s. */
const SILENCE_MS = 35_000
/** A proxy that holds the stream back gives nothing, not even the first line, which comes at once. */
const FIRST_MS = 8_000
const FLUSH_MS = 250
const MOST_KEPT = 2_000
const POLL_MS = 5_000
const RETRY_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000]

const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })

/** One connection for the whole page. Goes on where it was cut off, for as long as it is not stopped. */
export const createLive = () => {
  const parser = createStreamParser()
  const watchers = new Set<() => void>()
  const listeners = new Set<(batch: Batch) => void>()
  let state: LiveState = 'connecting'
  let running: AbortController | null = null
  let waiting: StreamEvent[] = []
  let kinds = new Set<string>()
  let count = 0
  let timer: ReturnType<typeof setTimeout> | null = null

  const emit = (batch: Batch): void => {
    for (const listener of listeners) listener(batch)
  }
  const everything = (): void => emit({ events: [], kinds: new Set(), count: 0, everything: true })
  const become = (next: LiveState): void => {
    if (state === next) return
    state = next
    for (const watcher of watchers) watcher()
  }
  /** Hundreds a second are told in four portions a second. */
  const flush = (): void => {
    timer = null
    const batch = { events: waiting, kinds, count, everything: false }
    waiting = []
    kinds = new Set()
    count = 0
    emit(batch)
  }
  const tell = (event: StreamEvent): void => {
    count += 1
    kinds.add(event.subject.kind)
    if (waiting.length < MOST_KEPT) waiting.push(event)
    timer ??= setTimeout(flush, FLUSH_MS)
  }

  const isAnswering = async (signal: AbortSignal): Promise<boolean> =>
    fetch('/healthz', { signal: AbortSignal.any([signal, AbortSignal.timeout(3_000)]) }).then(
      ({ ok }) => ok,
      () => false,
    )

  /** Resolves when the connection has ended; true where it had begun. */
  const follow = async (stop: AbortSignal): Promise<boolean> => {
    const cut = new AbortController()
    const signal = AbortSignal.any([stop, cut.signal])
    let watch = setTimeout(() => cut.abort(), FIRST_MS)
    let hasBegun = false
    try {
      const address = addressOf('/v1/stream', {
        ...(parser.lastId !== null && { query: { after: parser.lastId } }),
      })
      const response = await fetch(address, { headers: headersOf('GET'), signal })
      if (!response.ok || response.body === null) return false
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
      for (;;) {
        const { done, value } = await reader.read()
        clearTimeout(watch)
        if (done) break
        watch = setTimeout(() => cut.abort(), SILENCE_MS)
        if (!hasBegun) {
          hasBegun = true
          const wasElsewhere = state === 'polling' || state === 'away'
          become('live')
          if (wasElsewhere) everything()
        }
        for (const item of parser.push(value))
          if (item.event === 'reset') everything()
          else tell(item.told)
      }
    } catch {
      // Cut off, by whoever it was: the loop connects again.
    } finally {
      clearTimeout(watch)
      parser.cut()
    }
    return hasBegun
  }

  const run = async (stop: AbortSignal): Promise<void> => {
    for (let failures = 0; !stop.aborted; failures += 1) {
      if (await follow(stop)) failures = 0
      if (stop.aborted) return
      const wasAway = state === 'away'
      const isThere = await isAnswering(stop)
      become(isThere ? 'polling' : 'away')
      if (isThere && wasAway) everything()
      await wait(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? POLL_MS, stop)
    }
  }

  /** Where nothing is told, everything is asked for. */
  const poll = async (stop: AbortSignal): Promise<void> => {
    while (!stop.aborted) {
      await wait(POLL_MS, stop)
      if (state === 'polling') everything()
    }
  }

  return {
    start(): void {
      running?.abort()
      running = new AbortController()
      parser.forget()
      become('connecting')
      void run(running.signal)
      void poll(running.signal)
    },
    stop(): void {
      running?.abort()
      running = null
    },
    get state(): LiveState {
      return state
    },
    watch(watcher: () => void): () => void {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    listen(listener: (batch: Batch) => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

export type Live = ReturnType<typeof createLive>
