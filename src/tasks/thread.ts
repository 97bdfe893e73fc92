import { parentPort, workerData } from 'node:worker_threads'
import { importConfig } from '../platform/import-config.ts'
import { failureOf, outcomeOf, outcomeOfFailure } from './failure.ts'
import { type DeclaredTasks, namedTasks } from './declared.ts'
import { runHandler } from './run-handler.ts'
import type { FromThread, ThreadRun, ToThread } from './thread-messages.ts'

/** The beginning of a worker thread: it loads the configuration by itself, and runs what it is told to by its name. */
const { file } = workerData as { file: string }
const loaded = (await importConfig(file)) as { default?: { tasks?: DeclaredTasks } }
const tasks = new Map(namedTasks(loaded.default?.tasks ?? {}).map((task) => [task.name, task]))

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
const tell = (message: FromThread) => parentPort?.postMessage(message)

let stopped = new AbortController()

const begin = async (name: string, { id, attempt, data }: ThreadRun): Promise<void> => {
  const task = tasks.get(name)
  stopped = new AbortController()
  const { signal } = stopped
  if (task === undefined) {
    const failure = failureOf(new Error(`${file} has no task "${name}"`))
    return tell({ type: 'ended', outcome: outcomeOfFailure(failure) })
  }
  const progress = (percent: unknown) => {
    if (typeof percent === 'number') tell({ type: 'progress', percent })
  }
  // A thread's task is one of the application's, which has neither a project nor a result before.
  const run = { id, attempt, data, signal, progress, projectId: 0, previous: null }
  tell({ type: 'ended', outcome: outcomeOf(await runHandler((given) => task.handler(given), run)) })
}

parentPort?.on('message', (message: ToThread) => {
  if (message.type === 'abort') stopped.abort(new Error(message.reason))
  else void begin(message.task, message.run)
})
