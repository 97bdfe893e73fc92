import { Button, SegmentedControl, Textarea } from '@mantine/core'
import type { QueryKey } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Scope } from '../../app/session.tsx'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../action-button.tsx'
import { Dialog } from '../dialog.tsx'
import { useDraft } from '../use-draft.ts'
import type { Kind } from './kind.ts'
import classes from './life.module.css'
import { texts } from './texts.ts'
import { useLifeAction } from './use-life-action.ts'

type Outcome = 'delivered' | 'succeeded' | 'failed'

interface ResolveDialogProps<Said extends Outcome> {
  kind: Kind
  id: string
  needs: Scope
  /** As what it can be settled; the first is offered. */
  outcomes: readonly [Said, ...Said[]]
  queryKey: QueryKey
  resolve(said: { outcome: Said; note?: string }): Promise<unknown>
  onClose(): void
}

/** An operator's word on what became of it. */
export const ResolveDialog = <Said extends Outcome>(o: ResolveDialogProps<Said>) => {
  const t = useTexts(texts)
  const [first] = o.outcomes
  const initial = useMemo<{ outcome: Said; note: string }>(() => ({ outcome: first, note: '' }), [first])
  const [{ outcome, note }, change, forget] = useDraft(`${o.kind}.${o.id}.resolve`, initial)
  const resolve = useLifeAction({
    ...{ kind: o.kind, queryKey: o.queryKey, touches: [['dead-letters']] },
    run: () => o.resolve({ outcome, ...(note.trim() !== '' && { note: note.trim() }) }),
    done: () => t.done.resolve,
    onDone: () => {
      forget()
      o.onClose()
    },
  })
  return (
    <Dialog onClose={o.onClose} title={t.resolve.title}>
      <div className={classes.form}>
        <p className={classes.dimmed}>{t.resolve.hint[o.kind]}</p>
        <SegmentedControl
          fullWidth
          aria-label={t.resolve.as}
          value={outcome}
          onChange={(next) => change({ outcome: next })}
          data={o.outcomes.map((value) => ({ value, label: t.resolve.outcomes[value] }))}
        />
        <Textarea
          label={t.resolve.note}
          maxLength={1000}
          autosize
          minRows={2}
          value={note}
          onChange={(event) => change({ note: event.currentTarget.value })}
        />
        <div className={classes.buttons}>
          <Button variant="default" onClick={o.onClose}>
            {t.leave}
          </Button>
          <ActionButton needs={o.needs} loading={resolve.isPending} onClick={() => resolve.mutate()}>
            {t.actions.resolve}
          </ActionButton>
        </div>
      </div>
    </Dialog>
  )
}
