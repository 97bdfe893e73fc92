import { setTimeout as sleep } from 'node:timers/promises'

/** Asks until the answer is there, and fails with `what` at the deadline. */
export const eventually = async <Value>(
  what: string,
  ask: () => Promise<Value | null | undefined | false> | Value | null | undefined | false,
  timeoutMs = 20_000,
): Promise<Value> => {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const value = await ask()
    if (value !== null && value !== undefined && value !== false) return value
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`)
    await sleep(10)
  }
}
