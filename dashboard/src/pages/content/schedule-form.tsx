import { ActionIcon, Button, NativeSelect, NumberInput, SegmentedControl } from '@mantine/core'
import { api } from '../../api/client.ts'
import { Problem } from '../../api/problem.ts'
import { Icon } from '../../app/icons.tsx'
import { useFormat, usePreferences, useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/query-view.tsx'
import { useDraft } from '../../parts/use-draft.ts'
import { WhenField } from '../../parts/when/when-field.tsx'
import classes from './content.module.css'
import { texts } from './item-texts.ts'
import { callOf, type Item, subjectOf } from './queries.ts'
import { type Action, ACTIONS, actionsOf, firstStep, MOST_STEPS, type Step, stepsOf } from './steps.ts'
import type { ItemAction } from './use-item-action.ts'

type OnEdit = 'pin' | 'follow' | 'cancel'

interface Draft {
  steps: Step[] | null
  onEdit: OnEdit | null
  /** Minutes; empty: however late. */
  maxLate: number | '' | null
}

const INITIAL: Draft = { steps: null, onEdit: null, maxLate: null }

interface ScheduleFormProps {
  item: Item
  /** Of the type. */
  onEdit: OnEdit
  action: ItemAction
  onClose(): void
}

/** All that is to become of an item, by wall clocks and their zones. It replaces what was pending. */
export const ScheduleForm = ({ item, onEdit: ofType, action, onClose }: ScheduleFormProps) => {
  const t = useTexts(texts)
  const { timeZone } = usePreferences()
  const format = useFormat()
  const [draft, change, forget] = useDraft<Draft>(`schedule.${subjectOf(item)}`, INITIAL)
  const pending = stepsOf(item, timeZone)
  const steps = draft.steps ?? (pending.length > 0 ? pending : [firstStep(timeZone)])
  const onEdit = draft.onEdit ?? item.schedule?.onEdit ?? ofType
  const seconds = item.schedule?.maxLateSeconds ?? null
  const maxLate = draft.maxLate ?? (seconds === null ? '' : seconds / 60)
  const actions = actionsOf(steps)
  const write = (at: number, next: Partial<Step>) =>
    change({ steps: steps.map((step, i) => (i === at ? { ...step, ...next } : step)) })
  const faultOf = (i: number): string | undefined =>
    action.error instanceof Problem
      ? action.error.document.errors?.find(({ path }) => path.startsWith(`actions[${i}]`))?.message
      : undefined
  const save = () => {
    if (actions === null) return
    action.act({
      done: t.done.schedule,
      call: (ifMatch) =>
        api.put('/v1/content/{type}/{id}/schedule', {
          ...callOf(item),
          body: { actions, onEdit, ...(maxLate !== '' && { maxLateSeconds: maxLate * 60 }) },
          ifMatch,
        }),
      onDone: () => {
        forget()
        onClose()
      },
    })
  }
  const add = () => {
    const last = steps.at(-1)
    const isPublish = last?.action === 'publish'
    const next: Step = {
      ...firstStep(last?.clock.timeZone ?? timeZone),
      action: isPublish ? 'unpublish' : 'publish',
    }
    change({ steps: [...steps, { ...next, clock: { ...next.clock, local: '' } }] })
  }
  return (
    <Dialog onClose={onClose} title={t.schedule.title} size="xl">
      <div className={classes.form}>
        <p className={classes.dimmed}>{t.schedule.replaces}</p>
        {steps.map((step, i) => (
          <div
            key={i}
            className={classes.step}
            role="group"
            aria-label={t.schedule.step(format.number(i + 1))}
          >
            <NativeSelect
              size="xs"
              label={t.schedule.action}
              value={step.action}
              data={ACTIONS.map((value) => ({ value, label: t.actions[value] }))}
              onChange={(event) => write(i, { action: event.currentTarget.value as Action })}
            />
            <WhenField
              label={t.schedule.at}
              value={step.clock}
              error={faultOf(i)}
              onChange={(next) => write(i, { clock: { ...step.clock, ...next }, kept: null })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t.schedule.drop(format.number(i + 1))}
              disabled={steps.length === 1}
              onClick={() => change({ steps: steps.filter((_, at) => at !== i) })}
            >
              <Icon name="close" size={16} />
            </ActionIcon>
            {step.action === 'publish' && (
              <NativeSelect
                size="xs"
                label={t.schedule.revision}
                value={step.revision}
                data={[
                  {
                    value: '',
                    label:
                      onEdit === 'follow'
                        ? t.schedule.draftThen
                        : t.schedule.draftNow(format.number(item.draftRevision)),
                  },
                  ...Array.from({ length: Math.min(item.draftRevision, 200) }, (_, n) => {
                    const revision = item.draftRevision - n
                    return { value: String(revision), label: t.revisions.one(format.number(revision)) }
                  }),
                ]}
                onChange={(event) => write(i, { revision: event.currentTarget.value })}
              />
            )}
          </div>
        ))}
        <div>
          <Button variant="default" size="xs" disabled={steps.length >= MOST_STEPS} onClick={add}>
            {t.schedule.add}
          </Button>
        </div>
        <div>
          <span className={classes.label}>{t.schedule.onEdit}</span>
          <SegmentedControl
            size="xs"
            aria-label={t.schedule.onEdit}
            value={onEdit}
            onChange={(value) => change({ onEdit: value })}
            data={(['pin', 'follow', 'cancel'] as const).map((value) => ({
              value,
              label: t.schedule.policies[value],
            }))}
          />
          <p className={classes.dimmed}>{t.schedule.policyHints[onEdit]}</p>
        </div>
        <NumberInput
          size="xs"
          label={t.schedule.maxLate}
          description={t.schedule.maxLateHint}
          min={0}
          max={5_256_000}
          value={maxLate}
          onChange={(value) => change({ maxLate: typeof value === 'number' ? value : '' })}
        />
        {action.error instanceof Problem && action.error.code !== 'version-conflict' && (
          <Failure problem={action.error} retry={save} />
        )}
        <div className={classes.buttons}>
          <Button
            variant="subtle"
            size="xs"
            onClick={() => {
              forget()
              onClose()
            }}
          >
            {t.editor.throwAway}
          </Button>
          <ActionButton
            needs="content:publish"
            size="xs"
            unless={actions === null ? t.schedule.noTime : null}
            loading={action.isPending}
            onClick={save}
          >
            {t.schedule.save}
          </ActionButton>
        </div>
      </div>
    </Dialog>
  )
}
