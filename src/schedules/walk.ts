import { setImmediate as nextTurn } from 'node:timers/promises'
import type { CompiledRule, Occurrence } from './rule.ts'

/** Gives the event loop a turn where this one has taken long. */
export type Turn = () => Promise<void>

const TURN_MS = 8

export const createTurn = (): Turn => {
  let begunMs = performance.now()
  return async () => {
    if (performance.now() - begunMs < TURN_MS) return
    await nextTurn()
    begunMs = performance.now()
  }
}

/** Steps of one walk: a rule that runs every second for a part of each day has as many between two of its days. */
const MOST_STEPS = 20_000
const FIRST_SPAN_MS = 60_000

/** The occurrences from `from` up to and including `to`, in order, `most` at most: never long in one turn. */
export const walkBetween = async (
  rule: CompiledRule,
  from: Date,
  to: Date,
  most: number,
  turn: Turn,
): Promise<Occurrence[]> => {
  const found: Occurrence[] = []
  let next = rule.next(new Date(from.getTime() - 1))
  while (next !== null && next.at <= to && found.length < most) {
    found.push(next)
    next = rule.next(next.at)
    await turn()
  }
  return found
}

/** The last `most` of these: looked for backwards in spans that double, as rules know no way back. */
export const walkLast = async (
  rule: CompiledRule,
  from: Date,
  to: Date,
  most: number,
  turn: Turn,
): Promise<Occurrence[]> => {
  for (let spanMs = FIRST_SPAN_MS; ; spanMs *= 2) {
    const since = new Date(Math.max(from.getTime(), to.getTime() - spanMs))
    const found = await walkBetween(rule, since, to, MOST_STEPS, turn)
    // Cut off, and so without its end.
    if (found.length === MOST_STEPS) return walkBack(rule, from, to, most, turn)
    if (found.length >= most || since.getTime() === from.getTime()) return found.slice(-most)
  }
}

/** One by one from the end: each costs some twenty steps, however many there are before it. */
const walkBack = async (
  rule: CompiledRule,
  from: Date,
  to: Date,
  most: number,
  turn: Turn,
): Promise<Occurrence[]> => {
  const found: Occurrence[] = []
  let one = rule.latest(from, new Date(to.getTime() + 1))
  while (one !== null && found.length < most) {
    found.push(one)
    one = rule.latest(from, one.at)
    await turn()
  }
  return found.toReversed()
}
