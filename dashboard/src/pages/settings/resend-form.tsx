import { Checkbox, TextInput } from '@mantine/core'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { useFormat, usePreferences, useTexts } from '../../i18n/preferences.tsx'
import { toInstant, toLocal } from '../../i18n/zone.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/query-view.tsx'
import { useAction } from '../../parts/use-action.ts'
import type { Webhook } from './queries.ts'
import classes from './settings.module.css'
import { texts } from './texts.ts'

const HOUR_MS = 3_600_000

/** Events of a span of time, once more, under the ids that they had. */
export const ResendForm = ({ webhook, onClose }: { webhook: Webhook; onClose(): void }) => {
  const t = useTexts(texts)
  const format = useFormat()
  const { timeZone } = usePreferences()
  const [from, setFrom] = useState(() => toLocal(new Date(Date.now() - HOUR_MS).toISOString(), timeZone))
  const [to, setTo] = useState('')
  const [isFailedOnly, setFailedOnly] = useState(true)
  const span = { from: toInstant(from, timeZone), to: toInstant(to, timeZone) }
  const resend = useAction({
    run: () =>
      api.post('/v1/webhooks/{id}/resend', {
        path: { id: webhook.id },
        body: {
          ...(span.from !== null && { from: span.from }),
          ...(span.to !== null && { to: span.to }),
          failedOnly: isFailedOnly,
        },
      }),
    touches: [['settings', 'deliveries']],
    isShownThere: true,
    done: ({ count }) => t.webhooks.resent(format.number(count)),
    onDone: onClose,
  })
  return (
    <Dialog title={t.webhooks.resendSpan} onClose={onClose}>
      <div className={classes.form}>
        <p className={classes.dimmed}>{t.webhooks.resendHint}</p>
        <div className={classes.pair}>
          <TextInput
            size="xs"
            type="datetime-local"
            label={`${t.from} (${format.zone()})`}
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
          <TextInput
            size="xs"
            type="datetime-local"
            label={`${t.to} (${format.zone()})`}
            description={t.webhooks.emptyIsNow}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            value={to}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
        </div>
        <Checkbox
          size="xs"
          label={t.webhooks.failedOnly}
          description={t.webhooks.failedOnlyHint}
          checked={isFailedOnly}
          onChange={(event) => setFailedOnly(event.currentTarget.checked)}
        />
        {resend.error !== null && <Failure problem={resend.error} retry={() => resend.mutate()} />}
        <div className={classes.buttons}>
          <ActionButton
            needs="admin"
            size="xs"
            unless={span.from === null ? t.webhooks.noFrom : null}
            loading={resend.isPending}
            onClick={() => resend.mutate()}
          >
            {t.webhooks.resend}
          </ActionButton>
        </div>
      </div>
    </Dialog>
  )
}
