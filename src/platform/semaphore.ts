export interface Semaphore {
  /**
   * Resolves with the function that gives it back, once there is room, in the order of asking: what is large is not
   * overtaken, else it might wait for ever. More than the whole is let in alone. Null once `signal` is aborted.
   */
  take(weight: number, signal: AbortSignal): Promise<(() => void) | null>
}

interface Waiting {
  weight: number
  enter: () => void
}

/** At most so much at a time, of whatever the weights count. */
export const createSemaphore = (limit: number): Semaphore => {
  const line = new Set<Waiting>()
  let used = 0

  const admit = () => {
    for (const next of line) {
      if (used > 0 && used + next.weight > limit) return
      line.delete(next)
      used += next.weight
      next.enter()
    }
  }

  return {
    take(weight, signal) {
      if (signal.aborted) return Promise.resolve(null)
      return new Promise((resolve) => {
        let isBack = false
        const giveBack = () => {
          if (isBack) return
          isBack = true
          used -= weight
          admit()
        }
        const waiting: Waiting = {
          weight,
          enter() {
            signal.removeEventListener('abort', leave)
            resolve(giveBack)
          },
        }
        const leave = () => {
          line.delete(waiting)
          resolve(null)
          // It may have stood before others that fit.
          admit()
        }
        signal.addEventListener('abort', leave, { once: true })
        line.add(waiting)
        admit()
      })
    },
  }
}
