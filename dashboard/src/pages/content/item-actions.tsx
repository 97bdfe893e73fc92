import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { texts } from './item-texts.ts'
import { callOf, type Item } from './queries.ts'
import type { ItemAction } from './use-item-action.ts'

/** What can be done to an item at once. Readers notice the most of it, so that what takes something away is asked for twice. */
export const ItemActions = ({ item, action }: { item: Item; action: ItemAction }) => {
  const t = useTexts(texts)
  const format = useFormat()
  const navigate = useNavigate()
  const [asked, setAsked] = useState<'unpublish' | 'archive' | 'delete' | null>(null)
  const of = callOf(item)
  const { status, liveRevision, draftRevision, schedule } = item
  const close = () => setAsked(null)
  const shared = { variant: 'default', size: 'xs', needs: 'content:publish' } as const

  const publish = () =>
    action.act({
      done: t.done.publish(format.number(draftRevision)),
      becomes: 'published',
      call: (ifMatch) =>
        api.post('/v1/content/{type}/{id}/publish', { ...of, body: { revision: draftRevision }, ifMatch }),
    })
  const restore = () =>
    action.act({
      done: t.done.restore,
      becomes: 'draft',
      call: (ifMatch) => api.post('/v1/content/{type}/{id}/restore', { ...of, ifMatch }),
    })
  const confirm = () => {
    if (asked === null) return
    close()
    if (asked === 'delete')
      return action.act({
        done: t.done.delete,
        call: async (ifMatch) => {
          await api.delete('/v1/content/{type}/{id}', { ...of, ifMatch })
          return undefined
        },
        onDone: () => void navigate({ to: '/content', search: { type: item.type } }),
      })
    action.act({
      done: t.done[asked],
      becomes: asked === 'archive' ? 'archived' : 'draft',
      call: (ifMatch) => api.post(`/v1/content/{type}/{id}/${asked}`, { ...of, ifMatch }),
    })
  }
  return (
    <>
      {status === 'archived' ? (
        <ActionButton {...shared} loading={action.isPending} onClick={restore}>
          {t.act.restore}
        </ActionButton>
      ) : (
        <>
          <ActionButton
            {...shared}
            variant="filled"
            loading={action.isPending}
            unless={liveRevision === draftRevision ? t.act.isLive : null}
            onClick={publish}
          >
            {t.act.publish}
          </ActionButton>
          {liveRevision !== null && (
            <ActionButton {...shared} onClick={() => setAsked('unpublish')}>
              {t.act.unpublish}
            </ActionButton>
          )}
          <ActionButton {...shared} onClick={() => setAsked('archive')}>
            {t.act.archive}
          </ActionButton>
        </>
      )}
      <ActionButton {...shared} needs="content:write" onClick={() => setAsked('delete')}>
        {t.act.delete}
      </ActionButton>
      {asked !== null && (
        <ConfirmDialog
          title={t.act[asked]}
          action={t.act[asked]}
          needs={asked === 'delete' ? 'content:write' : 'content:publish'}
          isBusy={action.isPending}
          onConfirm={confirm}
          onClose={close}
        >
          <p>{asked === 'delete' ? t.confirm.delete(format.number(draftRevision)) : t.confirm[asked]}</p>
          {schedule !== null && <p>{t.confirm.pending}</p>}
        </ConfirmDialog>
      )}
    </>
  )
}
