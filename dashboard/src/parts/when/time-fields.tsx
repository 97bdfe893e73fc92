import { SegmentedControl, TextInput } from '@mantine/core'
import { useTexts } from '../../i18n/preferences.tsx'
import { Resolved } from './resolved.tsx'
import { texts } from './texts.ts'
import { TIME_FORMS, type TimeDraft, type TimeForm, timeOf } from './when.ts'
import { WhenField } from './when-field.tsx'
import classes from './when.module.css'

type Draft<Other extends string> = TimeDraft & { time: TimeForm | Other }

interface TimeFieldsProps<Other extends string> {
  draft: Draft<Other>
  change(next: Partial<Draft<Other>>): void
  /** What was refused of it. */
  error: string | undefined
  /** Forms beside those that every time has; their fields are the caller's. */
  others?: readonly { value: Other; label: string }[]
}

/** When something is done: in any form that the API knows, with the instant that it makes of it. */
export const TimeFields = <Other extends string = never>(o: TimeFieldsProps<Other>) => {
  const t = useTexts(texts)
  const { draft, change, error, others = [] } = o
  return (
    <div className={classes.forms}>
      <SegmentedControl<TimeForm | Other>
        aria-label={t.when}
        className={classes.wrapping}
        value={draft.time}
        onChange={(time) => change({ time })}
        data={[...TIME_FORMS.map((value) => ({ value, label: t.forms[value] })), ...others]}
      />
      {draft.time === 'delay' && (
        <TextInput
          label={t.delay}
          description={t.delayHint}
          value={draft.delay}
          error={error}
          onChange={(event) => change({ delay: event.currentTarget.value })}
        />
      )}
      {draft.time === 'instant' && (
        <TextInput
          label={t.instant}
          description={t.instantHint}
          placeholder="2026-12-01T09:00:00+09:00"
          value={draft.instant}
          error={error}
          onChange={(event) => change({ instant: event.currentTarget.value })}
        />
      )}
      {draft.time === 'local' && (
        <WhenField
          label={t.wall}
          value={draft.wall}
          error={error}
          onChange={(next) => change({ wall: { ...draft.wall, ...next } })}
        />
      )}
      {(draft.time === 'delay' || draft.time === 'instant') && <Resolved at={timeOf(draft)} />}
    </div>
  )
}
