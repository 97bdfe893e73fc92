export interface Slots {
  /** Resolves with true once there is a slot, in the order of asking; with false once `signal` is aborted. */
  take(signal: AbortSignal): Promise<boolean>
  give(): void
}

/** So many at once. */
export const createSlots = (size: number): Slots => {
  let free = size
  const waiting = new Set<() => void>()
  return {
    take(signal) {
      if (signal.aborted) return Promise.resolve(false)
      if (free > 0) {
        free -= 1
        return Promise.resolve(true)
      }
      return new Promise((resolve) => {
        const settle = (isTaken: boolean) => {
          waiting.delete(taken)
          signal.removeEventListener('abort', gaveUp)
          resolve(isTaken)
        }
        const taken = () => settle(true)
        const gaveUp = () => settle(false)
        waiting.add(taken)
        signal.addEventListener('abort', gaveUp)
      })
    },
    give() {
      const [next] = waiting
      if (next === undefined) free += 1
      else next()
    },
  }
}
