import { Button } from '@mantine/core'
import { useMemo } from 'react'
import { api } from '../../api/client.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { useFieldErrors } from '../../parts/field-errors.ts'
import { isObject, mergePatchOf } from '../../parts/diff/members.ts'
import { texts as lifeTexts } from '../../parts/life/texts.ts'
import { useLifeAction } from '../../parts/life/use-life-action.ts'
import { parsed } from '../../parts/message/draft.ts'
import { useDraft } from '../../parts/use-draft.ts'
import { TimeFields } from '../../parts/when/time-fields.tsx'
import { EMPTY_TIME, type TimeDraft, type TimeForm, timeOf } from '../../parts/when/when.ts'
import { DataField } from './data-field.tsx'
import { type Run, runQuery } from './queries.ts'
import classes from './runs.module.css'
import { texts } from './texts.ts'

interface Draft extends TimeDraft {
  time: TimeForm
  data: string
}

/** Sets what has ended waiting again: with other data, or until a time. */
export const RetryDialog = ({ run, onClose }: { run: Run; onClose(): void }) => {
  const t = useTexts(texts)
  const life = useTexts(lifeTexts)
  const { id, version } = run
  const written = JSON.stringify(run.data, null, 2)
  const initial = useMemo<Draft>(() => ({ ...EMPTY_TIME, time: 'now', data: written }), [written])
  const [draft, change, forget] = useDraft(`run.${id}.retry`, initial)
  const runAt = timeOf(draft)
  const data = parsed(draft.data)
  const isBroken = !isObject(data)
  const retry = useLifeAction({
    ...{ kind: 'run', queryKey: runQuery(id).queryKey, touches: [['dead-letters']] },
    run: () =>
      api.post('/v1/runs/{id}/retry', {
        path: { id },
        body: {
          ...(runAt !== undefined && { runAt }),
          ...(isObject(data) && draft.data !== written && { patch: { data: mergePatchOf(run.data, data) } }),
        },
        ifMatch: version,
      }),
    done: () => life.done.retry,
    onDone: () => {
      forget()
      onClose()
    },
  })
  const errorOf = useFieldErrors(retry.error)
  const dataErrorOf = useFieldErrors(retry.error, 'patch.')
  return (
    <Dialog onClose={onClose} title={t.actions.retryAt} size="lg">
      <div className={classes.form}>
        <DataField
          value={draft.data}
          error={isBroken ? t.start.notJson : dataErrorOf('data')}
          onChange={(text) => change({ data: text })}
        />
        <TimeFields {...{ draft, change }} error={errorOf('runAt')} />
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            {life.leave}
          </Button>
          <ActionButton
            needs="tasks:write"
            unless={isBroken ? t.start.notJson : null}
            loading={retry.isPending}
            onClick={() => retry.mutate()}
          >
            {life.actions.retry}
          </ActionButton>
        </div>
      </div>
    </Dialog>
  )
}
