import { NativeSelect, TextInput } from '@mantine/core'
import { useTexts } from '../../i18n/preferences.tsx'
import type { ErrorOf } from '../../parts/field-errors.ts'
import { RuleFields } from '../../parts/rule/rule-fields.tsx'
import { TimeFields } from '../../parts/when/time-fields.tsx'
import { WhenField } from '../../parts/when/when-field.tsx'
import classes from './compose.module.css'
import { type ComposeDraft, EXPIRY_FORMS } from './draft.ts'
import { texts } from './texts.ts'

export interface TimeFieldsProps {
  draft: ComposeDraft
  change(next: Partial<ComposeDraft>): void
  errorOf: ErrorOf
}

/** When it is sent: in any form that the API knows, or again and again. */
export const ComposeTimeFields = ({ draft, change, errorOf }: TimeFieldsProps) => {
  const t = useTexts(texts)
  return (
    <div className={classes.fields}>
      <TimeFields
        {...{ draft, change }}
        error={errorOf('sendAt')}
        others={[{ value: 'recurring', label: t.recurring }]}
      />
      {draft.time === 'recurring' && (
        <>
          <TextInput
            label={t.name}
            description={t.nameHint}
            maxLength={100}
            required
            value={draft.name}
            error={errorOf('name')}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <RuleFields draft={draft} change={change} errorOf={errorOf} />
        </>
      )}
    </div>
  )
}

/** How long it is worth sending. */
export const ExpiryFields = ({ draft, change, errorOf }: TimeFieldsProps) => {
  const t = useTexts(texts)
  const forms = EXPIRY_FORMS.filter((form) => form !== 'local' || draft.time !== 'recurring')
  return (
    <div className={classes.expiry}>
      <NativeSelect
        size="xs"
        label={t.expires}
        value={draft.expiry}
        onChange={(event) => change({ expiry: event.currentTarget.value as 'never' })}
        data={forms.map((value) => ({ value, label: t.expiries[value] }))}
      />
      {draft.expiry === 'delay' && (
        <TextInput
          size="xs"
          label={t.expiryDelay}
          value={draft.expiryDelay}
          error={errorOf('expiresAt')}
          onChange={(event) => change({ expiryDelay: event.currentTarget.value })}
        />
      )}
      {draft.expiry === 'local' && (
        <WhenField
          label={t.expiryWall}
          value={draft.expiryWall}
          error={errorOf('expiresAt')}
          onChange={(next) => change({ expiryWall: { ...draft.expiryWall, ...next } })}
        />
      )}
    </div>
  )
}
