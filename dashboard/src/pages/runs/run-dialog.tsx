import { Button, NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { send } from '../../api/client.ts'
import { Problem } from '../../api/problem.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { CurlPanel } from '../../parts/curl/curl-panel.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { useFieldErrors } from '../../parts/field-errors.ts'
import { Inert } from '../../parts/inert.tsx'
import { Failure, QueryView } from '../../parts/query-view.tsx'
import { tasksQuery } from '../../parts/tasks-query.ts'
import { useAction } from '../../parts/use-action.ts'
import { useDraft } from '../../parts/use-draft.ts'
import { useOnce } from '../../parts/use-once.ts'
import { TimeFields } from '../../parts/when/time-fields.tsx'
import { DataField } from './data-field.tsx'
import type { Run } from './queries.ts'
import { EMPTY_RUN, isBroken, requestOf, type RunDraft } from './run-draft.ts'
import classes from './runs.module.css'
import { texts } from './texts.ts'

interface RunDialogProps {
  /** Of the draft. */
  name: string
  /** What it says at first. */
  initial?: RunDraft
  onClose(): void
}

/** Has a task run, now or at a time; the server holds the data against the schema of the task. */
export const RunDialog = ({ name, initial = EMPTY_RUN, onClose }: RunDialogProps) => {
  const t = useTexts(texts)
  const navigate = useNavigate()
  const tasks = useQuery(tasksQuery)
  const [draft, change, forget] = useDraft(name, initial)
  const once = useOnce(draft, change)
  const [first] = tasks.data ?? []
  // A task that is known no longer is not offered, and so not chosen.
  const task = tasks.data?.find((one) => one.name === draft.task) ?? first
  const request = requestOf({ ...draft, task: task?.name ?? '' })
  const start = useAction({
    run: async (): Promise<Run> => {
      const { path, body } = request
      const response = await send('post', path, { body, idempotencyKey: once.keyFor([path, body]) })
      return (await response.json()) as Run
    },
    touches: [['runs'], ['overview'], ['calendar', 'range']],
    done: () => t.start.done,
    isShownThere: true,
    onDone: ({ id }) => {
      once.done()
      forget()
      onClose()
      void navigate({ to: '/runs/$id', params: { id } })
    },
  })
  const errorOf = useFieldErrors(start.error)
  const faults =
    start.error instanceof Problem
      ? (start.error.document.errors ?? []).filter(({ path }) => path.startsWith('data.'))
      : []
  return (
    <Dialog onClose={onClose} title={t.start.title} size="lg">
      <QueryView query={tasks} isEmpty={({ length }) => length === 0} empty={t.start.none}>
        {(known) => (
          <div className={classes.form}>
            <NativeSelect
              label={t.task}
              description={task?.description ?? undefined}
              value={task?.name ?? ''}
              onChange={(event) => change({ task: event.currentTarget.value })}
              data={known.map((one) => one.name)}
            />
            {task?.schema !== null && task?.schema !== undefined && (
              <details>
                <summary>{t.start.schema}</summary>
                <Inert text={JSON.stringify(task.schema, null, 2)} label={t.start.schema} />
              </details>
            )}
            <DataField
              value={draft.data}
              description={t.start.dataHint}
              error={isBroken(draft) ? t.start.notJson : faults.length > 0 ? t.start.faults : errorOf('data')}
              onChange={(text) => change({ data: text })}
            />
            {faults.length > 0 && (
              <ul className={classes.faults} aria-label={t.start.faults}>
                {faults.map(({ path, message }) => (
                  <li key={`${path} ${message}`}>
                    <code>{path}</code> {message}
                  </li>
                ))}
              </ul>
            )}
            <TimeFields {...{ draft, change }} error={errorOf('runAt')} />
            {start.error !== null && <Failure problem={start.error} retry={() => start.mutate()} />}
            <div className={classes.buttons}>
              <Button
                variant="subtle"
                onClick={() => {
                  forget()
                  start.reset()
                }}
              >
                {t.start.forget}
              </Button>
              <ActionButton
                needs="tasks:write"
                unless={isBroken(draft) ? t.start.notJson : null}
                loading={start.isPending}
                onClick={() => start.mutate()}
              >
                {draft.time === 'now' ? t.start.now : t.start.later}
              </ActionButton>
            </div>
            <CurlPanel request={request} />
          </div>
        )}
      </QueryView>
    </Dialog>
  )
}
