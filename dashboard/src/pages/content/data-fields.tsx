import { SegmentedControl, Textarea } from '@mantine/core'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import type { Data } from '../../parts/diff/members.ts'
import classes from './content.module.css'
import { DraftForm } from './draft-form.tsx'
import { texts } from './item-texts.ts'
import type { Fault, Field } from './schema.ts'

interface DataFieldsProps {
  /** Null where the type is not flat enough for a form. */
  fields: readonly Field[] | null
  mode: 'form' | 'json'
  onMode(mode: 'form' | 'json'): void
  data: Data | null
  text: string
  faults: readonly Fault[]
  onMember(name: string, value: unknown): void
  onText(text: string): void
}

/** The data of an item, as a form or as JSON, with what they lack. */
export const DataFields = (o: DataFieldsProps) => {
  const t = useTexts(texts)
  const format = useFormat()
  const isForm = o.mode === 'form' && o.fields !== null && o.data !== null
  const names = new Set(o.fields?.map(({ name }) => name))
  const others = Object.keys(o.data ?? {}).filter((name) => !names.has(name))
  const shownInForm = (path: string) => isForm && names.has(/^data\.([^.[]+)/u.exec(path)?.[1] ?? '')
  const faults = o.faults.filter(({ path }) => !shownInForm(path))
  return (
    <>
      {o.fields !== null && (
        <SegmentedControl
          size="xs"
          aria-label={t.editor.mode}
          value={o.mode}
          onChange={(mode) => {
            // What is no JSON yet has no form.
            if (o.data !== null) o.onMode(mode === 'json' ? 'json' : 'form')
          }}
          data={[
            { value: 'form', label: t.editor.form, disabled: o.data === null },
            { value: 'json', label: 'JSON' },
          ]}
        />
      )}
      {isForm ? (
        <>
          <DraftForm fields={o.fields ?? []} data={o.data ?? {}} faults={o.faults} onChange={o.onMember} />
          {others.length > 0 && (
            <p className={classes.dimmed}>
              {t.editor.others(format.list(others.slice(0, 12).map((name) => name.slice(0, 40))))}
            </p>
          )}
        </>
      ) : (
        <Textarea
          className={classes.json}
          label={t.editor.json}
          error={o.data === null ? t.editor.notJson : undefined}
          autosize
          minRows={8}
          maxRows={28}
          spellCheck={false}
          value={o.text}
          onChange={(event) => o.onText(event.currentTarget.value)}
        />
      )}
      {faults.length > 0 && (
        <ul className={classes.faults} aria-label={t.editor.lacks}>
          {faults.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              <code>{path}</code> {message}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
