import { hash } from 'node:crypto'
import { createOccurrences, type Occurrences, parseRule, requireRun } from './recurrence/index.ts'
import type { Definition } from './definition.ts'

export interface Occurrence {
  at: Date
  /** Its jitter later. */
  dueAt: Date
  /** What the clocks of the zone show then, `2026-12-01T09:00:00`. */
  local: string
}

/** When a schedule runs, one occurrence after the other. */
export interface CompiledRule {
  next(after: Date): Occurrence | null
  /** When an occurrence is run: its jitter later. */
  dueAt(at: Date): Date
  /** The last one from `from` to before `to`. */
  latest(from: Date, to: Date): Occurrence | null
  /** The first one after `after`. Throws `unbounded-schedule` where there is none within ten years. */
  first(after: Date): Occurrence
}

/** What a rule is bound by, beside what the schedule says. */
export interface Bounds {
  /** Of the schedule: its jitter differs from that of others at the same instant. */
  id: string
  anchorAt: Date
  startsAt: Date | null
  endsAt: Date | null
}

/** The same for an occurrence each time it is asked for, so that a run that is planted again is not moved. */
const jitterMs = (id: string, atMs: number, jitterSeconds: number): number => {
  if (jitterSeconds === 0) return 0
  const part = Number.parseInt(hash('sha256', `${id} ${atMs}`).slice(0, 8), 16) / 2 ** 32
  return Math.floor(part * jitterSeconds * 1000)
}

type Rules = Pick<
  Definition,
  'cron' | 'rrule' | 'timeZone' | 'exclude' | 'jitterSeconds' | 'dstGap' | 'dstOverlap'
>

/** The zone of a rule that names one in its text, where the schedule names none. */
export const zoneOf = ({ cron, rrule }: Pick<Definition, 'cron' | 'rrule'>): string | null =>
  parseRule({ cron, rrule }).timeZone

/** Throws YeyakError for a rule, a zone or a date that cannot be read. */
export const compileRule = (definition: Rules, bounds: Bounds): CompiledRule => {
  const { cron, rrule, timeZone, exclude, jitterSeconds, dstGap, dstOverlap } = definition
  const rule = parseRule({ cron, rrule })
  const occurrences: Occurrences = createOccurrences(rule, {
    ...{ timeZone, exclude, dstGap, dstOverlap, anchorMs: bounds.anchorAt.getTime() },
    startsAtMs: bounds.startsAt?.getTime() ?? null,
    endsAtMs: bounds.endsAt?.getTime() ?? null,
  })
  const dueAt = (at: Date) => new Date(at.getTime() + jitterMs(bounds.id, at.getTime(), jitterSeconds))
  const asOccurrence = (found: { atMs: number; local: string } | null): Occurrence | null =>
    found === null
      ? null
      : {
          at: new Date(found.atMs),
          dueAt: dueAt(new Date(found.atMs)),
          local: found.local,
        }
  return {
    dueAt,
    next: (after) => asOccurrence(occurrences.next(after.getTime())),
    latest: (from, to) => asOccurrence(occurrences.latest(from.getTime(), to.getTime())),
    first(after) {
      const { atMs } = requireRun(rule, occurrences, after.getTime())
      return (
        asOccurrence(occurrences.next(atMs - 1)) ?? { at: new Date(atMs), dueAt: new Date(atMs), local: '' }
      )
    },
  }
}
