import type { FastifyReply } from 'fastify'
import { YeyakError } from '../platform/errors.ts'
import { bound } from './bound.ts'
import { type Bucket, createBucket, take } from './bucket.ts'

const LIMIT = 10_000
const TOLD_EVERY_MS = 60_000

interface Use {
  bucket: Bucket
  toldMs: number
}

/** How each key, or session, is used by way of this process. */
export const createUsage = () => {
  const uses = new Map<string, Use>()

  const of = (id: string): Use => {
    const found = uses.get(id)
    if (found !== undefined) return found
    const made = { bucket: createBucket(), toldMs: Number.NEGATIVE_INFINITY }
    uses.set(id, made)
    bound(uses, LIMIT)
    return made
  }

  return {
    /** Once a minute: whether it is to be written down that it was used. */
    isToTell(id: string, nowMs: number): boolean {
      const use = of(id)
      if (nowMs - use.toldMs < TOLD_EVERY_MS) return false
      use.toldMs = nowMs
      return true
    },

    /** Counts a request, and tells the caller how many he has left. Throws `rate-limited`. */
    count(id: string, perMinute: number, nowMs: number, reply: FastifyReply): void {
      const taken = take(of(id).bucket, perMinute, nowMs)
      const headers = {
        'ratelimit-limit': String(perMinute),
        'ratelimit-remaining': String(taken.remaining),
        'ratelimit-reset': String(taken.resetSeconds),
      }
      if (!taken.isTaken) throw rateLimited(taken.retrySeconds, headers)
      reply.headers(headers)
    },
  }
}

export type Usage = ReturnType<typeof createUsage>

export const rateLimited = (
  retrySeconds: number,
  headers: Readonly<Record<string, string>> = {},
): YeyakError =>
  new YeyakError('rate-limited', { headers: { 'retry-after': String(retrySeconds), ...headers } })
