import { NumberInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { Problem } from '../../api/problem.ts'
import { useFormat, usePreferences, useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { Failure } from '../../parts/query-view.tsx'
import { useDraft } from '../../parts/use-draft.ts'
import { whenOf, type WallClock } from '../../parts/when/when.ts'
import { WhenField } from '../../parts/when/when-field.tsx'
import classes from './content.module.css'
import type { Release } from './queries.ts'
import { texts } from './release-texts.ts'
import { firstStep } from './steps.ts'
import type { ReleaseAction } from './use-release-action.ts'

interface ReleaseActionsProps {
  release: Release
  action: ReleaseAction
  isFrozen: boolean
}

export const ReleaseActions = ({ release, action, isFrozen }: ReleaseActionsProps) => {
  const t = useTexts(texts)
  const format = useFormat()
  const navigate = useNavigate()
  const [asked, setAsked] = useState<'publish' | 'delete' | 'schedule' | null>(null)
  const { state, items } = release
  const path = { id: release.id }
  const close = () => setAsked(null)
  const look = { needs: 'content:publish', variant: 'default', size: 'xs' } as const
  const confirm = () => {
    if (asked === 'publish')
      action.act({
        done: t.done.publish,
        call: (ifMatch) => api.post('/v1/releases/{id}/publish', { path, ifMatch }),
      })
    else
      action.act({
        done: t.done.delete,
        call: async (ifMatch) => {
          await api.delete('/v1/releases/{id}', { path, ifMatch })
          return undefined
        },
        onDone: () => void navigate({ to: '/content/release' }),
      })
    close()
  }
  return (
    <>
      {state !== 'succeeded' && (
        <ActionButton
          {...look}
          variant="filled"
          loading={action.isPending}
          onClick={() => setAsked('publish')}
        >
          {t.act.publish}
        </ActionButton>
      )}
      {!isFrozen && (
        <ActionButton {...look} onClick={() => setAsked('schedule')}>
          {t.act.schedule}
        </ActionButton>
      )}
      {(state === 'scheduled' || state === 'draft') && (
        <ActionButton
          {...look}
          loading={action.isPending}
          onClick={() =>
            action.act({
              done: t.done.cancel,
              call: (ifMatch) => api.post('/v1/releases/{id}/cancel', { path, ifMatch }),
            })
          }
        >
          {t.act.cancel}
        </ActionButton>
      )}
      <ActionButton {...look} unless={isFrozen ? t.frozen : null} onClick={() => setAsked('delete')}>
        {t.act.delete}
      </ActionButton>
      {(asked === 'publish' || asked === 'delete') && (
        <ConfirmDialog
          title={t.act[asked]}
          action={t.act[asked]}
          needs="content:publish"
          isBusy={action.isPending}
          onConfirm={confirm}
          onClose={close}
        >
          <p>{asked === 'publish' ? t.confirm.publish(format.number(items.length)) : t.confirm.delete}</p>
        </ConfirmDialog>
      )}
      {asked === 'schedule' && <ScheduleRelease release={release} action={action} onClose={close} />}
    </>
  )
}

interface ScheduleReleaseProps {
  release: Release
  action: ReleaseAction
  onClose(): void
}

const UNTOUCHED: { clock: WallClock | null; maxLate: number | '' } = { clock: null, maxLate: '' }

const ScheduleRelease = ({ release, action, onClose }: ScheduleReleaseProps) => {
  const t = useTexts(texts)
  const { timeZone } = usePreferences()
  const [draft, change, forget] = useDraft(`release.${release.id}.schedule`, UNTOUCHED)
  const clock = draft.clock ?? firstStep(timeZone).clock
  const { maxLate } = draft
  const publishAt = whenOf(clock)
  const save = () => {
    if (publishAt === null) return
    action.act({
      done: t.done.schedule,
      call: (ifMatch) =>
        api.put('/v1/releases/{id}/schedule', {
          path: { id: release.id },
          body: { publishAt, ...(maxLate !== '' && { maxLateSeconds: maxLate * 60 }) },
          ifMatch,
        }),
      onDone: () => {
        forget()
        onClose()
      },
    })
  }
  return (
    <Dialog onClose={onClose} title={t.act.schedule} size="lg">
      <div className={classes.form}>
        <p className={classes.dimmed}>{t.scheduleHint}</p>
        <WhenField
          label={t.publishAt}
          value={clock}
          onChange={(next) => change({ clock: { ...clock, ...next } })}
        />
        <NumberInput
          size="xs"
          label={t.maxLate}
          min={0}
          max={5_256_000}
          value={maxLate}
          onChange={(value) => change({ maxLate: typeof value === 'number' ? value : '' })}
        />
        {action.error instanceof Problem && <Failure problem={action.error} retry={save} />}
        <div className={classes.buttons}>
          <ActionButton
            needs="content:publish"
            size="xs"
            unless={publishAt === null ? t.publishAt : null}
            loading={action.isPending}
            onClick={save}
          >
            {t.save}
          </ActionButton>
        </div>
      </div>
    </Dialog>
  )
}
