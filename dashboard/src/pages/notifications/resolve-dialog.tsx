import { Button, SegmentedControl, Textarea } from '@mantine/core'
import { api } from '../../api/client.ts'
import type { Notification } from '../../api/types.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { useAction } from '../../parts/use-action.ts'
import { useDraft } from '../../parts/use-draft.ts'
import classes from './detail.module.css'
import { texts } from './detail-texts.ts'
import { useLostRace } from './lost-race.ts'
import { notificationQuery } from './queries.ts'

const INITIAL: { outcome: 'delivered' | 'failed'; note: string } = { outcome: 'delivered', note: '' }

/** An operator's word on what became of it. */
export const ResolveDialog = ({
  notification: { id },
  onClose,
}: {
  notification: Notification
  onClose: () => void
}) => {
  const t = useTexts(texts)
  const refused = useLostRace()
  const [{ outcome, note }, change, forget] = useDraft(`notification.${id}.resolve`, INITIAL)
  const resolve = useAction({
    run: () =>
      api.post('/v1/notifications/{id}/resolve', {
        path: { id },
        body: { outcome, ...(note.trim() !== '' && { note: note.trim() }) },
      }),
    touches: [notificationQuery(id).queryKey, ['dead-letters'], ['overview']],
    done: () => t.done.resolve,
    refused,
    onDone: () => {
      forget()
      onClose()
    },
  })
  return (
    <Dialog onClose={onClose} title={t.resolve.title}>
      <div className={classes.form}>
        <p className={classes.dimmed}>{t.resolve.hint}</p>
        <SegmentedControl
          fullWidth
          aria-label={t.resolve.as}
          value={outcome}
          onChange={(next) => change({ outcome: next === 'failed' ? 'failed' : 'delivered' })}
          data={[
            { value: 'delivered', label: t.resolve.delivered },
            { value: 'failed', label: t.resolve.failed },
          ]}
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
          <Button variant="default" onClick={onClose}>
            {t.leave}
          </Button>
          <ActionButton
            needs="notifications:write"
            loading={resolve.isPending}
            onClick={() => resolve.mutate()}
          >
            {t.actions.resolve}
          </ActionButton>
        </div>
      </div>
    </Dialog>
  )
}
