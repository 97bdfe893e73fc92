import { Progress } from '@mantine/core'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import type { Run } from './queries.ts'
import classes from './runs.module.css'
import { texts } from './texts.ts'

/** How far it is, while it runs; what has ended says by its state how that was. */
export const ProgressBar = ({ run: { state, progress } }: { run: Pick<Run, 'state' | 'progress'> }) => {
  const t = useTexts(texts)
  const format = useFormat()
  if (state !== 'running') return null
  return (
    <span className={classes.progress}>
      <Progress value={progress} size="sm" aria-label={t.progress} />
      <span className={classes.dimmed}>{format.number(progress)} %</span>
    </span>
  )
}
