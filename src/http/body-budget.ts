import type { FastifyRequest } from 'fastify'
import type { YeyakError } from '../platform/errors.ts'
import { unavailable } from './problem.ts'

/** Of all bodies that are being read or worked on. A body is held several times over until it is written: about 160 MB. */
const BUDGET_BYTES = 32 * 1024 * 1024
/** Smaller ones, nearly all, are not counted: the limit on what waits for the database covers them. */
const COUNTED_BYTES = 16 * 1024
/** What a body without a length counts for, until it is longer. */
const UNDECLARED_BYTES = 1024 * 1024

/** All that is asked of a request; it is known again by its identity. */
type Sized = Pick<FastifyRequest, 'headers'>

export interface BodyBudget {
  /**
   * Says why this request is not taken now; otherwise its body counts until `giveBack`. A body without a length counts for no
   * more than its route takes, so that nobody without a key can fill the budget by signing in slowly.
   */
  take(request: Sized, limitBytes?: number): YeyakError | undefined
  /** Of a body without a length, that so many bytes of it have come; says why no more of it is taken, if so. */
  grow(request: Sized, received: number): YeyakError | undefined
  giveBack(request: Sized): void
}

/**
 * Refuses large bodies before memory grows: 600 of 250 kB at once ended the process. One alone is taken whatever its
 * size, up to the limit of its route.
 */
export const createBodyBudget = (): BodyBudget => {
  const counted = new WeakMap<Sized, number>()
  let bytes = 0
  const sizeOf = ({ headers }: Sized, limitBytes: number): number => {
    const isDeclared = headers['transfer-encoding'] === undefined
    const size = isDeclared ? Number(headers['content-length'] ?? 0) : Math.min(UNDECLARED_BYTES, limitBytes)
    return size > COUNTED_BYTES ? size : 0
  }
  return {
    take(request, limitBytes = UNDECLARED_BYTES) {
      const size = sizeOf(request, limitBytes)
      if (size === 0) return undefined
      if (bytes > 0 && bytes + size > BUDGET_BYTES) return unavailable('overloaded', 1)
      counted.set(request, size)
      bytes += size
      return undefined
    },
    grow(request, received) {
      const size = counted.get(request) ?? 0
      if (received <= size) return undefined
      const others = bytes - size
      if (others > 0 && others + received > BUDGET_BYTES) return unavailable('overloaded', 1)
      counted.set(request, received)
      bytes = others + received
      return undefined
    },
    giveBack(request) {
      const size = counted.get(request)
      if (size === undefined) return
      counted.delete(request)
      bytes -= size
    },
  }
}
