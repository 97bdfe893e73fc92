import { type BuiltInRun, TaskFailure } from '../define.ts'
import { CONTENT_TYPES } from './format.ts'
import type { ImageProcesses, OpenImage } from './image-processes.ts'
import { type Planned, planSizes } from './plan.ts'
import { release } from './release.ts'
import type { ResizeData } from './schema.ts'
import type { Store } from './store.ts'
import { ImageError, type Trouble } from './trouble.ts'

/** What became of one size. */
export type SizeResult =
  | { size: number; width: number; height: number; bytes: number; location: string }
  | { size: number; error: string }

export interface ResizeOptions {
  processes: ImageProcesses
  store: Store
  /** The image that is meant, in memory of its own, which is given back. @throws ImageError */
  read(run: BuiltInRun<ResizeData>): Promise<Buffer>
}

type Settled = { result: SizeResult; trouble?: Trouble }

const isImageError = (error: unknown): error is ImageError => error instanceof ImageError

const failure = (trouble: Trouble, result: unknown, cause?: unknown): TaskFailure => {
  const { code, message, isFinal, afterMs } = trouble
  return new TaskFailure(message, { code, isFinal, result, cause, ...(afterMs !== undefined && { afterMs }) })
}

/** All that came of it, or a failure that brings it along: what is there already is found again by the next attempt. */
const conclude = (settled: readonly Settled[]): { sizes: SizeResult[] } => {
  const result = { sizes: settled.map((one) => one.result) }
  const troubles = settled.flatMap(({ trouble }) => (trouble === undefined ? [] : [trouble]))
  const passing = troubles.filter(({ isFinal }) => !isFinal)
  const [first = troubles[0]] = passing
  // Those that can never be made are told in the result; they are no reason to fail what was made.
  if (first === undefined || (passing.length === 0 && troubles.length < settled.length)) return result
  const missing = passing.length === 0 ? troubles.length : passing.length
  const message = `${missing} of ${settled.length} sizes could not be made: ${first.message}`
  const waits = passing.flatMap(({ afterMs }) => (afterMs === undefined ? [] : [afterMs]))
  throw failure({ ...first, message, ...(waits.length > 0 && { afterMs: Math.max(...waits) }) }, result)
}

/**
 * Makes each size that is not there yet. An attempt keeps no list of what it has made: what is there has the name that it would
 * be given again, so that a worker may be lost at any moment, and a retry makes only what is missing.
 */
export const createResize = ({ processes, store, read }: ResizeOptions) => {
  /** What the error says of one size; whatever else went wrong is not about sizes. */
  const troubled = (size: number, error: unknown, signal: AbortSignal): Settled => {
    if (signal.aborted || !isImageError(error)) throw error
    return { result: { size, error: error.message }, trouble: error.trouble }
  }

  /** Resolves once it is made; being stored it goes on, and meanwhile the process may have the next image. */
  const makeOne = async (
    { size, recipe, name, error }: Planned,
    o: { image: OpenImage; widths: readonly number[]; signal: AbortSignal },
  ): Promise<{ settled: Promise<Settled> }> => {
    if (recipe === undefined) {
      const trouble: Trouble = { code: 'size-impossible', message: error, isFinal: true }
      return { settled: Promise.resolve({ result: { size, error }, trouble }) }
    }
    const { image, widths, signal } = o
    const { width, height, format } = recipe
    const made = (bytes: number): Settled => ({
      result: { size, width, height, bytes, location: store.locationOf(name) },
    })
    const there = await store.find(name, signal)
    if (there !== null) return { settled: Promise.resolve(made(there.bytes)) }
    try {
      const bytes = await image.make(recipe, widths)
      const putting = store.put(name, { bytes, contentType: CONTENT_TYPES[format] }, signal)
      const settled = putting.then(
        () => made(bytes.length),
        (caught: unknown) => troubled(size, caught, signal),
      )
      // It is awaited only when all are made, and may fail before.
      settled.catch(() => {})
      return { settled }
    } catch (caught) {
      return { settled: Promise.resolve(troubled(size, caught, signal)) }
    }
  }

  const makeAll = async (run: BuiltInRun<ResizeData>, image: OpenImage) => {
    const planned = planSizes(image.header, run.data)
    const widths = [...new Set(planned.flatMap(({ recipe }) => recipe?.width ?? []))]
    /** Sizes that are larger than the image are one and the same. */
    const byName = new Map<string, ReturnType<typeof makeOne>>()
    let done = 0
    return Promise.all(
      planned.map(async (one) => {
        const key = one.name ?? String(one.size)
        const making = byName.get(key) ?? makeOne(one, { image, widths, signal: run.signal })
        byName.set(key, making)
        const { settled } = await making
        done += 1
        run.progress((done / planned.length) * 100)
        return { size: one.size, settled }
      }),
    )
  }

  return async (run: BuiltInRun<ResizeData>): Promise<{ sizes: SizeResult[] }> => {
    try {
      const bytes = await read(run)
      const made = await processes.use(bytes, run.signal, (image) => {
        // The process has it whole.
        release(bytes)
        return makeAll(run, image)
      })
      const settled = await Promise.all(
        made.map(async ({ size, settled: settling }): Promise<Settled> => {
          const one = await settling
          return { ...one, result: { ...one.result, size } }
        }),
      )
      return conclude(settled)
    } catch (error) {
      if (run.signal.aborted || !isImageError(error)) throw error
      throw failure(error.trouble, run.previous ?? undefined, error)
    }
  }
}
