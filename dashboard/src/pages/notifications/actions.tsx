import { useState } from 'react'
import { api } from '../../api/client.ts'
import type { Notification } from '../../api/types.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { useAction } from '../../parts/use-action.ts'
import { texts } from './detail-texts.ts'
import { EditDialog } from './edit-dialog.tsx'
import { useLostRace } from './lost-race.ts'
import { notificationQuery } from './queries.ts'
import { ResolveDialog } from './resolve-dialog.tsx'

const WAITING = new Set(['scheduled', 'queued', 'retrying'])
const RETRYABLE = new Set(['failed', 'canceled', 'expired'])
const SETTLED_BY_HAND = new Set(['outcome_unknown', 'worker_lost'])

export const Actions = ({ notification }: { notification: Notification }) => {
  const t = useTexts(texts)
  const lostRace = useLostRace()
  const [dialog, setDialog] = useState<'edit' | 'retry' | 'resolve' | null>(null)
  const { id, state, reason } = notification
  const path = { id }
  const { queryKey } = notificationQuery(id)
  const touches = [queryKey, ['overview']]
  const become = (next: Notification['state']) => () => [
    {
      // The timeline has a longer key, and another shape.
      key: queryKey,
      update: (before: Notification | { items: unknown }) =>
        'items' in before ? before : { ...before, state: next },
    },
  ]
  const cancel = useAction({
    run: () => api.post('/v1/notifications/{id}/cancel', { path }),
    optimistic: become('canceled'),
    touches,
    done: () => t.done.cancel,
    refused: lostRace,
  })
  const sendNow = useAction({
    run: () => api.post('/v1/notifications/{id}/send-now', { path }),
    optimistic: become('queued'),
    touches,
    done: () => t.done.sendNow,
    refused: lostRace,
  })
  const retry = useAction({
    run: () => api.post('/v1/notifications/{id}/retry', { path, body: {} }),
    optimistic: become('queued'),
    touches,
    done: () => t.done.retry,
    refused: lostRace,
  })
  const isBusy = cancel.isPending || sendNow.isPending || retry.isPending
  const waits = WAITING.has(state)
  const mayResolve = waits || (state === 'failed' && reason !== null && SETTLED_BY_HAND.has(reason))
  const mayRetry = RETRYABLE.has(state) && reason !== 'forgotten'
  const shared = { needs: 'notifications:write', variant: 'default', size: 'xs', disabled: false } as const

  return (
    <>
      {waits && (
        <>
          <ActionButton {...shared} loading={sendNow.isPending} onClick={() => sendNow.mutate()}>
            {t.actions.sendNow}
          </ActionButton>
          <ActionButton {...shared} onClick={() => setDialog('edit')}>
            {t.actions.edit}
          </ActionButton>
          <ActionButton {...shared} loading={cancel.isPending} onClick={() => cancel.mutate()}>
            {t.actions.cancel}
          </ActionButton>
        </>
      )}
      {mayRetry && (
        <>
          <ActionButton
            {...shared}
            unless={isBusy ? t.busy : null}
            loading={retry.isPending}
            onClick={() => retry.mutate()}
          >
            {t.actions.retry}
          </ActionButton>
          <ActionButton {...shared} onClick={() => setDialog('retry')}>
            {t.actions.editAndRetry}
          </ActionButton>
        </>
      )}
      {mayResolve && (
        <ActionButton {...shared} onClick={() => setDialog('resolve')}>
          {t.actions.resolve}
        </ActionButton>
      )}
      {(dialog === 'edit' || dialog === 'retry') && (
        <EditDialog
          notification={notification}
          isRetry={dialog === 'retry'}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === 'resolve' && <ResolveDialog notification={notification} onClose={() => setDialog(null)} />}
    </>
  )
}
