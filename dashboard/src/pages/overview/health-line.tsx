import { useQuery } from '@tanstack/react-query'
import { useTexts } from '../../i18n/preferences.tsx'
import { ProblemText } from '../../parts/problem-text.tsx'
import classes from './overview.module.css'
import { healthQuery } from './queries.ts'
import { texts } from './texts.ts'

/** Health in one line; where it is less than well, with the reason and how late things may be by it. */
export const HealthLine = () => {
  const t = useTexts(texts).health
  const { data, error } = useQuery(healthQuery)
  if (error !== null)
    return (
      <div className={classes.health} data-status="not_ready" role="status">
        <ProblemText problem={error} />
      </div>
    )
  if (data === undefined) return <div className={classes.health}>{t.asking}</div>
  const { alarm, database } = data.checks
  const why = Object.entries(data.checks).flatMap(([name, { detail }]) =>
    detail === null ? [] : [`${name}: ${detail}`],
  )
  return (
    <div className={classes.health} data-status={data.status} role="status">
      <strong>{t[data.status]}</strong>
      <span>
        {why.length > 0
          ? why.join(' · ')
          : alarm?.state === 'elsewhere'
            ? t.elsewhere
            : database?.state === 'up'
              ? t.onTime
              : ''}
      </span>
    </div>
  )
}
