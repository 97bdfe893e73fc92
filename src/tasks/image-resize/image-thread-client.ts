import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { type BuiltInRun, TaskFailure } from '../define.ts'
import type { Failed, FromThread, ThreadData, ToThread } from './image-thread-messages.ts'
import type { ResizeData } from './schema.ts'

/** The thread that images pass through, seen from the program. */
export interface ImageThread {
  /** Rejects as the handler of a task does. `upload`, made by Node.js itself, is handed over: nobody here may use it any more. */
  run(run: BuiltInRun<ResizeData>, upload: Buffer | null): Promise<unknown>
  close(): Promise<void>
}

const ENTRY = new URL(`image-thread${path.extname(import.meta.url)}`, import.meta.url)
/** Longer than its processes are kept: what it holds by itself is some 15 MB. */
const IDLE_MS = 30_000
/** For connections and processes to be ended. */
const CLOSE_MS = 2_000
/** What it has is buffers, which are no part of this heap. */
const MEMORY = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8 }

const lost = (how: string): Failed => ({
  ...{ code: 'image-process-lost', isFinal: false },
  message: `the thread that images pass through ended: ${how}`,
})

const errorOf = ({ message, code, isFinal, afterMs, result }: Failed): Error =>
  code === null
    ? new Error(message)
    : new TaskFailure(message, { code, isFinal, result, ...(afterMs !== undefined && { afterMs }) })

interface Waiting {
  run: BuiltInRun<ResizeData>
  resolve(result: unknown): void
  reject(error: Error): void
}

interface Started {
  worker: Worker
  waiting: Map<number, Waiting>
  closed: PromiseWithResolvers<void>
  post(message: ToThread, transfer?: ArrayBuffer[]): void
}

/** A part of a pool that small buffers are cut from stays where it is. */
const ownOf = (bytes: Buffer): Uint8Array<ArrayBuffer> => {
  const { buffer, byteLength } = bytes
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
    ? new Uint8Array(buffer)
    : new Uint8Array(bytes)
}

/** Starts nothing before there is an image, and ends what has had none for a while. */
export const createImageThread = (data: ThreadData): ImageThread => {
  let current: Started | null = null
  let idle: NodeJS.Timeout | undefined
  let lastId = 0
  let isClosed = false

  const start = (): Started => {
    const worker = new Worker(ENTRY, { workerData: data, resourceLimits: MEMORY, name: 'images' })
    const waiting: Started['waiting'] = new Map()
    const closed = Promise.withResolvers<void>()
    const started: Started = {
      ...{ worker, waiting, closed },
      post: (message, transfer = []) => worker.postMessage(message, transfer),
    }
    const fail = (how: string) => {
      if (current === started) current = null
      closed.resolve()
      for (const one of waiting.values()) one.reject(errorOf(lost(how)))
      waiting.clear()
    }
    worker.on('error', (error: unknown) => fail(error instanceof Error ? error.message : String(error)))
    worker.on('exit', (code) => fail(`exit code ${code}`))
    worker.on('message', (message: FromThread) => {
      if (message.type === 'closed') return closed.resolve()
      const one = waiting.get(message.id)
      if (message.type === 'progress') return one?.run.progress(message.percent)
      waiting.delete(message.id)
      if (message.type === 'ended') one?.resolve(message.result)
      else one?.reject(errorOf(message.failed))
    })
    return started
  }

  const end = async (): Promise<void> => {
    clearTimeout(idle)
    const ending = current
    current = null
    if (ending === null) return
    ending.post({ type: 'close' })
    const tooLong = setTimeout(ending.closed.resolve, CLOSE_MS)
    await ending.closed.promise
    clearTimeout(tooLong)
    await ending.worker.terminate()
  }

  const rest = () => {
    if (current === null || current.waiting.size > 0) return
    // Nothing of it keeps the program alive.
    current.worker.unref()
    clearTimeout(idle)
    idle = setTimeout(() => void end(), IDLE_MS)
    idle.unref()
  }

  return {
    async run(run, upload) {
      const { id, data: given, attempt, projectId, previous, signal } = run
      signal.throwIfAborted()
      if (isClosed) throw errorOf(lost('the program stops'))
      clearTimeout(idle)
      const { worker, waiting, post } = (current ??= start())
      worker.ref()
      const question = (lastId += 1)
      const abort = () => post({ type: 'abort', id: question })
      const bytes = upload && ownOf(upload)
      try {
        return await new Promise<unknown>((resolve, reject) => {
          waiting.set(question, { run, resolve, reject })
          post(
            {
              ...{ type: 'run', id: question, upload: bytes },
              run: { id, data: given, attempt, projectId, previous },
            },
            bytes === null ? [] : [bytes.buffer],
          )
          signal.addEventListener('abort', abort, { once: true })
        })
      } catch (error) {
        signal.throwIfAborted()
        throw error
      } finally {
        signal.removeEventListener('abort', abort)
        // Still there where it could not be posted.
        waiting.delete(question)
        rest()
      }
    },
    close() {
      isClosed = true
      return end()
    },
  }
}
