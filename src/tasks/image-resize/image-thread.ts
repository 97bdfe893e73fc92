import { parentPort, workerData } from 'node:worker_threads'
import { createOutgoingHttp } from '../../platform/outgoing-http/index.ts'
import { TaskFailure } from '../define.ts'
import { fetchImage } from './download.ts'
import { createImageProcesses } from './image-processes.ts'
import type { Failed, FromThread, ThreadData, ToThread } from './image-thread-messages.ts'
import { createResize } from './resize.ts'
import { ALLOW_SETTING } from './schema.ts'
import { createStore } from './stores.ts'

/**
 * The thread that images pass through: from where they are fetched to the processes that work on them, and from there to where
 * they are stored. Some 30 MB a second of them make V8 collect everything once or twice a second; here that is a small heap that
 * no timer waits for. Of what the timers run in, images take nothing but messages.
 */
const { allow, limits, count, store: storing } = workerData as ThreadData
const http = createOutgoingHttp({ allow, allowSetting: ALLOW_SETTING, userAgent: storing.userAgent })
const store = createStore(storing)
const processes = createImageProcesses({ limits, count })

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
const tell = (message: FromThread) => parentPort?.postMessage(message)

const failedOf = (error: unknown): Failed => {
  if (!(error instanceof TaskFailure))
    return { message: error instanceof Error ? error.message : String(error), code: null, isFinal: false }
  const { message, code, isFinal, afterMs, result } = error
  return { message, code, isFinal, result, ...(afterMs !== undefined && { afterMs }) }
}

const running = new Map<number, AbortController>()

const run = async ({ id, run: given, upload }: Extract<ToThread, { type: 'run' }>): Promise<void> => {
  const stopping = new AbortController()
  const { signal } = stopping
  running.set(id, stopping)
  const { maxBytes } = limits
  const resize = createResize({
    ...{ processes, store },
    read: async ({ data: { imageUrl: url } }) =>
      upload === null ? fetchImage({ http, url, maxBytes, signal }) : Buffer.from(upload.buffer),
  })
  try {
    const progress = (percent: number) => tell({ type: 'progress', id, percent })
    tell({ type: 'ended', id, result: await resize({ ...given, signal, progress }) })
  } catch (error) {
    tell({ type: 'failed', id, failed: failedOf(error) })
  } finally {
    running.delete(id)
  }
}

const close = async (): Promise<void> => {
  for (const stopping of running.values()) stopping.abort(new Error('stopped'))
  processes.close()
  await Promise.all([http.close(), store.close()])
  tell({ type: 'closed' })
}

parentPort?.on('message', (message: ToThread) => {
  if (message.type === 'run') void run(message)
  else if (message.type === 'abort') running.get(message.id)?.abort(new Error('stopped'))
  else void close()
})
