import { Button } from '@mantine/core'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { DiffView } from '../../parts/diff/diff-view.tsx'
import { stateTexts } from '../../parts/state-badge.tsx'
import classes from './content.module.css'
import { texts } from './item-texts.ts'
import type { Item } from './queries.ts'
import type { ItemAction } from './use-item-action.ts'

/** What has become of the item since it was read, in words. */
const useChanges = () => {
  const t = useTexts(texts)
  const states = useTexts(stateTexts)
  const format = useFormat()
  const number = (n: number | null) => (n === null ? '–' : format.number(n))
  const pending = ({ schedule }: Item): string =>
    schedule === null
      ? t.lost.nothing
      : schedule.publications
          .map(({ action, dueAt }) => `${t.actions[action]} ${format.instant(dueAt)}`)
          .join(', ')
  return (before: Item, now: Item): string[] => {
    const told: string[] = []
    const differ = (a: string, b: string, tell: (a: string, b: string) => string) => {
      if (a !== b) told.push(tell(a, b))
    }
    differ(states[before.status], states[now.status], t.lost.status)
    differ(number(before.liveRevision), number(now.liveRevision), t.lost.live)
    differ(number(before.draftRevision), number(now.draftRevision), t.lost.draft)
    differ(pending(before), pending(now), t.lost.pending)
    return told.length === 0 ? [t.lost.versionOnly] : told
  }
}

/** An action came too late: nothing was done, this is what happened instead, and it may be done to that. */
export const LostDialog = ({ action }: { action: ItemAction }) => {
  const t = useTexts(texts)
  const format = useFormat()
  const changesOf = useChanges()
  const { lost } = action
  if (lost === null) return null
  const { before, now } = lost
  return (
    <Dialog onClose={action.letGo} title={t.lost.title} size="lg">
      <div className={classes.form}>
        {now === null ? (
          <p>{t.lost.gone}</p>
        ) : (
          <>
            <p>{t.lost.explain(format.number(before.version), format.number(now.version))}</p>
            <ul className={classes.faults}>
              {changesOf(before, now).map((change) => (
                <li key={change}>{change}</li>
              ))}
            </ul>
            {before.draftRevision !== now.draftRevision && <DiffView before={before.data} after={now.data} />}
          </>
        )}
        <div className={classes.buttons}>
          <Button variant="default" size="xs" onClick={action.letGo}>
            {t.lost.leave}
          </Button>
          {now !== null && (
            <ActionButton
              needs="content:read"
              size="xs"
              loading={action.isPending}
              onClick={() => action.insist()}
            >
              {t.lost.insist}
            </ActionButton>
          )}
        </div>
      </div>
    </Dialog>
  )
}
