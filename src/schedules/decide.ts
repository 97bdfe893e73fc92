import { catchUp, type CaughtUp, ON_TIME_MS } from './catch-up.ts'
import { type Compile, localOf } from './compiled.ts'
import type { Schedule } from './row.ts'
import type { Turn } from './walk.ts'

/** What becomes of all that is due of an active schedule, by its own policy. */
export const decide = async (
  compile: Compile,
  schedule: Schedule,
  { now, turn }: { now: Date; turn: Turn },
): Promise<CaughtUp> => {
  const { definition, nextOccurrence, nextAt } = schedule
  if (nextOccurrence === null || nextAt === null) throw new Error('an active schedule without a next run')
  const { missed, missedWithinSeconds } = definition
  const { rule } = compile(schedule)
  const from = {
    ...{ at: nextOccurrence, dueAt: rule.dueAt(nextOccurrence) },
    local: localOf(nextOccurrence, definition),
  }
  return catchUp({ ...{ rule, from, now, missed, missedWithinSeconds, turn }, onTimeMs: ON_TIME_MS })
}

/** What `schedule.missed` tells; null where nothing was. */
export const missedData = ({ definition }: Schedule, { missed, run }: CaughtUp): object | null => {
  if (missed === null) return null
  const madeUp = run.filter(({ isMissed }) => isMissed).length
  const range = { from: missed.from.toISOString(), to: missed.to.toISOString() }
  return { ...range, policy: definition.missed, madeUp }
}
