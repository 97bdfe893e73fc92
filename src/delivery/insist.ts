import type { Logger } from '../platform/log.ts'

/** Runs something on the database until it goes through; null once there is no more time for it. */
export type Insist = <Result>(what: string, run: () => Promise<Result>) => Promise<Result | null>

export const DATABASE_RETRY_MS = 250
/** How often a subject that somebody else holds is looked at again. */
export const LOCKED_RETRY_MS = 50

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Claims are kept alive by the runner meanwhile; where they lapse all the same, another worker takes over. */
export const createInsist =
  (o: { queue: string; log: Logger; givenUp: () => boolean }): Insist =>
  async (what, run) => {
    while (!o.givenUp()) {
      try {
        return await run()
      } catch (err) {
        o.log.warn({ err, queue: o.queue }, `delivery: ${what} failed, trying again`)
        await pause(DATABASE_RETRY_MS)
      }
    }
    return null
  }
