import type { Pool } from 'undici'

/** A place in the line for a connection to an origin. */
export interface Claim {
  /** Gives up the place, or the connection. Once only. */
  release(): void
}

export interface Origins {
  /** Calls `begin` once a connection to the origin (scheme, host and port) may be used: at once, or when one is free. */
  claim(origin: string, begin: (pool: Pool) => void): Claim
  /** Ends all connections, those in use too. */
  close(): Promise<void>
}

interface Origin {
  pool: Pool
  active: number
  waiting: Set<() => void>
}

/**
 * Requests to one origin at the same time. The next ones wait, in a line of that origin only: one that hangs delays no
 * other. The pool's own line, of which nothing can be taken out, is used for moments only: what has given up waiting in it
 * would still be connected for, one after another.
 */
const MAX_ACTIVE = 256
/** Origins without a request whose connections are kept, the ones used last. */
const MAX_IDLE = 200

export const createOrigins = (
  createPool: (origin: string, connections: number) => Pool,
  limits: { maxActive?: number; maxIdle?: number } = {},
): Origins => {
  const { maxActive = MAX_ACTIVE, maxIdle = MAX_IDLE } = limits
  const origins = new Map<string, Origin>()
  /** In the order in which they fell idle. */
  const idle = new Set<string>()

  const drop = (name: string, origin: Origin) => {
    origins.delete(name)
    idle.delete(name)
    // What is still connecting for nobody is ended with it.
    origin.pool.destroy().catch(() => {})
  }

  const open = (name: string): Origin => {
    const origin: Origin = { pool: createPool(name, maxActive), active: 0, waiting: new Set() }
    origin.pool.on('disconnect', () => {
      if (idle.has(name) && origin.pool.stats.connected === 0) drop(name, origin)
    })
    origins.set(name, origin)
    return origin
  }

  const rest = (name: string, origin: Origin) => {
    if (origin.pool.stats.connected === 0) return drop(name, origin)
    idle.add(name)
    const [oldest] = idle
    const dropped = oldest === undefined ? undefined : origins.get(oldest)
    if (idle.size > maxIdle && oldest !== undefined && dropped !== undefined) drop(oldest, dropped)
  }

  return {
    claim(name, begin) {
      const origin = origins.get(name) ?? open(name)
      const start = () => {
        origin.active += 1
        begin(origin.pool)
      }
      idle.delete(name)
      if (origin.active < maxActive) start()
      else origin.waiting.add(start)
      return {
        release() {
          if (origin.waiting.delete(start)) return
          origin.active -= 1
          const [next] = origin.waiting
          if (next !== undefined) {
            origin.waiting.delete(next)
            next()
          } else if (origin.active === 0 && origins.get(name) === origin) rest(name, origin)
        },
      }
    },
    async close() {
      const all = [...origins.values()]
      origins.clear()
      idle.clear()
      await Promise.all(all.map(({ pool }) => pool.destroy()))
    },
  }
}
