import type { Database } from '../platform/database.ts'
import type { Job } from '../queue/index.ts'
import type { Started } from './repository.ts'

/**
 * Limits how many of a lane are begun at a time, over all workers. What it does is part of the transactions in which attempts
 * begin and end, so that the limit holds whatever is killed when. Instants are in milliseconds since 1970.
 */
export interface Admission {
  /**
   * Before they begin. `aside`: the subjects that must wait; their jobs are removed by the caller, and they come back by timers
   * that are planted once there is room. Those that somebody holds are in neither list, and are tried again.
   */
  admit(
    tx: Database,
    jobs: readonly Job[],
  ): Promise<{ admitted: readonly string[]; aside: readonly string[] }>
  /** After the others were to begin: `begun` are those that did, or were refused their beginning. */
  settle(tx: Database, ids: readonly string[], begun: readonly Started[]): Promise<number | null>
  /** Attempts at these have ended. Returns when the earliest timer that was planted for it is due. */
  release(tx: Database, ids: readonly string[]): Promise<number | null>
}
