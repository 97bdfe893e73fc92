import type { Notification } from '../../api/types.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import classes from '../../parts/life/life.module.css'
import { TextsPanel } from '../../parts/life/texts-panel.tsx'
import { texts } from './detail-texts.ts'

const TEXTS = ['subject', 'message', 'text', 'html'] as const
const OBJECTS = ['payload', 'headers', 'cc', 'bcc', 'replyTo', 'from'] as const

/** What is sent, as it is, and never as what it could be: HTML is shown as its source. */
export const Payload = ({ notification }: { notification: Notification }) => {
  const t = useTexts(texts)
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
    <TextsPanel title={t.content.title} shown={shown} none={t.content.none}>
      {attachments.length > 0 && (
        <ul>
          {attachments.map(({ filename, contentType }) => (
            <li key={filename}>
              {filename} <span className={classes.dimmed}>{contentType}</span>
            </li>
          ))}
        </ul>
      )}
    </TextsPanel>
  )
}
