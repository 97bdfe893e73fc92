import { sql } from 'kysely'
import type { Database } from './database.ts'

/** Every instant that Yeyak decides by is the database's: the clock of the process may be wrong, and several processes differ. */
export interface Clock {
  /** The database's time, from a sample not older than `MAX_AGE_MS` carried on by the monotonic clock. Up to a round trip late, never early. */
  now(): Promise<Date>
  /** Asks the database now; rejects where it does not answer. */
  check(): Promise<void>
  /** Database time minus this process's wall clock in milliseconds; null before the first sample. */
  offsetMs(): number | null
}

const MAX_AGE_MS = 30_000
/** The monotonic clock stands still while a laptop sleeps. If the wall clock ran on by more than this, the sample is void. */
const MAX_DRIFT_MS = 50
const GOOD_ROUND_TRIP_MS = 10
const MAX_TRIES = 3

interface Sample {
  /** Database time, in milliseconds since 1970, at `monotonicMs`. */
  databaseMs: number
  monotonicMs: number
  wallMs: number
  roundTripMs: number
}

export const createClock = (db: Database): Clock => {
  let sample: Sample | null = null
  let sampling: Promise<void> | null = null

  const isFresh = (s: Sample): boolean => {
    const age = performance.now() - s.monotonicMs
    return age < MAX_AGE_MS && Math.abs(Date.now() - s.wallMs - age) < MAX_DRIFT_MS
  }

  const take = async (): Promise<void> => {
    const sentMs = performance.now()
    const { rows } = await sql<{ ms: number }>`
      select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`.execute(db)
    const receivedMs = performance.now()
    if (rows[0] === undefined) throw new Error('the database gave no time')
    const taken = {
      // It was read somewhere between. The latest is taken: a delay may end late by a round trip, never early.
      databaseMs: rows[0].ms + (receivedMs - sentMs),
      monotonicMs: receivedMs,
      wallMs: Date.now() - (performance.now() - receivedMs),
      roundTripMs: receivedMs - sentMs,
    }
    // A slower answer says less about when the clock was read.
    if (sample === null || !isFresh(sample) || taken.roundTripMs <= sample.roundTripMs) sample = taken
  }

  /** A sample taken while the process was busy is worth little: another one is soon had. */
  const takeGood = async (): Promise<void> => {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      await take()
      if (sample !== null && sample.roundTripMs < GOOD_ROUND_TRIP_MS) return
    }
  }

  const read = (s: Sample): number => s.databaseMs + performance.now() - s.monotonicMs

  return {
    async now() {
      if (sample === null || !isFresh(sample)) {
        sampling ??= takeGood().finally(() => {
          sampling = null
        })
        await sampling
      }
      if (sample === null) throw new Error('the database gave no time')
      return new Date(Math.ceil(read(sample)))
    },
    check: () => take(),
    offsetMs: () => (sample === null ? null : read(sample) - Date.now()),
  }
}
