import type { Logger } from '../platform/log.ts'
import type { Pass } from './repository-dispatch.ts'

/** Turns events into deliveries. */
export interface Dispatcher {
  start(): Promise<void>
  /** There is, or may be, an event that an endpoint wants: looks at once. */
  wake(): void
  /** This process has done something that writes events: looks soon, if there is any endpoint at all. Costs nothing. */
  hint(): void
  /** Resolves once no pass is under way. */
  stop(): Promise<void>
}

export interface DispatcherOptions {
  repository: { pass(): Promise<Pass>; mendPosition(): Promise<void> }
  onPlanted(dueMs: number): void
  log: Logger
}

/** While there was something lately, this often; then more and more rarely. */
const POLL_MIN_MS = 250
/** Beyond this it stops, and comes back with the tick of the worker. */
const POLL_MAX_MS = 4_000

/**
 * Reads the feed of events while there is something to read, and is silent otherwise: nothing is asked without endpoints,
 * and while nothing happens the safety tick of the worker looks along.
 */
export const createDispatcher = ({ repository, onPlanted, log }: DispatcherOptions): Dispatcher => {
  let timer: NodeJS.Timeout | null = null
  let delayMs = POLL_MIN_MS
  let running: Promise<void> | null = null
  let again = false
  let isNeeded = true
  let stopped = false

  const later = (ms: number) => {
    if (timer !== null) clearTimeout(timer)
    delayMs = ms
    timer = setTimeout(ring, ms)
  }

  const passes = async (): Promise<void> => {
    let events = 0
    let last: Pass
    do {
      again = false
      last = await repository.pass()
      events += last.events
      if (last.dueMs !== null) onPlanted(last.dueMs)
    } while ((again || last.isFull) && !stopped)
    isNeeded = last.isNeeded
    if (stopped || !isNeeded) return
    if (events > 0) later(POLL_MIN_MS)
    else if (delayMs < POLL_MAX_MS) later(delayMs * 2)
  }

  const ring = () => {
    timer = null
    if (stopped) return
    again = true
    running ??= passes()
      .catch((err: unknown) => {
        if (stopped) return
        log.warn({ err }, 'webhooks: events could not be dispatched, trying again')
        later(POLL_MAX_MS)
      })
      .finally(() => {
        running = null
      })
  }

  return {
    async start() {
      await repository.mendPosition()
      ring()
    },
    wake() {
      isNeeded = true
      delayMs = POLL_MIN_MS
      ring()
    },
    hint() {
      if (!isNeeded || stopped) return
      if (running !== null) delayMs = POLL_MIN_MS
      else if (timer === null || delayMs > POLL_MIN_MS) later(POLL_MIN_MS)
    },
    async stop() {
      stopped = true
      if (timer !== null) clearTimeout(timer)
      await running
    },
  }
}
