import type { Notification } from '../../api/types.ts'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { Inert } from '../../parts/inert.tsx'
import { Panel } from '../../parts/page.tsx'
import { Empty } from '../../parts/query-view.tsx'
import classes from './detail.module.css'
import { texts } from './detail-texts.ts'

const TEXTS = ['subject', 'message', 'text', 'html'] as const
const OBJECTS = ['payload', 'headers', 'cc', 'bcc', 'replyTo', 'from'] as const

/** What is sent, as it is, and never as what it could be: HTML is shown as its source. */
export const Payload = ({ notification }: { notification: Notification }) => {
  const t = useTexts(texts)
  const format = useFormat()
  const shown = [
    ...TEXTS.flatMap((name) => {
      const text = notification[name]
      return text === undefined ? [] : [{ name, text }]
    }),
    ...OBJECTS.flatMap((name) => {
      const value = notification[name]
      return value === undefined || value === null ? [] : [{ name, text: JSON.stringify(value, null, 2) }]
    }),
    ...(Object.keys(notification.metadata).length === 0
      ? []
      : [{ name: 'metadata', text: JSON.stringify(notification.metadata, null, 2) }]),
  ]
  const { attachments = [] } = notification
  return (
    <Panel title={t.content.title}>
      {shown.length === 0 && attachments.length === 0 && <Empty>{t.content.none}</Empty>}
      {shown.map(({ name, text }) => (
        <div key={name}>
          <h3 className={classes.field}>
            <code>{name}</code>
            <span className={classes.dimmed}>{t.content.characters(format.number(text.length))}</span>
          </h3>
          <Inert text={text} label={name} />
        </div>
      ))}
      {attachments.length > 0 && (
        <ul>
          {attachments.map(({ filename, contentType }) => (
            <li key={filename}>
              {filename} <span className={classes.dimmed}>{contentType}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
