import { type ChildProcess, fork } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Header, Recipe } from './plan.ts'
import type { Answer, Limits, Question } from './process-messages.ts'
import { ImageError } from './trouble.ts'

/** A process that works on images, seen from the program. */
export interface ImageProcess {
  /** Images that it has opened. */
  readonly opened: number
  readonly hasEnded: boolean
  open(bytes: Uint8Array, limits: Limits): Promise<Header>
  /** Of the image that was opened last. `widths`: of all that are made of it. */
  make(recipe: Recipe, widths: readonly number[]): Promise<Buffer>
  /** At once, whatever it is doing. */
  kill(): void
}

/** Next to this file, as TypeScript or as what became of it. */
const PROGRAM = fileURLToPath(new URL(`image-process${path.extname(import.meta.url)}`, import.meta.url))
/** Loading sharp takes 0.2 s; of two cores that have nothing left for it, some seconds. */
const START_LIMIT_MS = 30_000
const READY = 0

/** Nothing of the settings: what reads images of strangers has no use for passwords. */
const ENVIRONMENT = {
  // What glibc keeps for itself after large images stays small.
  MALLOC_ARENA_MAX: '2',
}

const lost = (how: string): ImageError =>
  new ImageError({
    code: 'image-process-lost',
    message: `the process that works on images ended: ${how}`,
    isFinal: false,
  })

const errorOf = (answer: Answer): ImageError =>
  'trouble' in answer ? new ImageError(answer.trouble) : lost('it answered something else')

/** Rejects with an `ImageError` where it cannot be started. */
export const startImageProcess = async (): Promise<ImageProcess> => {
  const waiting = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>()
  let opened = 0
  let lastId = READY
  let ended: ImageError | null = null

  const child: ChildProcess = fork(PROGRAM, [], {
    ...{ execArgv: [], env: ENVIRONMENT, serialization: 'advanced' },
    // Images go in by a pipe of their own: as messages they would be copied twice more, 3 ms of this process for each MB.
    // libvips complains on standard error of what it also answers.
    stdio: ['pipe', 'ignore', 'ignore', 'ipc'],
    // In a session of its own, of which Linux then makes a group that it may put behind all others.
    detached: true,
  })
  const end = (error: ImageError) => {
    ended ??= error
    for (const one of waiting.values()) one.reject(ended)
    waiting.clear()
  }
  // Whatever cuts the pipe ends the process too, which is told below.
  child.stdin?.on('error', () => {})
  child.on('error', ({ message }) => end(lost(message)))
  child.on('exit', (code, signal) => end(lost(signal ?? `exit code ${code}`)))
  child.on('message', (message) => {
    const answer = message as Answer
    waiting.get(answer.id)?.resolve(answer)
    waiting.delete(answer.id)
    // A program that has nothing else to do may end.
    if (waiting.size === 0) child.channel?.unref()
  })
  child.unref()

  const wait = (id: number, question: Question | null) =>
    new Promise<Answer>((resolve, reject) => {
      if (ended !== null) return reject(ended)
      waiting.set(id, { resolve, reject })
      child.channel?.ref()
      if (question === null) return
      // With a callback an error of the channel is told to it, and not thrown.
      child.send(question, (error) => {
        if (error !== null) end(lost(error.message))
      })
    })
  const kill = () => {
    end(lost('it was ended'))
    child.kill('SIGKILL')
  }

  const tooLong = setTimeout(kill, START_LIMIT_MS)
  await wait(READY, null).finally(() => clearTimeout(tooLong))

  return {
    get opened() {
      return opened
    },
    get hasEnded() {
      return ended !== null
    },
    async open(bytes, limits) {
      opened += 1
      const id = (lastId += 1)
      const answering = wait(id, { id, ask: 'open', length: bytes.length, limits })
      child.stdin?.write(bytes)
      const answer = await answering
      if (!('header' in answer)) throw errorOf(answer)
      return answer.header
    },
    async make(recipe, widths) {
      const id = (lastId += 1)
      const answer = await wait(id, { id, ask: 'make', recipe, widths })
      if (!('bytes' in answer)) throw errorOf(answer)
      const { bytes } = answer
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    },
    kill,
  }
}
