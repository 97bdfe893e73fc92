import { createBatcher } from '../platform/batcher.ts'
import { bound } from './bound.ts'

/** How long an answer may be used: what another process changes counts here after a second. */
const LIFE_MS = 1_000
/** From this age on the next answer is fetched while this one is still used, so that busy servers never wait for one. */
const RENEW_MS = 500
/** How long somebody whose answer was known waits for the next one, before the old one is used. */
const PATIENCE_MS = 500
/**
 * Beyond this age an answer is not used, even where there is no other: a key that nobody has used here since may have been
 * revoked long ago, and a slow database would open the door to it.
 */
const BELIEVED_MS = 60_000
const BATCH = 1_000
/** Questions at a time: while the database is slow, those of people without a key must not take all connections of a pool. */
const AT_ONCE = 2

interface Known<Value> {
  value: Value
  /** When it was asked for, so that a change that was committed later is not in it. */
  askedMs: number
  /** It is known to be outdated. */
  isVoid: boolean
}

export interface Memory<Value> {
  /** What is known, and not too old, at once. */
  peek(key: string, nowMs: number): Value | undefined
  /** Whether it was there when last asked for, however long ago. */
  has(key: string): boolean
  /**
   * Asks, together with whoever asks in the same turn. Null where there is none. Where the database does not answer, what was
   * known within the last minute is used; rejects where nothing was.
   */
  find(key: string): Promise<Value | null>
  /** Everything is asked for again: something was changed. */
  forget(): void
}

/** What the database says of a few keys. Only what exists is kept, `limit` of it, so that guesses cannot fill it. */
export const createMemory = <Value>(o: {
  read(keys: readonly string[]): Promise<ReadonlyMap<string, Value>>
  limit: number
  now?: () => number
}): Memory<Value> => {
  const now = o.now ?? (() => performance.now())
  const known = new Map<string, Known<Value>>()
  const asked = new Map<string, Promise<Value | null>>()
  let era = 0
  /** The last question was not answered: who can do without does not wait for the next answer. */
  let isAway = false

  const keep = (key: string, value: Value | undefined, askedMs: number): void => {
    known.delete(key)
    if (value === undefined) return
    known.set(key, { value, askedMs, isVoid: false })
    bound(known, o.limit)
  }

  const readAll = async (keys: readonly string[]): Promise<ReadonlyMap<string, Value>> => {
    for (;;) {
      const [askedMs, askedEra] = [now(), era]
      try {
        const found = await o.read(keys)
        isAway = false
        // Something was changed meanwhile, and the answer may be from before.
        if (askedEra !== era) continue
        for (const key of keys) keep(key, found.get(key), askedMs)
        return found
      } catch (error) {
        isAway = true
        throw error
      }
    }
  }

  const batcher = createBatcher<string, Value | null>({
    maxItems: BATCH,
    concurrency: AT_ONCE,
    async flush(keys) {
      const found = await readAll(keys)
      return keys.map((key) => ({ status: 'fulfilled', value: found.get(key) ?? null }))
    },
  })

  const ask = (key: string): Promise<Value | null> => {
    const under = asked.get(key)
    if (under !== undefined) return under
    const answer = batcher.add(key).finally(() => asked.delete(key))
    asked.set(key, answer)
    // Nobody may be waiting for it.
    answer.catch(() => {})
    return answer
  }

  return {
    peek(key, nowMs) {
      const found = known.get(key)
      if (found === undefined || found.isVoid) return undefined
      const ageMs = nowMs - found.askedMs
      if (ageMs > LIFE_MS) return undefined
      if (ageMs > RENEW_MS) void ask(key)
      return found.value
    },
    has: (key) => known.has(key),
    find(key) {
      const before = known.get(key)
      const answer = ask(key)
      if (before === undefined || before.isVoid || now() - before.askedMs > BELIEVED_MS) return answer
      if (isAway) return Promise.resolve(before.value)
      return new Promise((resolve) => {
        const old = () => resolve(before.value)
        const timer = setTimeout(old, PATIENCE_MS)
        answer.then(resolve, old).finally(() => clearTimeout(timer))
      })
    },
    forget() {
      era += 1
      for (const entry of known.values()) entry.isVoid = true
    },
  }
}
