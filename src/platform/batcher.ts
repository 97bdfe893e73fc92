export interface Batcher<Item, Result> {
  /** Resolves with the item's own result, once the batch that it travelled in is done. */
  add(item: Item): Promise<Result>
  readonly pending: number
  /** Resolves when nothing is waiting or under way. */
  idle(): Promise<void>
}

export interface BatcherOptions<Item, Result> {
  maxItems: number
  /** A batch ends before it gets larger than this by `sizeOf`; one item alone is sent whatever its size. */
  maxSize?: number
  sizeOf?(item: Item): number
  /** Batches under way at once. */
  concurrency: number
  /** More waiting than this is refused at once with `onOverload()`; no limit where left out. */
  maxWaiting?: number
  /** What has waited longer for its batch to leave is refused with `onOverload()`, and is never sent. */
  maxWaitMs?: number
  onOverload?(): Error
  /** One result an item, in order. A rejection fails every item of the batch. */
  flush(items: Item[]): Promise<PromiseSettledResult<Result>[]>
}

interface Entry<Item, Result> {
  item: Item
  sinceMs: number
  resolve: (result: Result) => void
  reject: (reason: unknown) => void
}

/**
 * Gathers what arrives while earlier batches are under way, so that many concurrent callers share one statement.
 * There is no timer: the first item leaves at the end of the current turn of the event loop, and batches grow
 * by themselves as load rises.
 */
export const createBatcher = <Item, Result>(o: BatcherOptions<Item, Result>): Batcher<Item, Result> => {
  const waiting: Entry<Item, Result>[] = []
  let running = 0
  let scheduled = false
  const idleWaiters: (() => void)[] = []
  let watching = false

  const settle = (entry: Entry<Item, Result>, result: PromiseSettledResult<Result> | undefined) => {
    if (result?.status === 'fulfilled') entry.resolve(result.value)
    else
      entry.reject(
        result === undefined ? new Error('a batch returned fewer results than items') : result.reason,
      )
  }

  const run = async (entries: Entry<Item, Result>[]) => {
    const outcome = await Promise.allSettled([o.flush(entries.map((entry) => entry.item))])
    running -= 1
    // The next batch leaves first: the database works on it while the callers of this one are answered.
    start()
    const [flushed] = outcome
    for (const [i, entry] of entries.entries()) {
      if (flushed.status === 'fulfilled') settle(entry, flushed.value[i])
      else entry.reject(flushed.reason)
    }
  }

  const overload = () => o.onOverload?.() ?? new Error('overloaded')

  /** Only the head of the line is watched: it is the oldest. */
  const watch = () => {
    const head = waiting[0]
    if (o.maxWaitMs === undefined || head === undefined || watching) return
    watching = true
    setTimeout(refuseLate, Math.max(1, head.sinceMs + o.maxWaitMs - performance.now()))
  }
  const refuseLate = () => {
    watching = false
    const limit = performance.now() - (o.maxWaitMs ?? Number.POSITIVE_INFINITY)
    const firstInTime = waiting.findIndex((entry) => entry.sinceMs > limit)
    const late = waiting.splice(0, firstInTime === -1 ? waiting.length : firstInTime)
    for (const entry of late) entry.reject(overload())
    watch()
  }

  const nextLength = (): number => {
    const { sizeOf, maxSize = Number.POSITIVE_INFINITY } = o
    if (sizeOf === undefined) return o.maxItems
    let size = 0
    const first = waiting.slice(0, o.maxItems)
    const end = first.findIndex((entry) => (size += sizeOf(entry.item)) > maxSize)
    return end === -1 ? first.length : Math.max(1, end)
  }

  const start = () => {
    while (running < o.concurrency && waiting.length > 0) {
      const entries = waiting.splice(0, nextLength())
      running += 1
      void run(entries)
    }
    watch()
    if (running === 0 && waiting.length === 0) {
      for (const done of idleWaiters.splice(0)) done()
    }
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        if (waiting.length >= (o.maxWaiting ?? Number.POSITIVE_INFINITY)) return reject(overload())
        waiting.push({ item, sinceMs: performance.now(), resolve, reject })
        if (scheduled) return
        scheduled = true
        setImmediate(() => {
          scheduled = false
          start()
        })
      }),
    get pending() {
      return waiting.length
    },
    idle: () =>
      running === 0 && waiting.length === 0
        ? Promise.resolve()
        : new Promise((resolve) => idleWaiters.push(resolve)),
  }
}
