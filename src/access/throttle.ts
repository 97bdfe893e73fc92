import { bound } from './bound.ts'

/** Guessing is slowed in the memory of one process: bounded, gone with a restart, and of no cost to anybody else. */
const MOST = 10_000

const WINDOW_MS = 60_000
const MOST_A_MINUTE = 20

/** Wrong keys of an address: after 20 in a minute it waits for the rest of that minute. */
export const createGuesses = (now: () => number = () => performance.now()) => {
  const counts = new Map<string, { count: number; sinceMs: number }>()
  return {
    /** Seconds to wait; 0 where the address may try. */
    waitSeconds(address: string): number {
      const found = counts.get(address)
      if (found === undefined || found.count < MOST_A_MINUTE) return 0
      const leftMs = found.sinceMs + WINDOW_MS - now()
      return leftMs <= 0 ? 0 : Math.ceil(leftMs / 1000)
    },
    failed(address: string): void {
      const found = counts.get(address)
      if (found !== undefined && now() - found.sinceMs < WINDOW_MS) {
        found.count += 1
        return
      }
      counts.delete(address)
      counts.set(address, { count: 1, sinceMs: now() })
      bound(counts, MOST)
    },
  }
}
export type Guesses = ReturnType<typeof createGuesses>

const FREE = 5
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 15 * 60_000
/** A count is dropped when nothing has failed for so long. */
const FORGET_MS = 60 * 60_000

/** Wrong passwords, by user and by address: five are free, and then each doubles the wait, up to 15 minutes. */
export const createBackoff = (now: () => number = () => performance.now()) => {
  const counts = new Map<string, { failures: number; blockedUntilMs: number; lastMs: number }>()

  const current = (name: string) => {
    const found = counts.get(name)
    if (found !== undefined && now() - found.lastMs > FORGET_MS) {
      counts.delete(name)
      return undefined
    }
    return found
  }

  const takeBack = (name: string): void => {
    const found = counts.get(name)
    if (found === undefined) return
    found.failures -= 1
    found.blockedUntilMs = 0
    if (found.failures <= 0) counts.delete(name)
  }

  return {
    /** Seconds to wait, the longest that any of the names has to; 0 where all may try. */
    waitSeconds(names: readonly string[]): number {
      const leftMs = Math.max(0, ...names.map((name) => (current(name)?.blockedUntilMs ?? 0) - now()))
      return Math.ceil(leftMs / 1000)
    },
    /** Counted when a try begins, so that many at once are no way around; `passed` takes it back. */
    began(names: readonly string[]): void {
      for (const name of names) {
        const failures = (current(name)?.failures ?? 0) + 1
        const waitMs = failures < FREE ? 0 : Math.min(FIRST_WAIT_MS * 2 ** (failures - FREE), LONGEST_WAIT_MS)
        counts.delete(name)
        counts.set(name, { failures, blockedUntilMs: now() + waitMs, lastMs: now() })
        bound(counts, MOST)
      }
    },
    /** The user is known to be himself. His address has merely one failure less: others may guess from there. */
    passed(user: string, address: string): void {
      counts.delete(user)
      takeBack(address)
    },
    /** The try was none: nothing was compared. */
    gaveUp(names: readonly string[]): void {
      for (const name of names) takeBack(name)
    },
  }
}
export type Backoff = ReturnType<typeof createBackoff>
