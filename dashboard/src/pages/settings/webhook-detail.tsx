import { useState } from 'react'
import { api } from '../../api/client.ts'
import { useSearchState } from '../../app/search.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { InertLine, visible } from '../../parts/inert.tsx'
import { Instant, useNow } from '../../parts/moments.tsx'
import { Panel } from '../../parts/page.tsx'
import { useAction } from '../../parts/use-action.ts'
import { Deliveries } from './deliveries.tsx'
import type { Webhook } from './queries.ts'
import { ResendForm } from './resend-form.tsx'
import classes from './settings.module.css'
import { showSecret } from './shown-secret.ts'
import { texts } from './texts.ts'
import { WebhookForm } from './webhook-form.tsx'

/** One endpoint: to try it, to change it, and to send again what it has missed. */
export const WebhookDetail = ({ webhook }: { webhook: Webhook }) => {
  const t = useTexts(texts)
  const now = useNow(60_000)
  const [, change] = useSearchState()
  const [asked, setAsked] = useState<'edit' | 'delete' | 'rotate' | 'resend' | null>(null)
  const { id, url, state, previousSecretUntil } = webhook
  const path = { id }
  const touches = [['settings']]
  const close = () => setAsked(null)
  const test = useAction({
    run: () => api.post('/v1/webhooks/{id}/test', { path }),
    touches,
    done: () => t.webhooks.tested,
  })
  const turn = useAction({
    run: (next: 'active' | 'disabled') => api.patch('/v1/webhooks/{id}', { path, body: { state: next } }),
    touches,
    done: (_, next) => (next === 'active' ? t.webhooks.enabled : t.webhooks.disabled),
  })
  const rotate = useAction({
    run: async () => {
      const made = await api.post('/v1/webhooks/{id}/rotate', { path })
      if (made.secret !== undefined) showSecret({ kind: 'webhook', name: url, secret: made.secret })
    },
    touches,
    done: () => t.webhooks.rotated,
    onDone: close,
  })
  const remove = useAction({
    run: () => api.delete('/v1/webhooks/{id}', { path }),
    touches,
    done: () => t.webhooks.removed,
    onDone: () => change({ webhook: undefined }),
  })
  const look = { needs: 'admin', variant: 'default', size: 'xs' } as const
  const isActive = state === 'active'
  return (
    <Panel
      title={<InertLine text={url} most={120} />}
      hint={
        previousSecretUntil !== null &&
        Date.parse(previousSecretUntil) > now && (
          <>
            {t.webhooks.previous} <Instant at={previousSecretUntil} precision="minute" />
          </>
        )
      }
      actions={
        <>
          <ActionButton
            {...look}
            unless={isActive ? null : t.webhooks.isDisabled}
            loading={test.isPending}
            onClick={() => test.mutate()}
          >
            {t.webhooks.test}
          </ActionButton>
          <ActionButton
            {...look}
            unless={isActive ? null : t.webhooks.isDisabled}
            onClick={() => setAsked('resend')}
          >
            {t.webhooks.resendSpan}
          </ActionButton>
          <ActionButton
            {...look}
            loading={turn.isPending}
            onClick={() => turn.mutate(isActive ? 'disabled' : 'active')}
          >
            {isActive ? t.webhooks.disable : t.webhooks.enable}
          </ActionButton>
          <ActionButton {...look} onClick={() => setAsked('edit')}>
            {t.edit}
          </ActionButton>
          <ActionButton {...look} onClick={() => setAsked('rotate')}>
            {t.webhooks.rotate}
          </ActionButton>
          <ActionButton {...look} onClick={() => setAsked('delete')}>
            {t.remove}
          </ActionButton>
        </>
      }
    >
      <p className={classes.dimmed}>{t.webhooks.deliveriesHint}</p>
      <Deliveries webhook={webhook} />
      {asked === 'edit' && <WebhookForm webhook={webhook} onClose={close} />}
      {asked === 'resend' && <ResendForm webhook={webhook} onClose={close} />}
      {asked === 'rotate' && (
        <ConfirmDialog
          title={t.webhooks.rotate}
          action={t.webhooks.rotate}
          needs="admin"
          isBusy={rotate.isPending}
          onConfirm={() => rotate.mutate()}
          onClose={close}
        >
          <p>{t.webhooks.rotateHint}</p>
        </ConfirmDialog>
      )}
      {asked === 'delete' && (
        <ConfirmDialog
          title={t.of(t.remove, visible(url.slice(0, 80)))}
          action={t.remove}
          needs="admin"
          isBusy={remove.isPending}
          onConfirm={() => remove.mutate()}
          onClose={close}
        >
          <p>{t.webhooks.removeHint}</p>
        </ConfirmDialog>
      )}
    </Panel>
  )
}
