import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useTexts } from '../../i18n/preferences.tsx'
import type { ErrorOf } from '../../parts/field-errors.ts'
import { EMPTY, type ScheduleDraft } from './draft.ts'
import classes from './schedules.module.css'
import { texts } from './texts.ts'

interface PolicyFieldsProps {
  draft: ScheduleDraft
  change(next: Partial<ScheduleDraft>): void
  errorOf: ErrorOf
}

type Choice = 'missed' | 'concurrent' | 'dstGap' | 'dstOverlap'
const PLAIN = [
  'exclude',
  'jitterSeconds',
  'missed',
  'missedWithinSeconds',
  'concurrent',
  'dstGap',
  'dstOverlap',
] as const

/** What most leave as it is; open where it is not. */
export const PolicyFields = ({ draft, change, errorOf }: PolicyFieldsProps) => {
  const t = useTexts(texts)
  const bound = (name: 'starts' | 'ends', path: string, label: string) => (
    <TextInput
      size="xs"
      type="datetime-local"
      label={`${label} (${draft.ruleZone})`}
      value={draft[name].local}
      error={errorOf(path)}
      onChange={(event) => change({ [name]: { ...draft[name], local: event.currentTarget.value } })}
    />
  )
  const choice = <Name extends Choice>(
    name: Name,
    label: string,
    values: Readonly<Record<ScheduleDraft[Name], string>>,
  ) => (
    <NativeSelect
      size="xs"
      label={label}
      value={draft[name]}
      error={errorOf(name)}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
      data={Object.entries<string>(values).map(([value, text]) => ({ value, label: text }))}
    />
  )
  const number = (name: 'jitterSeconds' | 'missedWithinSeconds', label: string) => (
    <TextInput
      size="xs"
      inputMode="decimal"
      label={label}
      value={draft[name]}
      error={errorOf(name)}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
    />
  )
  const isPlain =
    PLAIN.every((name) => draft[name] === EMPTY[name]) && draft.starts.local + draft.ends.local === ''
  return (
    <details className={classes.more} open={!isPlain}>
      <summary>{t.form.policies}</summary>
      <div className={classes.pair}>
        {bound('starts', 'startsAt', t.from)}
        {bound('ends', 'endsAt', t.until)}
        {choice('missed', t.missed, t.policies)}
        {number('missedWithinSeconds', t.form.within)}
        {choice('dstGap', t.gap, t.gaps)}
        {choice('dstOverlap', t.overlap, t.overlaps)}
        {choice('concurrent', t.concurrent, t.concurrents)}
        {number('jitterSeconds', t.form.jitter)}
        <Textarea
          size="xs"
          label={t.form.exclude}
          description={t.form.excludeHint}
          autosize
          minRows={1}
          maxRows={8}
          value={draft.exclude}
          error={errorOf('exclude')}
          onChange={(event) => change({ exclude: event.currentTarget.value })}
        />
      </div>
    </details>
  )
}
