import { Button, Checkbox, NumberInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { api } from '../../api/client.ts'
import type { BulkOperation } from '../../api/types.ts'
import { usePreferences, useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../action-button.tsx'
import { Dialog } from '../dialog.tsx'
import { InertLine } from '../inert.tsx'
import { OperationProgress } from '../operation-progress.tsx'
import { Failure, QueryView } from '../query-view.tsx'
import { useDraft } from '../use-draft.ts'
import { type WallClock, whenOf } from '../when/when.ts'
import { WhenField } from '../when/when-field.tsx'
import classes from './bulk.module.css'
import { EditFields } from './edit-fields.tsx'
import { type Refusal, Refusals } from './refusals.tsx'
import { type Preview, Sample } from './sample.tsx'
import { SettleFields, type Settlement } from './settle-fields.tsx'
import { type BulkSubject, SUBJECTS } from './subjects.ts'
import { texts } from './texts.ts'
import { useBulkPreview } from './use-bulk-preview.ts'

export type BulkKind = 'cancel' | 'retry' | 'resolve'

/** A change of all that a filter of the list finds. */
export interface BulkChange {
  subject: BulkSubject
  kind: BulkKind
  /** As the query of the list has it. */
  filter: Readonly<Record<string, string>>
}

type Done =
  | BulkOperation
  | { matched: number; changed: number; tooLate: number; refused?: number; refusal?: Refusal | null }

const RATE = 50
const isOperation = (done: Done): done is BulkOperation => 'id' in done

/** Changes all that a filter finds; first it shows how many and which, and how long that will take. */
export const BulkDialog = ({ subject, kind, filter, onClose }: BulkChange & { onClose(): void }) => {
  const t = useTexts(texts)
  const { timeZone, format } = usePreferences()
  const [rate, setRate] = useState<number | null>(RATE)
  const [wall, setWall] = useState<WallClock>({ local: '', timeZone, disambiguation: '' })
  const when = kind === 'retry' ? SUBJECTS[subject].when : null
  const at = when === null ? null : whenOf(wall)
  const initial = useMemo<Settlement>(() => ({ outcome: SUBJECTS[subject].outcomes[0], note: '' }), [subject])
  const [settlement, change, forget] = useDraft(`bulk.resolve.${subject}`, initial)
  const { outcome, note } = settlement
  const settled = kind === 'resolve' ? { outcome, ...(note !== '' && { note }) } : {}
  // The calls of all subjects are alike, and so are their answers, but for what a sample is of.
  const path = `/v1/${subject}/${kind}` as '/v1/notifications/retry'
  const [isDraft, setDraft] = useState(false)
  const mayChooseRevision = kind === 'retry' && subject === 'publications'
  const body = {
    filter,
    ...(Object.keys(filter).length === 0 && { all: true }),
    ...settled,
    ...(mayChooseRevision && isDraft && { revision: 'draft' }),
  }

  const { preview, patch, broken, edited, ...editing } = useBulkPreview({
    ...{ subject, filter, isRetry: kind === 'retry', key: [subject, kind, filter, isDraft] },
    look: async (edit, signal) =>
      (await api.post(path, {
        body: { ...body, dryRun: true, ...(edit !== undefined && { patch: edit }) },
        signal,
      })) as Preview,
  })
  const run = useMutation({
    mutationFn: async () =>
      (await api.post(path, {
        body: {
          ...body,
          ...(patch !== undefined && { patch }),
          ...(when !== null && at !== null && { [when]: at }),
          ...(rate !== null && { ratePerSecond: rate }),
        },
      })) as Done,
    onSuccess: () => {
      forget()
      if (kind === 'retry') editing.forget()
    },
  })
  const matched = preview.data?.matched ?? 0
  const { data: done } = run
  /** What is about to happen was seen before. */
  const reasonAgainst = (): string | null => {
    if (broken.length > 0) return t.broken
    if (editing.isLooking) return t.looking
    return matched === 0 ? t.nothingToDo : null
  }

  return (
    <Dialog onClose={onClose} title={t.title[kind](t.subjects[subject])} size="lg">
      <div className={classes.dialog}>
        <p className={classes.filter}>
          {Object.keys(filter).length === 0 ? (
            <strong>{t.all}</strong>
          ) : (
            Object.entries(filter).map(([name, value]) => (
              <code key={name}>
                {name}=<InertLine text={value} most={80} />
              </code>
            ))
          )}
        </p>
        {done === undefined ? (
          <>
            <QueryView query={preview} isEmpty={(data) => data.matched === 0} empty={t.none}>
              {(data) => <Sample subject={subject} preview={data} edited={edited} />}
            </QueryView>
            {mayChooseRevision && (
              <Checkbox
                label={t.withDraft}
                description={t.withDraftHint}
                checked={isDraft}
                onChange={(event) => setDraft(event.currentTarget.checked)}
              />
            )}
            {editing.fields.length > 0 && (
              <EditFields
                {...{ fields: editing.fields, edits: editing.edits, broken }}
                change={editing.change}
              />
            )}
            {kind === 'resolve' && <SettleFields subject={subject} settlement={settlement} change={change} />}
            {when !== null && (
              <WhenField
                label={t.when}
                hint={t.whenHint}
                value={wall}
                onChange={(next) => setWall((before) => ({ ...before, ...next }))}
              />
            )}
            <NumberInput
              label={t.rate}
              description={
                rate === null ? t.atOnce : t.takes(format.span(Math.max(1000, (matched / rate) * 1000)))
              }
              min={0.1}
              max={100_000}
              allowNegative={false}
              value={rate ?? ''}
              onChange={(value) => setRate(typeof value === 'number' && value >= 0.1 ? value : null)}
            />
            {run.error !== null && <Failure problem={run.error} retry={() => run.mutate()} />}
            <div className={classes.buttons}>
              <Button variant="default" onClick={onClose}>
                {t.leave}
              </Button>
              <ActionButton
                needs="operate"
                color={kind === 'cancel' ? 'red' : 'sea'}
                loading={run.isPending}
                unless={reasonAgainst()}
                onClick={() => run.mutate()}
              >
                {t.run[kind](format.number(matched))}
              </ActionButton>
            </div>
          </>
        ) : isOperation(done) ? (
          <>
            <OperationProgress id={done.id} expected={matched} />
            <div className={classes.buttons}>
              <Link to="/operations/$id" params={{ id: done.id }}>
                {t.ownPage}
              </Link>
              <Button onClick={onClose}>{t.close}</Button>
            </div>
          </>
        ) : (
          <>
            <p role="status">
              {t.done(format.number(done.changed), format.number(done.matched))}{' '}
              {done.tooLate > 0 && t.tooLate[subject](format.number(done.tooLate))}{' '}
              {done.refused !== undefined && done.refused > 0 && t.wasRefused(format.number(done.refused))}
            </p>
            {done.refusal != null && <Refusals subject={subject} refusals={[done.refusal]} />}
            <div className={classes.buttons}>
              <Button onClick={onClose}>{t.close}</Button>
            </div>
          </>
        )}
      </div>
    </Dialog>
  )
}
