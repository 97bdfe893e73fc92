import { type Database, inTransaction } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { resolveWhen } from '../timers/index.ts'
import { movedTo, told } from './due.ts'
import { createDueRepository } from './repository-due.ts'
import { createLookRepository } from './repository-look.ts'
import { write } from './repository-write.ts'
import { compileRule } from './rule.ts'
import type { Schedule } from './row.ts'

/** A schedule whose next run is at another instant now. */
export interface MovedSchedule {
  id: string
  projectId: number
  name: string
  timeZone: string
  /** The wall clock of the run that it would be now; empty where there is none any more. */
  local: string
  before: Date
  after: Date | null
}

export interface Rederived {
  examined: number
  moved: MovedSchedule[]
  /** The last id that was looked at; null: that was the last of all. */
  after: string | null
}

/** A start or an end that was given by the wall clock; another one is an instant for good. */
const boundOf = (given: unknown, stored: Date | null, path: string, now: Date): Date | null =>
  typeof given === 'object' && given !== null && 'local' in given
    ? resolveWhen(given, { path, now, past: 'allow' }).at
    : stored

/**
 * Derives the next run of every schedule again from its rule and its zone, as these may have changed: a batch at a time, each
 * in a transaction of its own. What is due already is left to its run. An event tells of each that has moved.
 */
export const createRederive = ({ db, tables: t }: { db: Database; tables: Tables }) => {
  const due = createDueRepository(t)
  const look = createLookRepository(t)

  /** Null where nothing can be derived: it is due, or its rule cannot be read, and its next run will say so. */
  const derive = (schedule: Schedule, now: Date, lasts: Lasts) => {
    try {
      return derived(schedule, now, lasts)
    } catch {
      return null
    }
  }

  const derived = (schedule: Schedule, now: Date, lasts: Lasts) => {
    const { definition, nextOccurrence } = schedule
    const bounds = {
      startsAt: boundOf(definition.startsAt, schedule.startsAt, 'startsAt', now),
      endsAt: boundOf(definition.endsAt, schedule.endsAt, 'endsAt', now),
    }
    const rule = compileRule(definition, { ...schedule, ...bounds })
    if (nextOccurrence === null || nextOccurrence <= now) return null
    const ahead = rule.next(now)
    const first = rule.next(decidedUntil(schedule, lasts))
    return { next: isEarlier(first, nextOccurrence, ahead) ? first : ahead }
  }

  const isMoved = ({ nextOccurrence }: Schedule, next: { at: Date } | null): boolean =>
    next?.at.getTime() !== nextOccurrence?.getTime()

  return {
    /** The next `limit` schedules after the id `after`. */
    async batch(o: { after: string | null; limit: number; dryRun: boolean }): Promise<Rederived> {
      const found = await look.waiting(db, o.after, o.limit)
      const last = found.length < o.limit ? null : (found.at(-1)?.id ?? null)
      const moved = await inTransaction(db, { lock_timeout: '5s' }, async (tx) => {
        const now = await due.now(tx)
        const lasts = await due.lastOccurrences(
          tx,
          found.map(({ id }) => id),
        )
        const suspects = found.filter((schedule) => {
          const anew = derive(schedule, now, lasts)
          return anew !== null && isMoved(schedule, anew.next)
        })
        if (o.dryRun)
          return suspects.map((schedule) => asMoved(schedule, derive(schedule, now, lasts)?.next ?? null))
        const ids = suspects.map(({ id }) => id)
        const changes: { schedule: Schedule; next: ReturnType<typeof nextOf> }[] = []
        for (const schedule of ids.length === 0 ? [] : await due.lockSchedules(tx, ids, false)) {
          const next = nextOf(derive(schedule, now, lasts))
          if (next !== undefined && isMoved(schedule, next)) changes.push({ schedule, next })
        }
        await write(tx, t, now, {
          moved: changes.map(({ schedule, next }) =>
            movedTo(schedule, next ?? null, {
              isChange: true,
              ...(schedule.state === 'paused' && next !== null && { state: 'paused' as const }),
            }),
          ),
          events: changes.map(({ schedule, next }) =>
            told(schedule, 'schedule.moved', {
              before: schedule.nextOccurrence?.toISOString() ?? null,
              after: next?.at.toISOString() ?? null,
            }),
          ),
        })
        return changes.map(({ schedule, next }) => asMoved(schedule, next ?? null))
      })
      return { examined: found.length, moved, after: last }
    },
  }
}

type Lasts = ReadonlyMap<string, Date>

/** Up to here everything was decided: run, skipped, or of another rule. */
const decidedUntil = ({ id, updatedAt }: Schedule, lasts: Lasts): Date => {
  const last = lasts.get(id)
  return last !== undefined && last > updatedAt ? last : updatedAt
}

/**
 * Whether the pending occurrence has become one that is past already: it is run at once then, as one that is late, since nothing
 * that was planned may be dropped. Where the clocks were moved the other way, the first after the last run would be that run
 * once more: the pending one is nearer to the one ahead then.
 */
const isEarlier = (first: { at: Date } | null, pending: Date, ahead: { at: Date } | null): boolean =>
  first !== null &&
  first.at < pending &&
  (ahead === null ||
    pending.getTime() - first.at.getTime() <= Math.abs(ahead.at.getTime() - pending.getTime()))

const nextOf = (derived: { next: { at: Date; dueAt: Date; local: string } | null } | null) =>
  derived === null ? undefined : derived.next

const asMoved = (schedule: Schedule, next: { at: Date; local: string } | null): MovedSchedule => ({
  ...{ id: schedule.id, projectId: schedule.projectId, name: schedule.name },
  ...{ timeZone: schedule.definition.timeZone, local: next?.local ?? '' },
  ...{ before: schedule.nextOccurrence ?? new Date(0), after: next?.at ?? null },
})
