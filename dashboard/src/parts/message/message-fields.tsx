import { SegmentedControl, Textarea, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTexts } from '../../i18n/preferences.tsx'
import type { ErrorOf } from '../field-errors.ts'
import { brokenJson, CHANNELS, type MessageDraft } from './draft.ts'
import classes from './message.module.css'
import { texts } from './texts.ts'

export interface MessageFieldsProps {
  draft: MessageDraft
  change(next: Partial<MessageDraft>): void
  headers: string
  onHeaders(headers: string): void
  errorOf: ErrorOf
  /** Below the body of a mail. */
  children?: ReactNode
}

const MailFields = ({ draft, change, errorOf, children }: MessageFieldsProps) => {
  const t = useTexts(texts)
  return (
    <>
      <Textarea
        label={t.to}
        description={t.addresses}
        autosize
        minRows={1}
        maxRows={6}
        required
        value={draft.to}
        error={errorOf('to')}
        onChange={(event) => change({ to: event.currentTarget.value })}
      />
      <details className={classes.more} open={draft.cc + draft.bcc + draft.replyTo + draft.from !== ''}>
        <summary>{t.moreAddresses}</summary>
        <div className={classes.pair}>
          {(['cc', 'bcc'] as const).map((name) => (
            <Textarea
              key={name}
              label={t[name]}
              autosize
              minRows={1}
              maxRows={6}
              value={draft[name]}
              error={errorOf(name)}
              onChange={(event) => change({ [name]: event.currentTarget.value })}
            />
          ))}
          {(['from', 'replyTo'] as const).map((name) => (
            <TextInput
              key={name}
              label={t[name]}
              value={draft[name]}
              error={errorOf(name)}
              onChange={(event) => change({ [name]: event.currentTarget.value })}
            />
          ))}
        </div>
      </details>
      <TextInput
        label={t.subject}
        required
        value={draft.subject}
        error={errorOf('subject')}
        onChange={(event) => change({ subject: event.currentTarget.value })}
      />
      <Textarea
        label={t.text}
        autosize
        minRows={4}
        maxRows={20}
        value={draft.message}
        error={errorOf('text', 'message')}
        onChange={(event) => change({ message: event.currentTarget.value })}
      />
      <details className={classes.more} open={draft.html !== ''}>
        <summary>{t.html}</summary>
        <Textarea
          aria-label={t.html}
          autosize
          minRows={3}
          maxRows={20}
          classNames={{ input: classes.code }}
          value={draft.html}
          error={errorOf('html')}
          onChange={(event) => change({ html: event.currentTarget.value })}
        />
      </details>
      {children}
    </>
  )
}

const WebhookFields = ({ draft, change, headers, onHeaders, errorOf }: MessageFieldsProps) => {
  const t = useTexts(texts)
  const isBroken = brokenJson(draft).includes('payload')
  return (
    <>
      <TextInput
        label={t.url}
        type="url"
        placeholder="https://"
        required
        value={draft.to}
        error={errorOf('to')}
        onChange={(event) => change({ to: event.currentTarget.value })}
      />
      <div>
        <div className={classes.label}>
          <span>{t.body}</span>
          <SegmentedControl
            size="xs"
            aria-label={t.body}
            value={draft.isJson ? 'json' : 'message'}
            onChange={(next) => change({ isJson: next === 'json' })}
            data={[
              { value: 'json', label: 'JSON' },
              { value: 'message', label: t.message },
            ]}
          />
        </div>
        <Textarea
          aria-label={t.body}
          autosize
          minRows={4}
          maxRows={20}
          classNames={{ input: classes.code }}
          value={draft.isJson ? draft.payload : draft.message}
          error={isBroken ? t.notJson : errorOf('payload', 'message')}
          onChange={(event) => change({ [draft.isJson ? 'payload' : 'message']: event.currentTarget.value })}
        />
      </div>
      <Textarea
        label={t.headers}
        description={t.headersHint}
        autosize
        minRows={1}
        maxRows={8}
        classNames={{ input: classes.code }}
        value={headers}
        error={errorOf('headers')}
        onChange={(event) => onHeaders(event.currentTarget.value)}
      />
    </>
  )
}

/** What is sent, and to whom: the fields of a channel. */
export const MessageFields = (o: MessageFieldsProps) => {
  const { draft, change, errorOf } = o
  const t = useTexts(texts)
  return (
    <div className={classes.fields}>
      <SegmentedControl
        aria-label={t.channel}
        value={draft.channel}
        onChange={(next) => change({ channel: next })}
        data={CHANNELS.map((value) => ({ value, label: t.channels[value] }))}
      />
      {errorOf('channel') !== undefined && <p role="alert">{errorOf('channel')}</p>}
      {draft.channel === 'log' && (
        <Textarea
          label={t.message}
          required
          autosize
          minRows={3}
          maxRows={20}
          value={draft.message}
          error={errorOf('message')}
          onChange={(event) => change({ message: event.currentTarget.value })}
        />
      )}
      {draft.channel === 'email' && <MailFields {...o} />}
      {draft.channel === 'webhook' && <WebhookFields {...o} />}
    </div>
  )
}
