/** When a schedule runs: cron and RRULE as wall-clock times, computed without a zone and resolved in `timers/when/`. */
import type { Language } from '../../platform/errors.ts'
import type { Rule } from './rule.ts'

export {
  createOccurrences,
  type Occurrence,
  type Occurrences,
  requireRun,
  type Timing,
} from './occurrences.ts'
export { parseRule, type RuleInput } from './read-rule.ts'
export type { Rule } from './rule.ts'

/** The rule in words. */
export function describeRule(rule: Rule, language: Language): string {
  return rule.describe(language)
}
