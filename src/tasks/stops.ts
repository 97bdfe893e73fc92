import type { Logger } from '../platform/log.ts'
import type { ControlRepository, InHand } from './repository-control.ts'

/** Why a run is to stop. */
export type StopReason = 'canceled' | 'taken-over'

/** What runs in this process, and is told to stop: at once where the notice comes through, within a second where it is lost. */
export interface Stops {
  /** Until the function that is returned is called. */
  watch(run: InHand, stop: (reason: StopReason) => void): () => void
  /** A notice from another process: the ids of runs that were canceled. */
  hear(ids: readonly string[]): void
  close(): void
}

const POLL_MS = 1_000
/** What is over sooner than this is never asked for. */
const MIN_AGE_MS = 500

interface Watched extends InHand {
  sinceMs: number
  stop(reason: StopReason): void
}

export const createStops = (o: { repository: Pick<ControlRepository, 'toStop'>; log: Logger }): Stops => {
  const watched = new Map<string, Watched>()
  let asking = false

  const ask = async (): Promise<void> => {
    const before = performance.now() - MIN_AGE_MS
    const old = [...watched.values()].filter(({ sinceMs }) => sinceMs < before)
    if (old.length === 0 || asking) return
    asking = true
    try {
      for (const { id, canceled } of await o.repository.toStop(old))
        watched.get(id)?.stop(canceled ? 'canceled' : 'taken-over')
    } catch (err) {
      o.log.warn({ err }, 'tasks: what was canceled could not be asked for, the next second tries again')
    } finally {
      asking = false
    }
  }
  const timer = setInterval(() => void ask(), POLL_MS)
  timer.unref()

  return {
    watch(run, stop) {
      const entry = { ...run, sinceMs: performance.now(), stop }
      watched.set(run.id, entry)
      return () => {
        // A run that was taken over from this very process has another one in its place.
        if (watched.get(run.id) === entry) watched.delete(run.id)
      }
    },
    hear(ids) {
      for (const id of ids) watched.get(id)?.stop('canceled')
    },
    close: () => clearInterval(timer),
  }
}
