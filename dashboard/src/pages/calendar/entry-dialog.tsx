import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Instant, Relative } from '../../parts/moments.tsx'
import classes from './calendar.module.css'
import { useEntryTitle } from './entry-face.tsx'
import type { Shown } from './gather.ts'
import { NotificationEntry } from './notification-entry.tsx'
import { PublicationEntry } from './publication-entry.tsx'
import { RunEntry } from './run-entry.tsx'
import { ScheduleEntry } from './schedule-entry.tsx'
import { SumEntry } from './sum-entry.tsx'
import { texts } from './texts.ts'

interface EntryDialogProps {
  entry: Shown
  onDay(at: string): void
  onClose(): void
}

/** One entry: what it is, and a way to give it another time by keys alone. */
export const EntryDialog = ({ entry, onDay, onClose }: EntryDialogProps) => {
  const t = useTexts(texts)
  const format = useFormat()
  const titleOf = useEntryTitle()
  const { kind, id } = entry
  return (
    <Dialog title={titleOf(entry)} onClose={onClose}>
      <div className={classes.entry}>
        <dl className={classes.facts}>
          <div>
            <dt>{t.due}</dt>
            <dd>
              <Instant at={entry.from} />
              {entry.to !== entry.from && (
                <>
                  {' – '}
                  <Instant at={entry.to} />
                </>
              )}{' '}
              <span className={classes.dimmed}>
                {format.zone(entry.at)} · <Relative at={entry.at} />
              </span>
            </dd>
          </div>
        </dl>
        {id === null ? (
          <SumEntry entry={entry} onDay={onDay} />
        ) : kind === 'notification' ? (
          <NotificationEntry entry={entry} id={id} onClose={onClose} />
        ) : kind === 'publication' ? (
          <PublicationEntry entry={entry} id={id} onClose={onClose} />
        ) : kind === 'run' ? (
          <RunEntry id={id} />
        ) : (
          <ScheduleEntry name={id} />
        )}
      </div>
    </Dialog>
  )
}
