import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../../i18n/preferences.tsx'
import classes from './calendar.module.css'
import type { Shown } from './gather.ts'
import { texts } from './texts.ts'

const MINUTE_MS = 60_000

/** Many at once: where to see them one by one. */
export const SumEntry = ({ entry, onDay }: { entry: Shown; onDay: (at: string) => void }) => {
  const t = useTexts(texts)
  // The last may be a whole minute of the server's.
  const dueTo = new Date(Date.parse(entry.to) + MINUTE_MS).toISOString()
  return (
    <div className={classes.buttons}>
      {entry.kind === 'notification' && (
        <Link to="/notifications" search={{ dueFrom: entry.from, dueTo }}>
          {t.list}
        </Link>
      )}
      {entry.kind === 'run' && (
        <Link to="/runs" search={{ dueFrom: entry.from, dueTo }}>
          {t.list}
        </Link>
      )}
      <Button variant="default" size="xs" onClick={() => onDay(entry.at)}>
        {t.showDay}
      </Button>
    </div>
  )
}
