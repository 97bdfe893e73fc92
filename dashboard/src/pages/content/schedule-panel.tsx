import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { Instant, Relative } from '../../parts/moments.tsx'
import { Panel } from '../../parts/page.tsx'
import { Empty } from '../../parts/query-view.tsx'
import classes from './content.module.css'
import { texts } from './item-texts.ts'
import { callOf, type ContentType, type Item } from './queries.ts'
import { ScheduleForm } from './schedule-form.tsx'
import type { ItemAction } from './use-item-action.ts'

interface SchedulePanelProps {
  item: Item
  type: ContentType | undefined
  action: ItemAction
}

type Schedule = NonNullable<Item['schedule']>

/** The wall clock that was given, where one was: it is what people were told. */
const announced = (schedule: Schedule, { id, action }: Schedule['publications'][number]): string => {
  const first = schedule.publications.find((each) => each.action === action)
  const when =
    action === 'publish' ? schedule.publishAt : action === 'unpublish' ? schedule.unpublishAt : null
  if (first?.id !== id || when === null || typeof when === 'string' || !('local' in when)) return ''
  return `${when.local.replace('T', ' ')} ${when.timeZone} · `
}

/** What is to become of an item. */
export const SchedulePanel = ({ item, type, action }: SchedulePanelProps) => {
  const t = useTexts(texts)
  const format = useFormat()
  const [isOpen, setOpen] = useState(false)
  const { schedule, draftRevision } = item
  const own = schedule?.publications.filter(({ releaseId }) => releaseId === null) ?? []
  const cancel = () =>
    action.act({
      done: t.done.unschedule,
      call: (ifMatch) => api.delete('/v1/content/{type}/{id}/schedule', { ...callOf(item), ifMatch }),
    })
  return (
    <Panel
      title={t.schedule.panel}
      actions={
        <>
          {own.length > 0 && (
            <ActionButton
              needs="content:publish"
              variant="default"
              size="xs"
              loading={action.isPending}
              onClick={cancel}
            >
              {t.schedule.cancel}
            </ActionButton>
          )}
          <ActionButton needs="content:publish" variant="default" size="xs" onClick={() => setOpen(true)}>
            {own.length > 0 ? t.schedule.change : t.schedule.open}
          </ActionButton>
        </>
      }
    >
      {schedule === null ? (
        <Empty>{t.schedule.none}</Empty>
      ) : (
        <>
          <ul className={classes.pending}>
            {schedule.publications.map((publication) => (
              <li key={publication.id}>
                <strong>{t.actions[publication.action]}</strong>
                <span>
                  <Instant at={publication.dueAt} /> · <Relative at={publication.dueAt} />
                </span>
                <span className={classes.dimmed}>
                  {announced(schedule, publication)}
                  {publication.action === 'publish' &&
                    (publication.revision === null
                      ? t.schedule.draftThen
                      : t.revisions.one(format.number(publication.revision)))}{' '}
                  {publication.releaseId !== null && (
                    <Link to="/content/release/$id" params={{ id: publication.releaseId }}>
                      {t.schedule.ofRelease}
                    </Link>
                  )}
                </span>
              </li>
            ))}
          </ul>
          {schedule.draftAhead && schedule.revision !== null && (
            <p className={classes.notice}>
              {t.schedule.draftAhead(format.number(draftRevision), format.number(schedule.revision))}
            </p>
          )}
          <p className={classes.dimmed}>
            {t.schedule.policyHints[schedule.onEdit]}{' '}
            {schedule.maxLateSeconds !== null &&
              t.schedule.lateUpTo(format.span(schedule.maxLateSeconds * 1000))}
          </p>
        </>
      )}
      {isOpen && (
        <ScheduleForm
          item={item}
          onEdit={type?.onEdit ?? 'pin'}
          action={action}
          onClose={() => setOpen(false)}
        />
      )}
    </Panel>
  )
}
