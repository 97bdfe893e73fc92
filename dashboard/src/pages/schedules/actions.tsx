import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { newId } from '../../parts/once.ts'
import { useAction } from '../../parts/use-action.ts'
import { BackfillDialog } from './backfill-dialog.tsx'
import { type Schedule, scheduleQuery } from './queries.ts'
import { ResumeDialog } from './resume-dialog.tsx'
import { ScheduleForm } from './schedule-form.tsx'
import { texts } from './texts.ts'
import { useLostRace } from './use-lost-race.ts'

/** What can be done to a schedule; each for the version that is shown. */
export const Actions = ({ schedule }: { schedule: Schedule }) => {
  const t = useTexts(texts)
  const navigate = useNavigate()
  const refused = useLostRace()
  const [dialog, setDialog] = useState<'resume' | 'backfill' | 'edit' | 'delete' | null>(null)
  const { name, version: ifMatch, state } = schedule
  const path = { name }
  const touches = [['schedules']]
  const pause = useAction({
    run: () => api.post('/v1/schedules/{name}/pause', { path, ifMatch }),
    optimistic: () => [
      { key: scheduleQuery(name).queryKey, update: (before: Schedule) => ({ ...before, state: 'paused' }) },
    ],
    touches,
    done: () => t.paused,
    refused,
  })
  const runNow = useAction({
    run: (key: string) => api.post('/v1/schedules/{name}/run-now', { path, ifMatch, idempotencyKey: key }),
    touches,
    done: () => t.ran,
    refused,
  })
  const remove = useAction({
    run: () => api.delete('/v1/schedules/{name}', { path, ifMatch }),
    touches: [['schedules', 'list']],
    done: () => t.deleted(name),
    refused,
    onDone: () => void navigate({ to: '/schedules' }),
  })
  const shared = { needs: 'schedules:write', variant: 'default', size: 'xs' } as const
  return (
    <>
      {state === 'active' && (
        <ActionButton {...shared} loading={pause.isPending} onClick={() => pause.mutate()}>
          {t.pause}
        </ActionButton>
      )}
      {state === 'paused' && (
        <ActionButton {...shared} onClick={() => setDialog('resume')}>
          {t.resume}
        </ActionButton>
      )}
      <ActionButton {...shared} loading={runNow.isPending} onClick={() => runNow.mutate(newId())}>
        {t.runNow}
      </ActionButton>
      <ActionButton {...shared} onClick={() => setDialog('backfill')}>
        {t.backfill}
      </ActionButton>
      <ActionButton {...shared} onClick={() => setDialog('edit')}>
        {t.edit}
      </ActionButton>
      <ActionButton {...shared} onClick={() => setDialog('delete')}>
        {t.delete}
      </ActionButton>
      {dialog === 'resume' && <ResumeDialog schedule={schedule} onClose={() => setDialog(null)} />}
      {dialog === 'backfill' && <BackfillDialog schedule={schedule} onClose={() => setDialog(null)} />}
      {dialog === 'edit' && (
        <ScheduleForm schedule={schedule} onClose={() => setDialog(null)} onDone={() => setDialog(null)} />
      )}
      {dialog === 'delete' && (
        <ConfirmDialog
          title={t.deleteTitle(name)}
          action={t.doDelete}
          needs="schedules:write"
          isBusy={remove.isPending}
          onConfirm={() => remove.mutate()}
          onClose={() => setDialog(null)}
        >
          {t.deleteHint}
        </ConfirmDialog>
      )}
    </>
  )
}
