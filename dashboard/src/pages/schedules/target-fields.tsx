import { SegmentedControl, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { usePermission } from '../../app/session.tsx'
import { useTexts } from '../../i18n/preferences.tsx'
import { type ErrorOf, useFieldErrors } from '../../parts/field-errors.ts'
import { DeliveryFields } from '../../parts/message/delivery-fields.tsx'
import { type MessageDraft, parsed } from '../../parts/message/draft.ts'
import { MessageFields } from '../../parts/message/message-fields.tsx'
import { tasksQuery } from '../../parts/tasks-query.ts'
import { type ScheduleDraft, TARGETS } from './draft.ts'
import classes from './schedules.module.css'
import { texts } from './texts.ts'

interface TargetFieldsProps {
  draft: ScheduleDraft
  change(next: Partial<ScheduleDraft>): void
  errorOf: ErrorOf
  problem: unknown
  headers: string
  onHeaders(headers: string): void
  /** Names of headers whose values are not told. */
  secret: readonly string[]
}

const NotificationFields = ({ draft, change, problem, headers, onHeaders, secret }: TargetFieldsProps) => {
  const t = useTexts(texts).form
  const errorOf = useFieldErrors(problem, 'notification.')
  const { message } = draft
  const changeMessage = (next: Partial<MessageDraft>) => change({ message: { ...message, ...next } })
  return (
    <>
      <MessageFields draft={message} change={changeMessage} {...{ headers, onHeaders, errorOf }} />
      <p className={classes.dimmed}>{t.at}</p>
      {secret.length > 0 && <p className={classes.dimmed}>{t.secret(secret.join(', '))}</p>}
      <DeliveryFields draft={message} change={changeMessage} errorOf={errorOf} />
    </>
  )
}

const TASKS = 'names-of-tasks'

/** What each run starts. */
export const TargetFields = (o: TargetFieldsProps) => {
  const { draft, change, errorOf } = o
  const { target } = draft
  const t = useTexts(texts)
  const permission = usePermission('tasks:read')
  const tasks = useQuery({ ...tasksQuery, enabled: permission.allowed && target === 'task' })
  const field = (name: 'taskName' | 'type' | 'id' | 'locale', label: string, path: string) => (
    <TextInput
      label={label}
      // Suggested, not prescribed: another server may know other tasks.
      list={name === 'taskName' ? TASKS : undefined}
      value={draft[name]}
      error={errorOf(`${target}.${path}`)}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
    />
  )
  const isBroken = draft.taskData.trim() !== '' && parsed(draft.taskData) === undefined
  return (
    <fieldset className={classes.group}>
      <legend>{t.form.target}</legend>
      <div className={classes.form}>
        <SegmentedControl
          aria-label={t.form.target}
          value={target}
          onChange={(next) => change({ target: next })}
          data={TARGETS.map((value) => ({ value, label: t.targets[value] }))}
        />
        {target === 'notification' && <NotificationFields {...o} />}
        {target === 'task' && (
          <>
            {field('taskName', t.form.taskName, 'name')}
            <datalist id={TASKS}>
              {tasks.data?.map(({ name }) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </datalist>
            <Textarea
              label={t.form.data}
              autosize
              minRows={3}
              maxRows={14}
              value={draft.taskData}
              error={isBroken ? t.form.notJson : errorOf('task.data')}
              onChange={(event) => change({ taskData: event.currentTarget.value })}
            />
          </>
        )}
        {(target === 'publish' || target === 'unpublish') && (
          <div className={classes.pair}>
            {field('type', t.form.type, 'type')}
            {field('id', t.form.id, 'id')}
            {field('locale', t.form.locale, 'locale')}
          </div>
        )}
      </div>
    </fieldset>
  )
}
