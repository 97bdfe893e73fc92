import { Worker } from 'node:worker_threads'
import type { Outcome } from '../channels/index.ts'
import type { Logger } from '../platform/log.ts'
import { type Failure, outcomeOfFailure } from './failure.ts'
import { isFromThread, type ThreadRun, type ToThread } from './thread-messages.ts'

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
/** Of its memory: a thread that still holds so much after a run is not used again, as the next run would be short of it. */
const MOST_HELD = 0.75

const ENTRY = new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url)

const failed = (code: string, message: string): Failure => ({ code, message, isFinal: false })

/** Nobody is told. */
const UNUSED = failed('idle', 'it had nothing to do')

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'

const outOfMemory = (memoryMb: number): Failure =>
  failed('out-of-memory', `the handler filled the ${memoryMb} MB of its thread, and was ended`)

interface Thread {
  worker: Worker
  idle: NodeJS.Timeout | undefined
  has: { runId: string; onProgress: (percent: unknown) => void; end: (outcome: Outcome) => void } | null
  /** What an earlier run left behind has crashed in it: it is not used again. */
  isSpoilt: boolean
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
    thread.has?.end(outcomeOfFailure(failure))
    thread.has = null
  }

  const kill = (thread: Thread, failure: Failure) => {
    drop(thread, failure)
    void thread.worker.terminate()
  }

  const giveBack = (thread: Thread, heldBytes: number) => {
    if (!threads.has(thread)) return
    if (thread.isSpoilt || heldBytes > MOST_HELD * o.memoryMb * MIB) return kill(thread, UNUSED)
    free.push(thread)
    // Nothing of ours keeps the process alive.
    thread.worker.unref()
    thread.idle = setTimeout(() => kill(thread, UNUSED), IDLE_MS)
    thread.idle.unref()
  }

  const hear = (thread: Thread, message: unknown) => {
    if (!isFromThread(message)) return
    const { has } = thread
    if (message.type === 'yeyak.progress') {
      if (message.run === has?.runId) has.onProgress(message.percent)
    } else if (message.type === 'yeyak.ended') {
      thread.has = null
      has?.end(message.outcome)
      giveBack(thread, message.heldBytes)
    } else if (has === null || message.run === null || message.run === has.runId)
      kill(thread, failed('thread-failed', message.message))
    // What an earlier run left behind costs none that runs now.
    else thread.isSpoilt = true
  }

  const start = (): Thread => {
    const worker = new Worker(ENTRY, {
      workerData: { file: o.file },
      resourceLimits: { maxOldGenerationSizeMb: o.memoryMb, maxYoungGenerationSizeMb: 32 },
      name: `task ${o.task}`.slice(0, 60),
    })
    const thread: Thread = { worker, idle: undefined, has: null, isSpoilt: false }
    threads.add(thread)
    worker.on('message', (message: unknown) => hear(thread, message))
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

  /** What lies outside the heap, buffers above all, is not held by V8's limit. */
  const measure = async (thread: Thread): Promise<void> => {
    if (typeof thread.worker.getHeapStatistics !== 'function') return
    try {
      const { used_heap_size, external_memory } = await thread.worker.getHeapStatistics()
      if (thread.has !== null && used_heap_size + external_memory > o.memoryMb * MIB)
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
        const end = (outcome: Outcome) => {
          clearTimeout(stopping)
          clearInterval(measuring)
          signal.removeEventListener('abort', abort)
          resolve(outcome)
        }
        thread.has = { runId: run.id, onProgress, end }
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
