import { Button, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api } from '../../api/client.ts'
import { Problem } from '../../api/problem.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { useFieldErrors } from '../../parts/field-errors.ts'
import { brokenJson, parsed } from '../../parts/message/draft.ts'
import { keyOf, newId } from '../../parts/once.ts'
import { Failure } from '../../parts/query-view.tsx'
import type { Rule } from '../../parts/rule/preview-query.ts'
import { RuleFields } from '../../parts/rule/rule-fields.tsx'
import { RulePreview } from '../../parts/rule/rule-preview.tsx'
import { useAction } from '../../parts/use-action.ts'
import { useDraft } from '../../parts/use-draft.ts'
import { useTabText } from '../../parts/use-tab-text.ts'
import { bodyOf, draftOf, EMPTY, patchOf, type ScheduleDraft } from './draft.ts'
import { PolicyFields } from './policy-fields.tsx'
import { type Schedule, scheduleQuery } from './queries.ts'
import classes from './schedules.module.css'
import { TargetFields } from './target-fields.tsx'
import { texts } from './texts.ts'

const ruleOf = (draft: ScheduleDraft): Rule | null => {
  const { startsAt, endsAt, exclude } = bodyOf(draft, '')
  if (draft.rule.trim() === '') return null
  return {
    ...{ [draft.ruleKind]: draft.rule.trim(), timeZone: draft.ruleZone },
    ...{ startsAt, endsAt, dstGap: draft.dstGap, dstOverlap: draft.dstOverlap },
    ...(Array.isArray(exclude) && { exclude: exclude.map(String) }),
  }
}

const isBroken = ({ target, message, taskData }: ScheduleDraft): boolean =>
  target === 'notification'
    ? brokenJson(message).length > 0
    : target === 'task' && taskData.trim() !== '' && parsed(taskData) === undefined

interface ScheduleFormProps {
  /** None: a new one. */
  schedule?: Schedule
  onClose(): void
  onDone(name: string): void
}

/** Makes a schedule, or changes one for the version that was read. The rule is put into words while it is typed. */
export const ScheduleForm = ({ schedule, onClose, onDone }: ScheduleFormProps) => {
  const t = useTexts(texts)
  const client = useQueryClient()
  const name = schedule?.name
  const initial = useMemo(
    () => (schedule === undefined ? { draft: EMPTY, headers: '', secret: [] } : draftOf(schedule)),
    // What was read when the form was opened: later changes of the server are refused by the version.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [name],
  )
  const place = `schedule.${name ?? ' new'}`
  const [draft, change, forget] = useDraft(place, initial.draft)
  const [headers, onHeaders] = useTabText(place)
  const leave = () => {
    forget()
    onHeaders('')
  }
  const save = useAction({
    run: () => {
      const path = { name: schedule?.name ?? '' }
      const ifMatch = draft.version
      if (schedule !== undefined && initial.secret.length > 0)
        return api.patch('/v1/schedules/{name}', {
          ...{ path, ifMatch, body: patchOf(schedule, draft, headers) },
        })
      if (schedule !== undefined)
        return api.put('/v1/schedules/{name}', { path, ifMatch, body: bodyOf(draft, headers) })
      const body = bodyOf(draft, headers)
      const key = draft.key === '' ? newId() : draft.key
      if (draft.key === '') change({ key })
      return api.post('/v1/schedules', { body: body as never, idempotencyKey: keyOf(key, body) })
    },
    touches: [['schedules'], ['calendar', 'range']],
    done: (made) => (schedule === undefined ? t.done.created(made.name) : t.done.saved),
    isShownThere: true,
    onDone: (made) => {
      leave()
      onDone(made.name)
    },
  })
  const { error } = save
  const errorOf = useFieldErrors(error)
  const shared = { draft, change, errorOf }
  return (
    <Dialog title={name === undefined ? t.form.create : t.form.edit(name)} size="xl" onClose={onClose}>
      <div className={classes.form}>
        {name === undefined && (
          <TextInput
            label={t.form.name}
            description={t.form.nameHint}
            required
            maxLength={100}
            value={draft.name}
            error={errorOf('name')}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
        )}
        <RuleFields {...shared} />
        <RulePreview rule={ruleOf(draft)} count={3} />
        <TargetFields {...shared} {...{ headers, onHeaders, problem: error, secret: initial.secret }} />
        <PolicyFields {...shared} />
        {error !== null && (
          <Failure
            problem={error}
            retry={() => {
              // What was typed stays, and is now a change to what is there.
              if (error instanceof Problem && error.code === 'version-conflict' && name !== undefined)
                change({
                  version: client.getQueryData(scheduleQuery(name).queryKey)?.version ?? draft.version,
                })
              save.reset()
            }}
          />
        )}
        <div className={classes.buttons}>
          <Button
            variant="subtle"
            onClick={() => {
              leave()
              onClose()
            }}
          >
            {t.form.throwAway}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t.leave}
          </Button>
          <ActionButton
            needs={
              draft.target === 'notification' ? ['schedules:write', 'notifications:write'] : 'schedules:write'
            }
            unless={isBroken(draft) ? t.form.notJson : null}
            loading={save.isPending}
            onClick={() => save.mutate()}
          >
            {name === undefined ? t.form.make : t.form.save}
          </ActionButton>
        </div>
      </div>
    </Dialog>
  )
}
