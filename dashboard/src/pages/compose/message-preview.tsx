import { useTexts } from '../../i18n/preferences.tsx'
import { Inert } from '../../parts/inert.tsx'
import { visible } from '../../parts/inert.tsx'
import { headersOf, parsed } from '../../parts/message/draft.ts'
import type { Attachment, ComposeDraft } from './draft.ts'
import classes from './compose.module.css'
import { texts } from './texts.ts'

const Row = ({ name, value }: { name: string; value: string }) =>
  value.trim() === '' ? null : (
    <div>
      <dt>{name}</dt>
      <dd>
        <bdi>{visible(value.trim().replaceAll('\n', ', '))}</bdi>
      </dd>
    </div>
  )

/** What arrives, as text: HTML is shown as it is written, and does nothing here. */
export const MessagePreview = (o: {
  draft: ComposeDraft
  headers: string
  attachments: readonly Attachment[]
}) => {
  const t = useTexts(texts)
  const { draft, headers, attachments } = o
  const body = draft.channel === 'webhook' && draft.isJson ? draft.payload : draft.message
  const json = parsed(draft.payload)
  const shown =
    draft.channel !== 'webhook'
      ? body
      : draft.isJson
        ? json === undefined
          ? body
          : JSON.stringify(json, null, 2)
        : JSON.stringify({ message: draft.message }, null, 2)
  return (
    <div className={classes.message}>
      {draft.channel === 'email' && (
        <dl>
          <Row name={t.mail.from} value={draft.from === '' ? t.mail.sender : draft.from} />
          <Row name={t.mail.to} value={draft.to} />
          <Row name="Cc" value={draft.cc} />
          <Row name={t.mail.subject} value={draft.subject} />
        </dl>
      )}
      {draft.channel === 'webhook' && (
        <dl>
          <Row name="POST" value={draft.to === '' ? '…' : draft.to} />
          {Object.keys(headersOf(headers)).map((name) => (
            <Row key={name} name={name} value="••••" />
          ))}
        </dl>
      )}
      {shown.trim() === '' ? (
        <p className={classes.dimmed}>{t.noBody}</p>
      ) : (
        <Inert text={shown} label={t.arrives} />
      )}
      {draft.channel === 'email' && draft.html !== '' && <Inert text={draft.html} label="HTML" />}
      {draft.channel === 'email' && attachments.length > 0 && (
        <p className={classes.dimmed}>
          {t.attachments}: {attachments.map(({ filename }) => visible(filename)).join(', ')}
        </p>
      )}
    </div>
  )
}
