import type { MissedPolicy } from './definition.ts'
import type { CompiledRule, Occurrence } from './rule.ts'
import { type Turn, walkLast } from './walk.ts'

/** What is late by more than this was missed: longer than the work of a lost worker takes to be taken over. */
export const ON_TIME_MS = 30_000
/** Of what was missed, runs that are made up for at most: the latest. */
export const MOST_MISSED = 1_000

/** What becomes of a schedule whose next occurrence is due. */
export interface CaughtUp {
  /** To be run, oldest first. */
  run: { occurrence: Occurrence; isMissed: boolean }[]
  /** The first and the last that were not run on time; null where all were. */
  missed: { from: Date; to: Date } | null
  /** The first that is still to come; null: there is none. */
  next: Occurrence | null
}

export interface CatchUpOptions {
  rule: CompiledRule
  /** The first that is not decided. */
  from: Occurrence
  now: Date
  missed: MissedPolicy
  missedWithinSeconds: number
  /** How late the latest one may be and still be on time; after a pause none is. */
  onTimeMs: number
  turn: Turn
}

/**
 * Decides what is run of all that is due. An occurrence was missed where the next one has come as well, or where it is late by
 * more than `onTimeMs`: otherwise a schedule that skips would skip for a millisecond, and one that catches up would run twice.
 */
export const catchUp = async (o: CatchUpOptions): Promise<CaughtUp> => {
  const { rule, from, now } = o
  const isDue = ({ dueAt }: Occurrence) => dueAt <= now
  const isOnTime = ({ dueAt }: Occurrence) => now.getTime() - dueAt.getTime() <= o.onTimeMs
  if (!isDue(from)) return { run: [], missed: null, next: from }
  const second = rule.next(from.at)
  const isAlone = second === null || !isDue(second)
  if (isAlone && isOnTime(from))
    return { run: [{ occurrence: from, isMissed: false }], missed: null, next: second }

  // One more than is asked for: of the last one the jitter may not be over.
  const most = (o.missed === 'all' ? MOST_MISSED : 1) + 1
  const found = isAlone ? [from] : await walkLast(rule, from.at, now, most, o.turn)
  const due = found.filter(isDue)
  const latest = due.at(-1) ?? from
  const current = isOnTime(latest) ? latest : null
  const sinceMs = now.getTime() - o.missedWithinSeconds * 1000
  const isWanted = (one: Occurrence) =>
    one === current || (o.missed !== 'skip' && one.at.getTime() >= sinceMs)
  const run = due.filter(isWanted).slice(o.missed === 'all' ? -MOST_MISSED : -1)
  const lastMissed = current === null ? latest : (due.at(-2) ?? null)
  return {
    run: run.map((occurrence) => ({ occurrence, isMissed: occurrence !== current })),
    missed: { from: from.at, to: lastMissed?.at ?? from.at },
    next: isAlone ? second : rule.next(latest.at),
  }
}
