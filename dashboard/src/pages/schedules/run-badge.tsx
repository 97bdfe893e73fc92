import { useTexts } from '../../i18n/preferences.tsx'
import { StateBadge } from '../../parts/state-badge.tsx'
import type { Run } from './queries.ts'
import classes from './schedules.module.css'
import { texts } from './texts.ts'

/** How a run stands: once it has started something, by how that stands. */
export const RunBadge = ({ run: { state, reason, item } }: { run: Run }) => {
  const t = useTexts(texts).runs
  if (state === 'started' && item?.state !== undefined && item.state !== null)
    return <StateBadge state={item.state} />
  return (
    <span className={classes.run} data-state={state} title={reason ?? undefined}>
      {t.states[state]}
    </span>
  )
}
