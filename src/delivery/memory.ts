/** Lets large things be in memory only so many bytes at a time; they wait for each other in the order in which they came. */
export interface Memory {
  /** Resolves with the function that gives the bytes back. More than the whole is let in alone. */
  take(bytes: number): Promise<() => void>
}

interface Waiting {
  bytes: number
  enter: () => void
}

export const createMemory = (limitBytes: number): Memory => {
  const line: Waiting[] = []
  let used = 0

  const admit = () => {
    for (let next = line[0]; next !== undefined; next = line[0]) {
      if (used > 0 && used + next.bytes > limitBytes) return
      line.shift()
      used += next.bytes
      next.enter()
    }
  }

  return {
    take: (bytes) =>
      new Promise((resolve) => {
        let isBack = false
        const giveBack = () => {
          if (isBack) return
          isBack = true
          used -= bytes
          admit()
        }
        line.push({ bytes, enter: () => resolve(giveBack) })
        admit()
      }),
  }
}
