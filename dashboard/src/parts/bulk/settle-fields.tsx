import { NativeSelect, Textarea } from '@mantine/core'
import { useTexts } from '../../i18n/preferences.tsx'
import classes from './bulk.module.css'
import { type BulkSubject, type Outcome, SUBJECTS } from './subjects.ts'
import { texts } from './texts.ts'

/** An operator's word. */
export interface Settlement {
  outcome: Outcome
  note: string
}

interface SettleFieldsProps {
  subject: BulkSubject
  settlement: Settlement
  change(next: Partial<Settlement>): void
}

/** As what all that match are settled, and why; which of them that can be is said before. */
export const SettleFields = ({ subject, settlement: { outcome, note }, change }: SettleFieldsProps) => {
  const t = useTexts(texts)
  const { outcomes } = SUBJECTS[subject]
  return (
    <>
      <p className={classes.more}>{t.settles[subject]}</p>
      {outcomes.length > 1 && (
        <NativeSelect
          label={t.outcome}
          value={outcome}
          onChange={({ currentTarget: { value } }) =>
            change({ outcome: outcomes.find((one) => one === value) ?? outcomes[0] })
          }
          data={outcomes.map((value) => ({ value, label: t.outcomes[value] }))}
        />
      )}
      <Textarea
        label={t.note}
        maxLength={1000}
        autosize
        value={note}
        onChange={(event) => change({ note: event.currentTarget.value })}
      />
    </>
  )
}
