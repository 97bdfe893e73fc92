import { Button, NumberInput, Textarea } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Notification } from '../../api/types.ts'
import { usePreferences, useTexts } from '../../i18n/preferences.tsx'
import { toLocal } from '../../i18n/zone.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { useFieldErrors } from '../../parts/field-errors.ts'
import { useLostRace } from '../../parts/life/lost-race.ts'
import { texts as lifeTexts } from '../../parts/life/texts.ts'
import { useDraft } from '../../parts/use-draft.ts'
import { Failure } from '../../parts/query-view.tsx'
import { WhenField } from '../../parts/when/when-field.tsx'
import classes from '../../parts/life/life.module.css'
import { texts } from './detail-texts.ts'
import { BODIES, type BodyName, changesOf, type EditDraft, isBroken, textOf, timeOf } from './edit-draft.ts'
import { notificationQuery } from './queries.ts'
import { isConflict, useEdit } from './use-edit.ts'

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
  const { timeZone } = usePreferences()
  const client = useQueryClient()
  const lostRace = useLostRace('notification')
  const { id, version, nextAttemptAt, dueAt } = notification
  const initial = useMemo<EditDraft>(
    () => ({ wall: null, priority: null, bodies: {}, version }),
    // What was loaded when the dialog was opened; later changes of the server are refused by the version.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [id],
  )
  const [draft, change, forget] = useDraft(`notification.${id}.${isRetry ? 'retry' : 'edit'}`, initial)
  const leave = () => {
    forget()
    onClose()
  }
  const save = useEdit({ notification, draft, isRetry, onDone: leave })
  const { error } = save
  const errorOf = useFieldErrors(error)
  const patchErrorOf = useFieldErrors(error, isRetry ? 'patch.' : '')
  const wall = draft.wall ?? {
    ...{ local: isRetry ? '' : toLocal(nextAttemptAt ?? dueAt, timeZone), timeZone, disambiguation: '' },
  }
  const valueOf = (name: BodyName): string => draft.bodies[name] ?? textOf(notification, name) ?? ''
  const reasonAgainst = (): string | null => {
    if (isBroken(draft)) return t.edit.notJson
    if (isRetry) return null
    if (draft.wall?.local === '') return t.edit.noTime
    const isSame = timeOf(draft) === null && Object.keys(changesOf(draft, notification)).length === 0
    return isSame ? t.edit.nothing : null
  }

  return (
    <Dialog onClose={onClose} title={isRetry ? t.actions.editAndRetry : t.edit.title} size="lg">
      <div className={classes.form}>
        <WhenField
          label={isRetry ? t.edit.sendAgainAt : t.edit.sendAt}
          hint={isRetry ? t.edit.emptyIsNow : undefined}
          value={wall}
          isKnown={draft.wall === null}
          error={errorOf('sendAt')}
          onChange={(next) => change({ wall: { ...wall, ...next } })}
        />
        <NumberInput
          label={life.facts.priority}
          min={-100}
          max={100}
          allowDecimal={false}
          value={draft.priority ?? notification.priority}
          error={patchErrorOf('priority')}
          onChange={(value) => change({ priority: typeof value === 'number' ? value : 0 })}
        />
        {BODIES.filter((name) => textOf(notification, name) !== null).map((name) => (
          <Textarea
            key={name}
            label={name}
            autosize
            minRows={2}
            maxRows={12}
            error={name === 'payload' && isBroken(draft) ? t.edit.notJson : patchErrorOf(name)}
            value={valueOf(name)}
            onChange={(event) => change({ bodies: { ...draft.bodies, [name]: event.currentTarget.value } })}
          />
        ))}
        {error !== null && (
          <Failure
            problem={error}
            text={lostRace(error)}
            retry={() => {
              // What is shown is read anew; what was typed stays, and is now a change to that.
              const shown = client.getQueryData(notificationQuery(id).queryKey)?.version ?? version
              const next = isConflict(error) ? shown : draft.version
              if (next !== draft.version) change({ version: next })
              save.mutate(next)
            }}
          />
        )}
        <div className={classes.buttons}>
          <Button variant="subtle" onClick={leave}>
            {t.edit.throwAway}
          </Button>
          <Button variant="default" onClick={onClose}>
            {life.leave}
          </Button>
          <ActionButton
            needs="notifications:write"
            unless={reasonAgainst()}
            loading={save.isPending}
            onClick={() => save.mutate(draft.version)}
          >
            {isRetry ? life.actions.retry : t.edit.save}
          </ActionButton>
        </div>
      </div>
    </Dialog>
  )
}
