import { NativeSelect, SegmentedControl, TextInput } from '@mantine/core'
import { useMemo } from 'react'
import { usePreferences, useTexts } from '../../i18n/preferences.tsx'
import { defineTexts } from '../../i18n/texts.ts'
import type { ErrorOf } from '../field-errors.ts'
import classes from './rule.module.css'

export interface RuleDraft {
  ruleKind: 'cron' | 'rrule'
  rule: string
  ruleZone: string
}

const EXAMPLES = {
  cron: ['0 9 * * *', '*/15 * * * *', '0 9 * * 1-5', '0 0 1 * *'],
  rrule: ['FREQ=DAILY;BYHOUR=9;BYMINUTE=0', 'FREQ=WEEKLY;BYDAY=MO,WE,FR', 'FREQ=MONTHLY;BYDAY=-1FR'],
} as const

interface RuleFieldsProps {
  draft: RuleDraft
  change(next: Partial<RuleDraft>): void
  errorOf: ErrorOf
}

/** An expression, and the zone whose clocks it goes by. */
export const RuleFields = ({ draft, change, errorOf }: RuleFieldsProps) => {
  const t = useTexts(texts)
  const { timeZone } = usePreferences()
  const { ruleKind, rule, ruleZone } = draft
  // What was typed stays.
  const isExample = rule === '' || EXAMPLES[ruleKind].some((example) => example === rule)
  const zones = useMemo(
    () => [...new Set([timeZone, 'UTC', ruleZone, ...Intl.supportedValuesOf('timeZone')])],
    [timeZone, ruleZone],
  )
  return (
    <div className={classes.fields}>
      <div>
        <div className={classes.label}>
          <span id="rule-label">{t.rule}</span>
          <SegmentedControl
            size="xs"
            aria-label={t.kind}
            value={ruleKind}
            onChange={(next) => change({ ruleKind: next, ...(isExample && { rule: EXAMPLES[next][0] }) })}
            data={[
              { value: 'cron', label: 'cron' },
              { value: 'rrule', label: 'RRULE' },
            ]}
          />
        </div>
        <TextInput
          aria-labelledby="rule-label"
          classNames={{ input: classes.code }}
          maxLength={2_000}
          spellCheck={false}
          value={rule}
          error={errorOf('cron', 'rrule')}
          onChange={(event) => change({ rule: event.currentTarget.value })}
        />
        <div className={classes.examples}>
          {EXAMPLES[ruleKind].map((example) => (
            <button key={example} type="button" onClick={() => change({ rule: example })}>
              {example}
            </button>
          ))}
        </div>
      </div>
      <NativeSelect
        label={t.zone}
        value={ruleZone}
        data={zones}
        error={errorOf('timeZone')}
        onChange={(event) => change({ ruleZone: event.currentTarget.value })}
      />
    </div>
  )
}

const texts = defineTexts(
  { rule: 'Rule', kind: 'Kind of rule', zone: 'By the clocks of' },
  { rule: '규칙', kind: '규칙 종류', zone: '기준 시간대' },
)
