const SOON_MS = 1_000
const LONGEST_MS = 60_000
/** The clocks of the two sides differ a little; where its queue is paused, it stays scheduled. */
const OVERDUE_MS = 5_000

/** What is due at a time, as it was read. */
export interface Waiting {
  state: string
  nextAttemptAt: string | null
  dueAt: string
}

const dueMs = ({ nextAttemptAt, dueAt }: Waiting): number => Date.parse(nextAttemptAt ?? dueAt)

/** Falling due is the one change that no event tells: whether it may be so since it was read. */
export const mayHaveFallenDue = (one: Waiting, readMs: number, now: number): boolean =>
  one.state === 'scheduled' && dueMs(one) <= now && readMs <= dueMs(one) + OVERDUE_MS

/** When to look again without having heard of anything. */
export const nextLookMs = (one: Waiting | undefined, readMs: number): number | false => {
  const now = Date.now()
  if (one?.state !== 'scheduled') return false
  if (dueMs(one) <= now && !mayHaveFallenDue(one, readMs, now)) return false
  return Math.min(Math.max(dueMs(one) - now, SOON_MS), LONGEST_MS)
}
