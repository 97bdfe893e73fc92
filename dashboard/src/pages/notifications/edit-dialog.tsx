import { Button, NumberInput, TextInput, Textarea } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api } from '../../api/client.ts'
import { Problem } from '../../api/problem.ts'
import type { Notification } from '../../api/types.ts'
import { usePreferences, useTexts } from '../../i18n/preferences.tsx'
import { toInstant, toLocal } from '../../i18n/zone.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { useLostRace } from '../../parts/life/lost-race.ts'
import { texts as lifeTexts } from '../../parts/life/texts.ts'
import { patchOfValue } from '../../parts/diff/members.ts'
import { parsed } from '../../parts/message/draft.ts'
import { useAction } from '../../parts/use-action.ts'
import { useDraft } from '../../parts/use-draft.ts'
import { Failure } from '../../parts/query-view.tsx'
import classes from '../../parts/life/life.module.css'
import { texts } from './detail-texts.ts'
import { notificationQuery } from './queries.ts'

const BODIES = ['subject', 'message', 'text', 'html', 'payload'] as const

/** The version that the change is made to is the one that is shown: somebody else's change meanwhile is not overwritten. */
interface Draft {
  sendAt: string
  priority: number
  bodies: Record<string, string>
  version: number
}

const textOf = (notification: Notification, name: (typeof BODIES)[number]): string | null => {
  const value = notification[name]
  if (value === undefined || value === null) return null
  return typeof value === 'string' && name !== 'payload' ? value : JSON.stringify(value, null, 2)
}

/** Changes what is sent, and when; of what has ended as it is tried again. */
export const EditDialog = ({
  notification,
  isRetry,
  onClose,
}: {
  notification: Notification
  isRetry: boolean
  onClose: () => void
}) => {
  const t = useTexts(texts)
  const life = useTexts(lifeTexts)
  const { timeZone, format } = usePreferences()
  const client = useQueryClient()
  const lostRace = useLostRace('notification')
  const { id, version } = notification
  const shown = BODIES.filter((name) => textOf(notification, name) !== null)
  const initial = useMemo<Draft>(
    () => ({
      sendAt: isRetry ? '' : toLocal(notification.nextAttemptAt ?? notification.dueAt, timeZone),
      priority: notification.priority,
      bodies: {},
      version,
    }),
    // What was loaded when the dialog was opened; later changes of the server are refused by the version.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [id],
  )
  const [draft, change, forget] = useDraft(`notification.${id}.${isRetry ? 'retry' : 'edit'}`, initial)
  const valueOf = (name: (typeof BODIES)[number]): string =>
    draft.bodies[name] ?? textOf(notification, name) ?? ''
  const brokenJson = draft.bodies['payload'] !== undefined && parsed(draft.bodies['payload']) === undefined

  const changes = () => ({
    ...(draft.priority !== notification.priority && { priority: draft.priority }),
    ...Object.fromEntries(
      Object.entries(draft.bodies).map(([name, text]) => [
        name,
        name === 'payload' ? patchOfValue(notification.payload, JSON.parse(text)) : text,
      ]),
    ),
  })
  const save = useAction({
    run: async () => {
      const path = { id }
      const sendAt = draft.sendAt === initial.sendAt ? null : toInstant(draft.sendAt, timeZone)
      const due = sendAt === null ? {} : { sendAt }
      const ifMatch = draft.version
      return isRetry
        ? api.post('/v1/notifications/{id}/retry', { path, body: { ...due, patch: changes() }, ifMatch })
        : api.patch('/v1/notifications/{id}', { path, body: { ...changes(), ...due }, ifMatch })
    },
    touches: [notificationQuery(id).queryKey, ['dead-letters'], ['overview']],
    done: () => (isRetry ? life.done.retry : t.done.edit),
    refused: lostRace,
    onDone: () => {
      forget()
      onClose()
    },
  })
  const { error } = save
  const isConflict = error instanceof Problem && error.code === 'version-conflict'

  return (
    <Dialog onClose={onClose} title={isRetry ? t.actions.editAndRetry : t.edit.title} size="lg">
      <div className={classes.form}>
        <TextInput
          type="datetime-local"
          label={`${isRetry ? t.edit.sendAgainAt : t.edit.sendAt} (${timeZone}, ${format.zone()})`}
          description={isRetry ? t.edit.emptyIsNow : undefined}
          value={draft.sendAt}
          onChange={(event) => change({ sendAt: event.currentTarget.value })}
        />
        <NumberInput
          label={life.facts.priority}
          min={-100}
          max={100}
          allowDecimal={false}
          value={draft.priority}
          onChange={(value) => change({ priority: typeof value === 'number' ? value : 0 })}
        />
        {shown.map((name) => (
          <Textarea
            key={name}
            label={name}
            autosize
            minRows={2}
            maxRows={12}
            error={name === 'payload' && brokenJson ? t.edit.notJson : undefined}
            value={valueOf(name)}
            onChange={(event) => change({ bodies: { ...draft.bodies, [name]: event.currentTarget.value } })}
          />
        ))}
        {error !== null && (
          <Failure
            problem={error}
            retry={() => {
              // What is shown is read anew; what was typed stays, and is now a change to that.
              if (isConflict)
                change({ version: client.getQueryData(notificationQuery(id).queryKey)?.version ?? version })
              save.mutate()
            }}
          />
        )}
        <div className={classes.buttons}>
          <Button
            variant="subtle"
            onClick={() => {
              forget()
              onClose()
            }}
          >
            {t.edit.throwAway}
          </Button>
          <Button variant="default" onClick={onClose}>
            {life.leave}
          </Button>
          <ActionButton
            needs="notifications:write"
            unless={brokenJson ? t.edit.notJson : null}
            loading={save.isPending}
            onClick={() => save.mutate()}
          >
            {isRetry ? life.actions.retry : t.edit.save}
          </ActionButton>
        </div>
      </div>
    </Dialog>
  )
}
