import { Button } from '@mantine/core'
import { useRef } from 'react'
import { Icon } from '../../app/icons.tsx'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { InertLine } from '../../parts/inert.tsx'
import { type Attachments, MOST_BYTES, sizeOf } from './attachments.ts'
import classes from './compose.module.css'
import { texts } from './texts.ts'

const KB = 1024

/** Files that go with a mail. */
export const AttachmentsField = ({
  attachments,
  error,
}: {
  attachments: Attachments
  error: string | undefined
}) => {
  const t = useTexts(texts)
  const format = useFormat()
  const chooser = useRef<HTMLInputElement>(null)
  const { files } = attachments
  const bytes = files.reduce((sum, file) => sum + sizeOf(file), 0)
  const problem = bytes > MOST_BYTES ? t.tooMuch : error
  return (
    <div className={classes.files}>
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        aria-label={t.attach}
        onChange={(event) => {
          void attachments.add([...(event.currentTarget.files ?? [])])
          event.currentTarget.value = ''
        }}
      />
      <Button variant="default" size="xs" onClick={() => chooser.current?.click()}>
        {t.attach}
      </Button>
      {files.length > 0 && (
        <ul aria-label={t.attachments}>
          {files.map((file, i) => (
            <li key={`${file.filename} ${i}`}>
              <InertLine text={file.filename} most={80} />
              <span className={classes.dimmed}>{format.number(Math.ceil(sizeOf(file) / KB))} kB</span>
              <button type="button" aria-label={t.detach(file.filename)} onClick={() => attachments.drop(i)}>
                <Icon name="close" size={14} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {problem !== undefined && (
        <p className={classes.error} role="alert">
          {problem}
        </p>
      )}
    </div>
  )
}
