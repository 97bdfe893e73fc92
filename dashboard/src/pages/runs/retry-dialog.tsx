import { Button } from '@mantine/core'
import { api } from '../../api/client.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { useFieldErrors } from '../../parts/field-errors.ts'
import { texts as lifeTexts } from '../../parts/life/texts.ts'
import { useLifeAction } from '../../parts/life/use-life-action.ts'
import { useDraft } from '../../parts/use-draft.ts'
import { TimeFields } from '../../parts/when/time-fields.tsx'
import { EMPTY_TIME, type TimeDraft, type TimeForm, timeOf } from '../../parts/when/when.ts'
import { runQuery } from './queries.ts'
import classes from './runs.module.css'
import { texts } from './texts.ts'

const INITIAL: TimeDraft & { time: TimeForm } = { ...EMPTY_TIME, time: 'delay' }

/** Sets what has ended waiting again, until a time. */
export const RetryDialog = ({ id, onClose }: { id: string; onClose(): void }) => {
  const t = useTexts(texts)
  const life = useTexts(lifeTexts)
  const [draft, change, forget] = useDraft(`run.${id}.retry`, INITIAL)
  const runAt = timeOf(draft)
  const retry = useLifeAction({
    ...{ kind: 'run', queryKey: runQuery(id).queryKey, touches: [['dead-letters']] },
    run: () =>
      api.post('/v1/runs/{id}/retry', { path: { id }, body: { ...(runAt !== undefined && { runAt }) } }),
    done: () => life.done.retry,
    onDone: () => {
      forget()
      onClose()
    },
  })
  const errorOf = useFieldErrors(retry.error)
  return (
    <Dialog onClose={onClose} title={t.actions.retryAt} size="lg">
      <div className={classes.form}>
        <TimeFields {...{ draft, change }} error={errorOf('runAt')} />
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            {life.leave}
          </Button>
          <ActionButton needs="tasks:write" loading={retry.isPending} onClick={() => retry.mutate()}>
            {life.actions.retry}
          </ActionButton>
        </div>
      </div>
    </Dialog>
  )
}
