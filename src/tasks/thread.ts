import { AsyncLocalStorage } from 'node:async_hooks'
import { getHeapStatistics } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import type { Outcome } from '../channels/index.ts'
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

/** Whose code it is that runs: timers and promises keep the run that made them, also when it has ended. */
const runs = new AsyncLocalStorage<string>()
let running: string | null = null
let stopped = new AbortController()

process.on('uncaughtException', (thrown: unknown) => {
  const run = runs.getStore() ?? null
  tell({ type: 'yeyak.crashed', run, message: failureOf(thrown).message })
})

const exit = process.exit.bind(process)
process.exit = (code) => {
  const run = runs.getStore()
  if (run === undefined || run === running) return exit(code)
  throw new Error('process.exit() of a run that has ended')
}

const held = (): number => {
  const { used_heap_size, external_memory } = getHeapStatistics()
  return used_heap_size + external_memory
}

const handle = async (name: string, { id, attempt, data }: ThreadRun): Promise<Outcome> => {
  const task = tasks.get(name)
  stopped = new AbortController()
  const { signal } = stopped
  if (task === undefined) return outcomeOfFailure(failureOf(new Error(`${file} has no task "${name}"`)))
  const progress = (percent: unknown) => {
    if (typeof percent === 'number') tell({ type: 'yeyak.progress', run: id, percent })
  }
  // A thread's task is one of the application's, which has neither a project nor a result before.
  const run = { id, attempt, data, signal, progress, projectId: 0, previous: null }
  return outcomeOf(await runHandler((given) => task.handler(given), run))
}

const begin = async (name: string, run: ThreadRun): Promise<void> => {
  running = run.id
  const outcome = await runs.run(run.id, () => handle(name, run))
  running = null
  tell({ type: 'yeyak.ended', outcome, heldBytes: held() })
}

parentPort?.on('message', (message: ToThread) => {
  if (message.type === 'abort') stopped.abort(new Error(message.reason))
  else void begin(message.task, message.run)
})
