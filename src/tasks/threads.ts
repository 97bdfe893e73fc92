import { Worker } from 'node:worker_threads'
import type { Outcome } from '../channels/index.ts'
import type { Logger } from '../platform/log.ts'
import { type Failure, outcomeOfFailure } from './failure.ts'
import type { FromThread, ThreadRun, ToThread } from './thread-messages.ts'

/** Threads of one task. */
export interface Threads {
  /** Never rejects. */
  run(run: ThreadRun, signal: AbortSignal, onProgress: (percent: unknown) => void): Promise<Outcome>
  close(): Promise<void>
}

export interface ThreadsOptions {
  /** The configuration file, which each thread loads by itself. */
  file: string
  task: string
  memoryMb: number
  log: Logger
}

/** A thread that had nothing to do for so long is ended: it holds some 20 MB. */
const IDLE_MS = 30_000
/** How long a handler that is told to stop has for it: a canceled run is final within three seconds. */
export const GRACE_MS = 1_000
/** After its time-out, or a shutdown's: nobody waits for it any more. */
const LAST_WORD_MS = 30
const MEASURE_MS = 100
const MIB = 1024 * 1024

const ENTRY = new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url)

const failed = (code: string, message: string): Failure => ({ code, message, isFinal: false })

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'

const outOfMemory = (memoryMb: number): Failure =>
  failed('out-of-memory', `the handler filled the ${memoryMb} MB of its thread, and was ended`)

interface Thread {
  worker: Worker
  idle: NodeJS.Timeout | undefined
  /** Ends the run that it has, where it has one. */
  end: ((outcome: Outcome) => void) | null
}

/** One run a thread at a time, so that a handler that never ends, fills the memory or ends its process costs that run alone. */
export const createThreads = (o: ThreadsOptions): Threads => {
  const threads = new Set<Thread>()
  const free: Thread[] = []

  const drop = (thread: Thread, failure: Failure) => {
    threads.delete(thread)
    const at = free.indexOf(thread)
    if (at >= 0) free.splice(at, 1)
    clearTimeout(thread.idle)
    thread.end?.(outcomeOfFailure(failure))
    thread.end = null
  }

  const kill = (thread: Thread, failure: Failure) => {
    drop(thread, failure)
    void thread.worker.terminate()
  }

  const start = (): Thread => {
    const worker = new Worker(ENTRY, {
      workerData: { file: o.file },
      resourceLimits: { maxOldGenerationSizeMb: o.memoryMb, maxYoungGenerationSizeMb: 32 },
      name: `task ${o.task}`.slice(0, 60),
    })
    const thread: Thread = { worker, idle: undefined, end: null }
    threads.add(thread)
    worker.on('error', (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error)
      drop(
        thread,
        isOutOfMemory(error) ? outOfMemory(o.memoryMb) : failed('thread-failed', message.slice(0, 2_000)),
      )
    })
    worker.on('exit', (code) =>
      drop(thread, failed('thread-exited', `the handler ended its thread with exit code ${code}`)),
    )
    return thread
  }

  const giveBack = (thread: Thread) => {
    if (!threads.has(thread)) return
    free.push(thread)
    // Nothing of ours keeps the process alive.
    thread.worker.unref()
    thread.idle = setTimeout(() => kill(thread, failed('idle', 'it had nothing to do')), IDLE_MS)
    thread.idle.unref()
  }

  /** What lies outside the heap, buffers above all, is not held by V8's limit. */
  const measure = async (thread: Thread): Promise<void> => {
    if (typeof thread.worker.getHeapStatistics !== 'function') return
    try {
      const { used_heap_size, external_memory } = await thread.worker.getHeapStatistics()
      if (thread.end !== null && used_heap_size + external_memory > o.memoryMb * MIB)
        kill(thread, outOfMemory(o.memoryMb))
    } catch {
      // It has ended meanwhile, which is told by its exit.
    }
  }

  return {
    run: (run, signal, onProgress) =>
      new Promise((resolve) => {
        const thread = free.pop() ?? start()
        const { worker } = thread
        clearTimeout(thread.idle)
        worker.ref()
        let stopping: NodeJS.Timeout | undefined
        const measuring = setInterval(() => void measure(thread), MEASURE_MS)
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
        const post = (message: ToThread) => worker.postMessage(message)
        const abort = () => {
          const reason = signal.reason instanceof Error ? signal.reason.message : 'stopped'
          post({ type: 'abort', reason })
          stopping = setTimeout(
            () => kill(thread, failed(reason, 'the handler did not stop, and its thread was ended')),
            reason === 'canceled' ? GRACE_MS : LAST_WORD_MS,
          )
        }
        const onMessage = (message: FromThread) => {
          if (message.type === 'progress') onProgress(message.percent)
          else {
            thread.end?.(message.outcome)
            thread.end = null
            giveBack(thread)
          }
        }
        thread.end = (outcome) => {
          clearTimeout(stopping)
          clearInterval(measuring)
          signal.removeEventListener('abort', abort)
          worker.off('message', onMessage)
          resolve(outcome)
        }
        worker.on('message', onMessage)
        signal.addEventListener('abort', abort, { once: true })
        post({ type: 'run', task: o.task, run })
        if (signal.aborted) abort()
      }),
    async close() {
      const all = [...threads]
      for (const thread of all) drop(thread, failed('shutdown', 'the worker was stopped'))
      await Promise.all(all.map(({ worker }) => worker.terminate()))
    },
  }
}
