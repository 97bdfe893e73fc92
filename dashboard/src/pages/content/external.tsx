import { Button, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type SubmitEvent, useState } from 'react'
import { api } from '../../api/client.ts'
import { usePreferences, useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Panel } from '../../parts/page.tsx'
import { Failure } from '../../parts/query-view.tsx'
import { useAction } from '../../parts/use-action.ts'
import { type WallClock, whenOf } from '../../parts/when/when.ts'
import { WhenField } from '../../parts/when/when-field.tsx'
import classes from './content.module.css'
import { texts } from './item-texts.ts'
import { Publications } from './publications.tsx'
import { callOf, type Identity } from './queries.ts'
import { firstStep } from './steps.ts'

/** A type whose items are rows of the application: why they are not listed, and what can be done all the same. */
export const ExternalType = ({ type }: { type: string }) => {
  const t = useTexts(texts)
  const navigate = useNavigate()
  const [id, setId] = useState('')
  const open = (event: SubmitEvent) => {
    event.preventDefault()
    const trimmed = id.trim()
    if (trimmed !== '') void navigate({ to: '/content/$type/$id', params: { type, id: trimmed } })
  }
  return (
    <>
      <Panel title={t.external.title(type)}>
        <p>{t.external.explain}</p>
        <form className={classes.pair} onSubmit={open}>
          <TextInput
            size="xs"
            label={t.external.id}
            maxLength={200}
            value={id}
            onChange={(event) => setId(event.currentTarget.value)}
          />
          <Button type="submit" size="xs" variant="default" disabled={id.trim() === ''}>
            {t.external.open}
          </Button>
        </form>
      </Panel>
      <Publications filter={{ type }} />
    </>
  )
}

/** One row of the application: it is scheduled, published and taken back here, and nothing else. */
export const ExternalItem = ({ identity }: { identity: Identity }) => {
  const t = useTexts(texts)
  const [isOpen, setOpen] = useState(false)
  const of = callOf(identity)
  const shared = { touches: [['content']] }
  const act = useAction({
    ...shared,
    run: (name: 'publish' | 'unpublish') => api.post(`/v1/content/{type}/{id}/${name}`, of),
    done: (_, name) => t.external.done[name],
  })
  const cancel = useAction({
    ...shared,
    run: () => api.delete('/v1/content/{type}/{id}/schedule', of),
    done: () => t.done.unschedule,
  })
  const look = { needs: 'content:publish', variant: 'default', size: 'xs' } as const
  return (
    <>
      <Panel
        title={t.external.title(identity.type)}
        actions={
          <>
            <ActionButton {...look} onClick={() => setOpen(true)}>
              {t.schedule.open}
            </ActionButton>
            <ActionButton {...look} loading={cancel.isPending} onClick={() => cancel.mutate()}>
              {t.schedule.cancel}
            </ActionButton>
            <ActionButton {...look} loading={act.isPending} onClick={() => act.mutate('publish')}>
              {t.act.publish}
            </ActionButton>
            <ActionButton {...look} loading={act.isPending} onClick={() => act.mutate('unpublish')}>
              {t.act.unpublish}
            </ActionButton>
          </>
        }
      >
        <p>{t.external.explain}</p>
      </Panel>
      <Publications filter={{ type: identity.type, id: identity.id }} identity={identity} />
      {isOpen && <ExternalSchedule identity={identity} onClose={() => setOpen(false)} />}
    </>
  )
}

const ExternalSchedule = ({ identity, onClose }: { identity: Identity; onClose(): void }) => {
  const t = useTexts(texts)
  const { timeZone } = usePreferences()
  const [publishAt, setPublishAt] = useState<WallClock>(() => firstStep(timeZone).clock)
  const [unpublishAt, setUnpublishAt] = useState<WallClock>({ local: '', timeZone, disambiguation: '' })
  const times = [
    ['publishAt', whenOf(publishAt)],
    ['unpublishAt', whenOf(unpublishAt)],
  ] as const
  const save = useAction({
    run: () =>
      api.put('/v1/content/{type}/{id}/schedule', {
        ...callOf(identity),
        body: Object.fromEntries(times.filter(([, when]) => when !== null)),
      }),
    touches: [['content']],
    done: () => t.done.schedule,
    onDone: onClose,
  })
  return (
    <Dialog onClose={onClose} title={t.schedule.title} size="lg">
      <div className={classes.form}>
        <WhenField
          label={t.actions.publish}
          value={publishAt}
          onChange={(next) => setPublishAt((before) => ({ ...before, ...next }))}
        />
        <WhenField
          label={t.actions.unpublish}
          value={unpublishAt}
          onChange={(next) => setUnpublishAt((before) => ({ ...before, ...next }))}
        />
        {save.error !== null && <Failure problem={save.error} retry={() => save.mutate()} />}
        <div className={classes.buttons}>
          <ActionButton
            needs="content:publish"
            size="xs"
            unless={times.every(([, when]) => when === null) ? t.schedule.noTime : null}
            loading={save.isPending}
            onClick={() => save.mutate()}
          >
            {t.schedule.save}
          </ActionButton>
        </div>
      </div>
    </Dialog>
  )
}
