import { useState } from 'react'
import { api } from '../../api/client.ts'
import type { Notification } from '../../api/types.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { ResolveDialog } from '../../parts/life/resolve-dialog.tsx'
import { possible } from '../../parts/life/states.ts'
import { texts as lifeTexts } from '../../parts/life/texts.ts'
import { useLifeAction } from '../../parts/life/use-life-action.ts'
import { texts } from './detail-texts.ts'
import { EditDialog } from './edit-dialog.tsx'
import { notificationQuery } from './queries.ts'

const BUTTON = { needs: 'notifications:write', variant: 'default', size: 'xs', disabled: false } as const

export const Actions = ({ notification }: { notification: Notification }) => {
  const t = useTexts(texts)
  const life = useTexts(lifeTexts)
  const [dialog, setDialog] = useState<'edit' | 'retry' | 'resolve' | null>(null)
  const { id } = notification
  const path = { id }
  const { queryKey } = notificationQuery(id)
  const shared = { kind: 'notification', queryKey } as const
  const cancel = useLifeAction({
    ...shared,
    run: () => api.post('/v1/notifications/{id}/cancel', { path }),
    become: 'canceled',
    done: () => t.done.cancel,
  })
  const sendNow = useLifeAction({
    ...shared,
    run: () => api.post('/v1/notifications/{id}/send-now', { path }),
    become: 'queued',
    done: () => t.done.sendNow,
  })
  const retry = useLifeAction({
    ...shared,
    run: () => api.post('/v1/notifications/{id}/retry', { path, body: {} }),
    become: 'queued',
    done: () => life.done.retry,
  })
  const isBusy = cancel.isPending || sendNow.isPending || retry.isPending
  const may = possible(notification)

  return (
    <>
      {may.waits && (
        <>
          <ActionButton {...BUTTON} loading={sendNow.isPending} onClick={() => sendNow.mutate()}>
            {t.actions.sendNow}
          </ActionButton>
          <ActionButton {...BUTTON} onClick={() => setDialog('edit')}>
            {t.actions.edit}
          </ActionButton>
          <ActionButton {...BUTTON} loading={cancel.isPending} onClick={() => cancel.mutate()}>
            {life.actions.cancel}
          </ActionButton>
        </>
      )}
      {may.retry && (
        <>
          <ActionButton
            {...BUTTON}
            unless={isBusy ? life.busy : null}
            loading={retry.isPending}
            onClick={() => retry.mutate()}
          >
            {life.actions.retry}
          </ActionButton>
          <ActionButton {...BUTTON} onClick={() => setDialog('retry')}>
            {t.actions.editAndRetry}
          </ActionButton>
        </>
      )}
      {may.resolve && (
        <ActionButton {...BUTTON} onClick={() => setDialog('resolve')}>
          {life.actions.resolve}
        </ActionButton>
      )}
      {(dialog === 'edit' || dialog === 'retry') && (
        <EditDialog
          notification={notification}
          isRetry={dialog === 'retry'}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === 'resolve' && (
        <ResolveDialog
          {...{ ...shared, id, needs: 'notifications:write', outcomes: ['delivered', 'failed'] }}
          resolve={(body) => api.post('/v1/notifications/{id}/resolve', { path, body })}
          onClose={() => setDialog(null)}
        />
      )}
    </>
  )
}
