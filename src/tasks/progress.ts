import type { Logger } from '../platform/log.ts'
import type { ControlRepository, InHand } from './repository-control.ts'

/** How far runs are, written now and then: the last number of each, in one statement for all. */
export interface Progress {
  report(run: InHand, percent: unknown): void
  /** Writes what a run has reported last, before its end is. */
  settle(run: InHand): Promise<void>
}

const INTERVAL_MS = 500
const MOST = 1_000

/** A whole number from 0 to 100; null for what is no number. */
export const percentOf = (given: unknown): number | null =>
  typeof given === 'number' && !Number.isNaN(given) ? Math.floor(Math.min(100, Math.max(0, given))) : null

export const createProgress = (o: {
  repository: Pick<ControlRepository, 'progress'>
  log: Logger
}): Progress => {
  const waiting = new Map<string, InHand & { percent: number }>()
  /** What was last reported, so that a handler that reports in a loop costs a comparison. */
  const known = new Map<string, number>()
  let writing: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | null = null
  let lastMs = Number.NEGATIVE_INFINITY

  const write = async (): Promise<void> => {
    const reports = [...waiting.values()].slice(0, MOST)
    if (reports.length === 0) return
    for (const { id } of reports) waiting.delete(id)
    lastMs = performance.now()
    try {
      await o.repository.progress(reports)
    } catch (err) {
      o.log.warn({ err }, 'tasks: progress could not be written, the next number will be')
    }
    if (waiting.size > 0) later()
  }

  const flush = (): Promise<void> => {
    writing = writing.then(write)
    return writing
  }

  const later = () => {
    timer ??= setTimeout(
      () => {
        timer = null
        void flush()
      },
      Math.max(0, lastMs + INTERVAL_MS - performance.now()),
    )
  }

  return {
    report(run, given) {
      const percent = percentOf(given)
      if (percent === null || known.get(run.id) === percent) return
      known.set(run.id, percent)
      waiting.set(run.id, { id: run.id, attempt: run.attempt, percent })
      later()
    },
    async settle({ id }) {
      if (!known.delete(id)) return
      if (waiting.has(id)) await flush()
    },
  }
}
