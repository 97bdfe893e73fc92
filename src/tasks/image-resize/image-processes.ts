import { createSemaphore } from '../../platform/semaphore.ts'
import { type ImageProcess, startImageProcess } from './image-process-client.ts'
import type { Header } from './plan.ts'
import type { Limits } from './process-messages.ts'

/** An image that is open in a process. */
export interface OpenImage {
  header: Header
  make: ImageProcess['make']
}

export interface ImageProcesses {
  /**
   * Opens the image in a process of its own for as long as `work` takes, once one is free. Rejects with an `ImageError` for what
   * is no image, and with the signal's reason once that is aborted: the process is ended then, in the middle of an image too.
   */
  use<Value>(
    bytes: Uint8Array,
    signal: AbortSignal,
    work: (image: OpenImage) => Promise<Value>,
  ): Promise<Value>
  close(): void
}

/** What an idle one holds is some 70 MB. */
const IDLE_MS = 20_000
/** After so many images a process is replaced, with whatever it has leaked. */
const MOST_IMAGES = 200

/** Starts nothing before there is an image. */
export const createImageProcesses = (o: {
  limits: Limits
  /** How many there may be. */
  count: number
}): ImageProcesses => {
  const slots = createSemaphore(o.count)
  const all = new Set<ImageProcess>()
  const idle: ImageProcess[] = []
  let sweep: NodeJS.Timeout | undefined
  let isClosed = false

  const remove = (one: ImageProcess) => {
    all.delete(one)
    one.kill()
  }

  const take = async (): Promise<ImageProcess> => {
    clearTimeout(sweep)
    for (;;) {
      const one = idle.pop()
      if (one === undefined) break
      if (!one.hasEnded) return one
      all.delete(one)
    }
    const started = await startImageProcess()
    all.add(started)
    if (isClosed) remove(started)
    return started
  }

  const putBack = (one: ImageProcess) => {
    if (isClosed || one.hasEnded || one.opened >= MOST_IMAGES) return remove(one)
    idle.push(one)
    clearTimeout(sweep)
    sweep = setTimeout(() => idle.splice(0).forEach(remove), IDLE_MS)
    sweep.unref()
  }

  return {
    async use(bytes, signal, work) {
      const giveBack = await slots.take(1, signal)
      signal.throwIfAborted()
      let used: ImageProcess | undefined
      const kill = () => used?.kill()
      try {
        used = await take()
        signal.addEventListener('abort', kill)
        signal.throwIfAborted()
        const one = used
        const header = await one.open(bytes, o.limits)
        return await work({ header, make: one.make })
      } catch (error) {
        signal.throwIfAborted()
        throw error
      } finally {
        signal.removeEventListener('abort', kill)
        if (signal.aborted) kill()
        if (used !== undefined) putBack(used)
        giveBack?.()
      }
    },
    close() {
      isClosed = true
      clearTimeout(sweep)
      for (const one of all) remove(one)
    },
  }
}
