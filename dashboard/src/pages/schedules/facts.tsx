import type { ReactNode } from 'react'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { Inert } from '../../parts/inert.tsx'
import { Panel } from '../../parts/page.tsx'
import { TARGETS } from './draft.ts'
import type { Schedule } from './queries.ts'
import classes from './schedules.module.css'
import { texts } from './texts.ts'

const timeOf = (given: unknown): string =>
  typeof given === 'string'
    ? given
    : typeof given === 'object' && given !== null && 'local' in given && 'timeZone' in given
      ? `${String(given.local)} ${String(given.timeZone)}`
      : JSON.stringify(given)

const SECOND_MS = 1_000

/** What a schedule says: the rule, its limits, and what each run starts. */
export const Facts = ({ schedule }: { schedule: Schedule }) => {
  const t = useTexts(texts)
  const format = useFormat()
  const { startsAt, endsAt, exclude = [], jitterSeconds = 0, missedWithinSeconds = 0 } = schedule
  const target = TARGETS.find((name) => schedule[name] !== undefined && schedule[name] !== null)
  const span = (seconds: number) => format.span(seconds * SECOND_MS)
  const rows: [string, ReactNode][] = [
    [t.columns.rule, <code key="rule">{schedule.cron ?? schedule.rrule}</code>],
    [t.timeZone, schedule.timeZone],
    ...(startsAt === null ? [] : [[t.from, timeOf(startsAt)] satisfies [string, ReactNode]]),
    ...(endsAt === null ? [] : [[t.until, timeOf(endsAt)] satisfies [string, ReactNode]]),
    ...(exclude.length === 0 ? [] : [[t.exclude, exclude.join(', ')] satisfies [string, ReactNode]]),
    ...(jitterSeconds === 0 ? [] : [[t.jitter, span(jitterSeconds)] satisfies [string, ReactNode]]),
    [t.missed, `${t.policies[schedule.missed ?? 'once']}, ${t.within(span(missedWithinSeconds))}`],
    [t.concurrent, t.concurrents[schedule.concurrent ?? 'allow']],
    [t.gap, t.gaps[schedule.dstGap ?? 'next']],
    [t.overlap, t.overlaps[schedule.dstOverlap ?? 'first']],
  ]
  return (
    <Panel title={t.says}>
      <dl className={classes.facts}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {target !== undefined && (
        <>
          <h3 className={classes.subtitle}>
            {t.starts}: {t.targets[target]}
          </h3>
          <Inert text={JSON.stringify(schedule[target], null, 2)} label={t.starts} />
        </>
      )}
    </Panel>
  )
}
