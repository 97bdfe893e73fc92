import { CloseButton, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useTexts } from '../../i18n/preferences.tsx'
import classes from './bulk.module.css'
import { type EditableField, type FieldEdit, kindIn } from './edits.ts'
import { texts } from './texts.ts'

interface EditFieldsProps {
  fields: readonly EditableField[]
  edits: readonly FieldEdit[]
  /** The names of those that cannot be read. */
  broken: readonly string[]
  change(edits: readonly FieldEdit[]): void
}

/** What becomes of each of them before it is tried again: a field at a time. */
export const EditFields = ({ fields, edits, broken, change }: EditFieldsProps) => {
  const t = useTexts(texts)
  const unused = fields.filter(({ name }) => !edits.some((edit) => edit.name === name))
  const write = (name: string, text: string) =>
    change(edits.map((edit) => (edit.name === name ? { name, text } : edit)))
  return (
    <fieldset className={classes.edits}>
      <legend>{t.edit}</legend>
      <p className={classes.more}>{t.editHint}</p>
      {edits.map(({ name, text }) => {
        const kind = kindIn(fields, name)
        const shared = {
          className: classes.value,
          label: name,
          value: text,
          error: broken.includes(name) ? (kind === 'number' ? t.noNumber : t.noJson) : undefined,
          spellCheck: kind === 'text',
        }
        return (
          <div key={name} className={classes.edit}>
            {kind === 'number' ? (
              <TextInput
                {...shared}
                inputMode="decimal"
                onChange={(event) => write(name, event.currentTarget.value)}
              />
            ) : (
              <Textarea
                {...shared}
                autosize
                minRows={1}
                maxRows={10}
                description={text === '' ? t.clears : kind === 'json' ? t.merges : undefined}
                onChange={(event) => write(name, event.currentTarget.value)}
              />
            )}
            <CloseButton
              aria-label={t.leaveField(name)}
              onClick={() => change(edits.filter((edit) => edit.name !== name))}
            />
          </div>
        )
      })}
      {unused.length > 0 && (
        <NativeSelect
          aria-label={t.addField}
          value=""
          onChange={({ currentTarget: { value } }) => change([...edits, { name: value, text: '' }])}
          data={[
            { value: '', label: t.addField },
            ...unused.map(({ name }) => ({ value: name, label: name })),
          ]}
        />
      )}
    </fieldset>
  )
}
