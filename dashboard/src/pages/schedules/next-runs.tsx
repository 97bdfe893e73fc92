import { useQuery } from '@tanstack/react-query'
import { createFormat } from '../../i18n/format.ts'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { Panel } from '../../parts/page.tsx'
import { Empty } from '../../parts/query-view.tsx'
import { previewQuery, type Rule } from '../../parts/rule/preview-query.ts'
import { Runs } from '../../parts/rule/rule-preview.tsx'
import type { Schedule } from './queries.ts'
import classes from './schedules.module.css'
import { texts } from './texts.ts'

const MINUTE_MS = 60_000
/** The next five are told; a clock change is looked for among somewhat more. */
const LOOKED_AT = 8

const ruleOf = (schedule: Schedule): Rule => {
  const { cron, rrule, timeZone = 'UTC', startsAt, endsAt, exclude, dstGap, dstOverlap } = schedule
  return {
    ...(cron === undefined ? { rrule: rrule ?? '' } : { cron }),
    timeZone,
    ...(startsAt !== null && { startsAt }),
    ...(endsAt !== null && { endsAt }),
    ...(exclude !== undefined && { exclude }),
    ...(dstGap !== undefined && { dstGap }),
    ...(dstOverlap !== undefined && { dstOverlap }),
  }
}

/** When it runs next, as the schedule itself says; words, and what clock changes do to a run, by its rule. */
export const NextRuns = ({ schedule }: { schedule: Schedule }) => {
  const t = useTexts(texts)
  const { language } = useFormat()
  const { state, nextRuns, timeZone = 'UTC' } = schedule
  const { data } = useQuery({
    ...previewQuery(ruleOf(schedule), language, LOOKED_AT),
    enabled: state !== 'finished',
    meta: { live: [] },
  })
  const clock = createFormat(language, timeZone)
  const noteOf = (at: string) =>
    data?.runs.find((run) => Math.abs(Date.parse(run.at) - Date.parse(at)) < MINUTE_MS)?.note ?? null
  return (
    <Panel title={t.next} hint={t.nextHint}>
      {data !== undefined && <p className={classes.words}>{data.text}</p>}
      {nextRuns.length === 0 ? (
        <Empty>{t.noNext[state]}</Empty>
      ) : (
        <Runs
          runs={nextRuns.map((at) => ({ at, local: clock.instant(at), note: noteOf(at) }))}
          timeZone={timeZone}
        />
      )}
    </Panel>
  )
}
