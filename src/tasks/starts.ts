import type { Logger } from '../platform/log.ts'
import type { ControlRepository, InHand } from './repository-control.ts'

/** Tells that runs have begun: of those that are not over at once, as the end of the others says it all. */
export interface Starts {
  /** Until the function that is returned is called: it resolves once nothing more is told. */
  watch(run: InHand): () => Promise<void>
}

/** What is over sooner is not told: with an event in the statement of the start, some 6,900 short runs a second were done instead of 8,400. */
const MIN_AGE_MS = 250
/** Told by one statement. */
const MOST = 1_000

interface Young extends InHand {
  sinceMs: number
  told: Promise<void> | null
}

export const createStarts = (o: { repository: Pick<ControlRepository, 'begun'>; log: Logger }): Starts => {
  /** Oldest first. */
  const young = new Set<Young>()
  let timer: NodeJS.Timeout | null = null

  const write = async (runs: readonly Young[]): Promise<void> => {
    try {
      await o.repository.begun(runs)
    } catch (err) {
      o.log.warn({ err }, 'tasks: that runs have begun could not be told, their end will be')
    }
  }

  const tell = async (): Promise<void> => {
    const before = performance.now() - MIN_AGE_MS
    const old = [...young].filter(({ sinceMs }) => sinceMs <= before).slice(0, MOST)
    const told = old.length === 0 ? null : write(old)
    for (const run of old) {
      run.told = told
      young.delete(run)
    }
    await told
    timer = null
    later()
  }

  const later = () => {
    if (young.size > 0) timer ??= setTimeout(() => void tell(), MIN_AGE_MS).unref()
  }

  return {
    watch(run) {
      const entry: Young = { id: run.id, attempt: run.attempt, sinceMs: performance.now(), told: null }
      young.add(entry)
      later()
      return async () => {
        young.delete(entry)
        await entry.told
      }
    },
  }
}
