import { queryOptions, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api } from '../../api/client.ts'
import { Problem } from '../../api/problem.ts'
import { createFormat } from '../../i18n/format.ts'
import { browserZone, usePreferences, useTexts } from '../../i18n/preferences.tsx'
import { Relative } from '../moments.tsx'
import { ProblemText } from '../problem-text.tsx'
import { useSettled } from '../rule/use-settled.ts'
import { texts } from './texts.ts'
import classes from './when.module.css'

const resolveQuery = (at: unknown) =>
  queryOptions({
    queryKey: ['time', 'typed', at],
    queryFn: ({ signal }) => api.post('/v1/time/resolve', { body: { at }, signal }),
    enabled: at !== '',
    retry: (failures, error) => failures < 2 && error instanceof Problem && error.isPassing,
    // A delay counts from when it is asked.
    refetchInterval: typeof at === 'string' ? false : 10_000,
  })

/** The instant that the server makes of it, on the clocks of those whom it may concern. */
export const Resolved = ({ at }: { at: unknown }) => {
  const t = useTexts(texts)
  const { language, timeZone } = usePreferences()
  const { data, error } = useQuery(resolveQuery(useSettled(at ?? '')))
  const formats = useMemo(
    () => [...new Set([timeZone, browserZone(), 'UTC'])].map((zone) => createFormat(language, zone)),
    [language, timeZone],
  )
  if (error !== null)
    return (
      <div className={classes.error} role="status">
        <ProblemText problem={error} />
      </div>
    )
  if (data === undefined) return null
  return (
    <div className={classes.resolved} role="status">
      <span>
        {t.thatIs} <Relative at={data.instant} />
      </span>
      <dl>
        {formats.map((format) => (
          <div key={format.timeZone}>
            <dt>{format.timeZone}</dt>
            <dd>
              {format.instant(data.instant)}{' '}
              <span className={classes.dimmed}>{format.zone(data.instant)}</span>
            </dd>
          </div>
        ))}
      </dl>
      {data.notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </div>
  )
}
