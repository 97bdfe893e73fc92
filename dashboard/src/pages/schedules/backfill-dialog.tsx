import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { useFieldErrors } from '../../parts/field-errors.ts'
import { Failure } from '../../parts/query-view.tsx'
import { useAction } from '../../parts/use-action.ts'
import { useDraft } from '../../parts/use-draft.ts'
import type { Schedule } from './queries.ts'
import classes from './schedules.module.css'
import { texts } from './texts.ts'

const NO_RANGE = { from: '', to: '' }

/** Runs of a time that is over: how many they would be is seen before any is made. */
export const BackfillDialog = ({ schedule, onClose }: { schedule: Schedule; onClose: () => void }) => {
  const t = useTexts(texts)
  const { name, version: ifMatch, timeZone = 'UTC' } = schedule
  const [range, setRange, forget] = useDraft(`schedule.${name}.backfill`, NO_RANGE)
  const [count, setCount] = useState<number | null>(null)
  const body = { from: { local: range.from, timeZone }, to: { local: range.to, timeZone } }
  const call = (dryRun: boolean) =>
    api.post('/v1/schedules/{name}/backfill', { path: { name }, body: { ...body, dryRun }, ifMatch })
  const look = useAction({
    run: () => call(true),
    touches: [],
    isShownThere: true,
    onDone: (answer) => setCount(answer.count),
  })
  const make = useAction({
    run: () => call(false),
    touches: [['schedules']],
    done: (answer) => t.backfilled(answer.count),
    isShownThere: true,
    onDone: () => {
      forget()
      onClose()
    },
  })
  const problem = make.error ?? look.error
  const errorOf = useFieldErrors(problem)
  const change = (next: Partial<typeof range>) => {
    setRange(next)
    setCount(null)
    look.reset()
    make.reset()
  }
  return (
    <Dialog title={`${t.backfillTitle}: ${name}`} onClose={onClose}>
      <div className={classes.form}>
        <p className={classes.dimmed}>{t.backfillHint}</p>
        <div className={classes.pair}>
          {(['from', 'to'] as const).map((end) => (
            <TextInput
              key={end}
              type="datetime-local"
              label={`${end === 'from' ? t.backfillFrom : t.backfillTo} (${timeZone})`}
              value={range[end]}
              error={errorOf(end)}
              onChange={(event) => change({ [end]: event.currentTarget.value })}
            />
          ))}
        </div>
        {problem !== null && (
          <Failure problem={problem} retry={() => (make.error === null ? look : make).mutate()} />
        )}
        {count !== null && (
          <p role="status">
            <strong>{t.would(count)}</strong>
          </p>
        )}
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            {t.leave}
          </Button>
          <ActionButton
            needs="schedules:write"
            variant="default"
            loading={look.isPending}
            onClick={() => look.mutate()}
          >
            {t.look}
          </ActionButton>
          <ActionButton
            needs="schedules:write"
            unless={count === null ? t.lookFirst : count === 0 ? t.noneMissed : null}
            loading={make.isPending}
            onClick={() => make.mutate()}
          >
            {t.doBackfill(count ?? 0)}
          </ActionButton>
        </div>
      </div>
    </Dialog>
  )
}
