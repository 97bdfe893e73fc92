import { setTimeout as sleep } from 'node:timers/promises'
import { clusterPassword } from './cluster.ts'
import { errorText } from './errors.ts'
import { launch, type LaunchOptions, type OwnedServer, reclaim } from './launch.ts'
import { findPostmaster } from './postmaster.ts'

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 5_000

/**
 * Keeps a server up until it is stopped: one that ends by itself is started again on the same port, which clients
 * know, and a lost lock is taken again.
 */
export function supervise(
  first: OwnedServer,
  o: LaunchOptions & { log: (message: string) => void },
): { stop(): Promise<void> } {
  const stopping = new AbortController()
  let current: OwnedServer | null = first
  const loop = watch()

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      if (current === null) {
        current = await startAgain()
        continue
      }
      const { server, ownership } = current
      const how = await Promise.race([server.exited, ownership.lost.then(() => null)])
      if (stopping.signal.aborted) return
      if (how === null) {
        // Mostly the first sign of a server that ends; then this waits for its end.
        current = await holdAgain(current)
      } else {
        o.log(`The embedded PostgreSQL ended unexpectedly (${how}); starting it again`)
        await ownership.release()
        current = null
      }
    }
  }

  async function holdAgain({ server, ownership }: OwnedServer): Promise<OwnedServer | null> {
    await ownership.release()
    for (let pauseMs = FIRST_PAUSE_MS; !stopping.signal.aborted; pauseMs = longer(pauseMs)) {
      const how = await Promise.race([server.exited, pause(pauseMs)])
      if (stopping.signal.aborted) break
      if (typeof how === 'string') {
        o.log(`The embedded PostgreSQL ended unexpectedly (${how}); starting it again`)
        return null
      }
      const again = await reclaim(server.port, await clusterPassword(o.clusterDir).catch(() => ''))
      if (again !== null) return { server, ownership: again }
    }
    return { server, ownership }
  }

  async function startAgain(): Promise<OwnedServer | null> {
    for (let pauseMs = FIRST_PAUSE_MS; !stopping.signal.aborted; pauseMs = longer(pauseMs)) {
      await pause(pauseMs)
      if (stopping.signal.aborted) return null
      try {
        // Clears away an entry that would stand in the way.
        await findPostmaster(o.clusterDir)
        const begun = performance.now()
        const again = await launch({ ...o, signal: stopping.signal })
        o.log(
          `The embedded PostgreSQL is up again on port ${again.server.port} (${Math.round(performance.now() - begun)} ms)`,
        )
        return again
      } catch (error) {
        if (stopping.signal.aborted) return null
        o.log(
          `The embedded PostgreSQL could not be started again, next try in ${longer(pauseMs)} ms: ${errorText(error)}`,
        )
      }
    }
    return null
  }

  async function pause(ms: number): Promise<null> {
    return sleep(ms, null, { signal: stopping.signal }).catch(() => null)
  }

  async function end(): Promise<void> {
    stopping.abort()
    await current?.server.shutDown('fast')
    await loop
    // A start that was under way when the stop came has its server here now.
    await current?.server.shutDown('fast')
    await current?.ownership.release()
  }
  let ending: Promise<void> | null = null
  return { stop: () => (ending ??= end()) }
}

function longer(pauseMs: number): number {
  return Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
}
