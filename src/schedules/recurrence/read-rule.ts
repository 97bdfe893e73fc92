import { readCronRule } from './cron-rule.ts'
import { refusal } from './refusal.ts'
import { readRRuleRule } from './rrule-rule.ts'
import type { Rule } from './rule.ts'

/** A rule as a schedule gives it: exactly one of the two. */
export interface RuleInput {
  cron?: string | null | undefined
  rrule?: string | null | undefined
}

/** Rules that have been read, by their text, as the same one is asked for at each of its runs. */
const known = new Map<string, Rule>()
const MAX_KNOWN = 5000

/**
 * Reads a rule. Throws YeyakError: `invalid-request` with what is wrong and its mend at `cron` or `rrule`, or
 * `unbounded-schedule` for one that never runs.
 */
export function parseRule({ cron = null, rrule = null }: RuleInput): Rule {
  if (cron !== null && rrule !== null) {
    throw refusal('rrule', {
      en: 'A schedule has a cron or an rrule, not both.',
      ko: '일정에는 cron과 rrule 중 하나만 쓸 수 있습니다.',
    })
  }
  if (cron !== null) return remembered(`cron ${cron}`, () => readCronRule(cron))
  if (rrule !== null) return remembered(`rrule ${rrule}`, () => readRRuleRule(rrule))
  throw refusal(
    'cron',
    {
      en: 'A schedule needs a cron or an rrule, which says when it runs.',
      ko: '일정에는 언제 실행할지를 나타내는 cron이나 rrule이 필요합니다.',
    },
    '0 9 * * 1-5',
  )
}

function remembered(key: string, read: () => Rule): Rule {
  const found = known.get(key)
  if (found !== undefined) return found
  const rule = read()
  if (known.size >= MAX_KNOWN) known.clear()
  known.set(key, rule)
  return rule
}
