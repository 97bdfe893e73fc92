import type { Outcome } from '../channels/index.ts'
import type { Loaded, Sender } from '../delivery/index.ts'
import { YeyakError } from '../platform/errors.ts'
import { type Failure, outcomeOf, outcomeOfFailure } from './failure.ts'
import type { Progress } from './progress.ts'
import type { Task } from './registry.ts'
import { runHandler } from './run-handler.ts'
import type { Starts } from './starts.ts'
import type { StopReason, Stops } from './stops.ts'
import { GRACE_MS, type Threads } from './threads.ts'

/** What the select list of `runSubject` brings along. */
interface Content extends Record<string, unknown> {
  data: Record<string, unknown>
  result: unknown
  projectId: number
}

export interface SenderOptions {
  task: Task
  starts: Starts
  stops: Stops
  progress: Progress
  /** Null: its handler runs here. */
  threads: Threads | null
}

const MOST_SHOWN = 5

/** The schema may have become another one since the run was scheduled. */
const faultOf = (task: Task, data: unknown): Failure | null => {
  try {
    task.validate(data)
    return null
  } catch (error) {
    if (!(error instanceof YeyakError)) throw error
    const faults = error.errors.slice(0, MOST_SHOWN).map(({ path, message }) => `${path} ${message}`)
    return {
      code: 'invalid-data',
      message: `the task takes this data no longer: ${faults.join('; ')}`,
      isFinal: true,
    }
  }
}

const unknown = (code: string, message: string): Outcome => ({ kind: 'unknown', reason: { code, message } })

/** Runs attempts at a task, each with a signal of its own. Whoever ignores it is left behind after a while. */
export const createSender = ({ task, starts, stops, progress, threads }: SenderOptions): Sender => {
  const execute = async (started: Loaded, stopping: AbortSignal): Promise<Outcome> => {
    const { id, attempt } = started
    const { data, result, projectId } = started.content as Content
    const report = (percent: unknown) => progress.report({ id, attempt }, percent)
    if (threads !== null) return threads.run({ id, attempt, data }, stopping, report)
    const run = { id, attempt, data, signal: stopping, progress: report, projectId, previous: result ?? null }
    return outcomeOf(await runHandler(task.handler, run))
  }

  return {
    provider: () => task.name,
    async send(started, signal) {
      const fault = faultOf(task, started.content['data'])
      if (fault !== null) return outcomeOfFailure(fault)
      const stopping = new AbortController()
      const onAbort = () => stopping.abort(signal.reason)
      signal.addEventListener('abort', onAbort, { once: true })
      let grace: NodeJS.Timeout | undefined
      const leftBehind = Promise.withResolvers<Outcome>()
      const unwatch = stops.watch(started, (reason: StopReason) => {
        if (stopping.signal.aborted) return
        grace = setTimeout(
          () => leftBehind.resolve(unknown(reason, 'the handler did not stop, and was left behind')),
          GRACE_MS,
        )
        stopping.abort(new Error(reason))
      })
      const end = starts.watch(started)
      const outcome = await Promise.race([execute(started, stopping.signal), leftBehind.promise])
      clearTimeout(grace)
      unwatch()
      signal.removeEventListener('abort', onAbort)
      await end()
      await progress.settle(started)
      // What a handler throws because it was stopped says nothing: why it was stopped does.
      return signal.aborted && outcome.kind !== 'delivered'
        ? unknown('stopped', 'the handler was stopped')
        : outcome
    },
  }
}
