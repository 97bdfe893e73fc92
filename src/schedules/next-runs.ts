import type { Language } from '../platform/errors.ts'
import { resolveWhen } from '../timers/index.ts'
import { DEFAULTS, type Given } from './definition.ts'
import { normalize } from './prepare.ts'
import { createOccurrences, describeRule, parseRule, requireRun } from './recurrence/index.ts'

export interface NextRuns {
  runs: { at: string; local: string; note: 'dst_gap' | 'dst_overlap' | null }[]
  /** The rule in words. */
  text: string
  timeZone: string
}

/**
 * When a rule runs, from `from` on, and the rule in words. Nothing is asked of a database. Throws `invalid-request` for what
 * cannot be read, and `unbounded-schedule` for what never runs.
 */
export const nextRuns = (
  { from: givenFrom, count, ...given }: Given & { from?: unknown; count: number },
  { now, language }: { now: Date; language: Language },
): NextRuns => {
  const at = (value: unknown, path: string): Date | null =>
    value === undefined || value === null ? null : resolveWhen(value, { path, now, past: 'allow' }).at
  const definition = { ...DEFAULTS, ...normalize(given) }
  const from = at(givenFrom, 'from') ?? now
  const rule = parseRule(definition)
  const occurrences = createOccurrences(rule, {
    ...{ ...definition, anchorMs: from.getTime() },
    startsAtMs: at(definition.startsAt, 'startsAt')?.getTime() ?? null,
    endsAtMs: at(definition.endsAt, 'endsAt')?.getTime() ?? null,
  })
  const found = [requireRun(rule, occurrences, from.getTime() - 1)]
  for (let last = found[0]; last !== undefined && found.length < count;) {
    const next = occurrences.next(last.atMs)
    if (next === null) break
    found.push(next)
    last = next
  }
  return {
    runs: found.map(({ atMs, local, note }) => ({ at: new Date(atMs).toISOString(), local, note })),
    text: describeRule(rule, language),
    timeZone: definition.timeZone,
  }
}

/** Whether a text is an RRULE; everything else is read as cron. */
export const isRrule = (text: string): boolean => /(?:^|[;:\n])\s*(?:RRULE|DTSTART|FREQ)\b/iu.test(text)
