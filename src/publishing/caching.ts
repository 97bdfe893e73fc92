import { hash } from 'node:crypto'

/** A shared cache is never asked to keep what readers see for longer than this. */
const LONGEST_SECONDS = 60

/**
 * How long shared caches may keep what readers see: until the next thing that is pending is due, at most. What is due
 * already, and has not been done, may be done at any moment. All other answers are `no-store`, as everywhere: nobody could
 * purge a 404 from a cache when its item goes live.
 */
export const cacheControlOf = (nextInSeconds: number | null): string => {
  const seconds = Math.floor(Math.min(LONGEST_SECONDS, nextInSeconds ?? LONGEST_SECONDS))
  return `max-age=0, s-maxage=${Math.max(0, seconds)}`
}

/** Names the contents of a list, which has no version. */
export const digestOf = (body: unknown): string =>
  hash('sha256', JSON.stringify(body), 'base64url').slice(0, 22)
