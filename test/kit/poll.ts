import { setTimeout as sleep } from 'node:timers/promises'

/** As many ms as a tenth of what was waited so far, within these: who waits for seconds would else keep a core busy with asking. */
const PAUSE_MS = { least: 5, most: 100 }

/** Asks until the answer is there, and fails with `what` at the deadline. */
export const eventually = async <Value>(
  what: string,
  ask: () => Promise<Value | null | undefined | false> | Value | null | undefined | false,
  timeoutMs = 20_000,
): Promise<Value> => {
  const beganMs = performance.now()
  for (;;) {
    const value = await ask()
    if (value !== null && value !== undefined && value !== false) return value
    const waitedMs = performance.now() - beganMs
    if (waitedMs > timeoutMs) throw new Error(`not within ${timeoutMs} ms: ${what}`)
    await sleep(Math.min(PAUSE_MS.most, Math.max(PAUSE_MS.least, waitedMs / 10)))
  }
}
