import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useTexts } from '../../i18n/preferences.tsx'
import type { ErrorOf } from '../field-errors.ts'
import { brokenJson, type MessageDraft } from './draft.ts'
import classes from './message.module.css'
import { texts } from './texts.ts'

interface DeliveryFieldsProps {
  draft: MessageDraft
  change(next: Partial<MessageDraft>): void
  errorOf: ErrorOf
}

type TextField = Exclude<
  keyof MessageDraft,
  'channel' | 'onDuplicate' | 'backoff' | 'onUnknown' | 'isJson' | 'rest'
>

/** How it is sent: order among others, once only, tries, and what it is found by. */
export const DeliveryFields = ({ draft, change, errorOf }: DeliveryFieldsProps) => {
  const t = useTexts(texts)
  const field = (name: TextField, path: string, isNumber = false) => (
    <TextInput
      size="xs"
      label={t[name as keyof typeof t] as string}
      {...(isNumber && { inputMode: 'decimal' as const })}
      value={draft[name]}
      error={errorOf(path)}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
    />
  )
  return (
    <div className={classes.fields}>
      <div className={classes.pair}>
        {field('priority', 'priority', true)}
        {field('groupKey', 'groupKey')}
        {field('dedupeKey', 'dedupeKey')}
        <NativeSelect
          size="xs"
          label={t.onDuplicate}
          value={draft.onDuplicate}
          error={errorOf('onDuplicate')}
          disabled={draft.dedupeKey === ''}
          onChange={(event) => change({ onDuplicate: event.currentTarget.value as 'ignore' })}
          data={(['ignore', 'replace', 'reject'] as const).map((value) => ({
            value,
            label: t.duplicates[value],
          }))}
        />
        {field('tags', 'tags')}
        {field('timeoutSeconds', 'timeoutSeconds', true)}
      </div>
      <fieldset className={classes.group}>
        <legend>{t.retry}</legend>
        <div className={classes.pair}>
          {field('limit', 'retry.limit', true)}
          <NativeSelect
            size="xs"
            label={t.backoff}
            value={draft.backoff}
            error={errorOf('retry.backoff')}
            onChange={(event) => change({ backoff: event.currentTarget.value as 'fixed' })}
            data={(['exponential', 'fixed'] as const).map((value) => ({ value, label: t.backoffs[value] }))}
          />
          {field('delaySeconds', 'retry.delaySeconds', true)}
          {field('maxDelaySeconds', 'retry.maxDelaySeconds', true)}
          <NativeSelect
            size="xs"
            label={t.onUnknown}
            value={draft.onUnknown}
            error={errorOf('onUnknown')}
            onChange={(event) => change({ onUnknown: event.currentTarget.value as 'stop' })}
            data={(['retry', 'stop'] as const).map((value) => ({ value, label: t.unknowns[value] }))}
          />
        </div>
      </fieldset>
      <Textarea
        size="xs"
        label={t.metadata}
        autosize
        minRows={1}
        maxRows={10}
        classNames={{ input: classes.code }}
        value={draft.metadata}
        error={brokenJson(draft).includes('metadata') ? t.notJson : errorOf('metadata')}
        onChange={(event) => change({ metadata: event.currentTarget.value })}
      />
    </div>
  )
}
