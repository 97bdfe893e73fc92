/** So many requests a minute: a whole minute's at once, and then one each time that one has come back. */
export interface Bucket {
  tokens: number
  filledMs: number
}

export interface Taken {
  isTaken: boolean
  remaining: number
  /** Seconds until all of the minute's requests are back. */
  resetSeconds: number
  /** Seconds until the next request is; 0 where there is one. */
  retrySeconds: number
}

const MINUTE_MS = 60_000

export const createBucket = (): Bucket => ({ tokens: Number.POSITIVE_INFINITY, filledMs: 0 })

/** Takes one request out. `perMinute` may differ from that of the last call. */
export const take = (bucket: Bucket, perMinute: number, nowMs: number): Taken => {
  const grown = bucket.tokens + ((nowMs - bucket.filledMs) * perMinute) / MINUTE_MS
  bucket.tokens = Math.min(perMinute, grown)
  bucket.filledMs = nowMs
  const isTaken = bucket.tokens >= 1
  if (isTaken) bucket.tokens -= 1
  const secondsFor = (tokens: number) => Math.ceil((tokens * 60) / perMinute)
  return {
    isTaken,
    remaining: Math.floor(bucket.tokens),
    resetSeconds: secondsFor(perMinute - bucket.tokens),
    retrySeconds: isTaken ? 0 : Math.max(1, secondsFor(1 - bucket.tokens)),
  }
}
