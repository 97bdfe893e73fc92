import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Overview } from '../../api/types.ts'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { StateBadge } from '../../parts/state-badge.tsx'
import { useCounted } from './counted.ts'
import classes from './overview.module.css'
import { texts } from './texts.ts'

interface FigureProps {
  label: string
  value: string
  tone?: 'bad' | undefined
  hint?: ReactNode
}

const Figure = ({ label, value, tone, hint }: FigureProps) => (
  <div className={classes.figure} data-tone={tone}>
    <dt>{label}</dt>
    <dd>
      {value}
      {hint !== undefined && <span className={classes.hint}>{hint}</span>}
    </dd>
  </div>
)

export const Figures = ({ overview }: { overview: Overview }) => {
  const t = useTexts(texts)
  const format = useFormat()
  const { due, overdue, lateness, throughput, counts } = overview
  const count = useCounted()
  const span = (ms: number | null) => (ms === null ? '–' : format.span(ms))
  return (
    <>
      <dl className={classes.figures}>
        <Figure label={t.due.minute} value={count(due.minute)} />
        <Figure label={t.due.hour} value={count(due.hour)} />
        <Figure label={t.due.day} value={count(due.day)} />
        <Figure label={t.overdue} value={count(overdue)} tone={overdue > 0 ? 'bad' : undefined} />
        <Figure
          label={t.lateness}
          value={span(lateness.p99)}
          hint={`p95 ${span(lateness.p95)} · p50 ${span(lateness.p50)}`}
        />
        <Figure label={t.throughput} value={t.perSecond(format.rate(throughput))} />
      </dl>
      <ul className={classes.counts} aria-label={t.states}>
        {Object.entries(counts).map(([state, number]) => (
          <li key={state}>
            <Link to="/notifications" search={{ state }}>
              <StateBadge state={state} /> <strong>{format.number(number)}</strong>
            </Link>
          </li>
        ))}
      </ul>
    </>
  )
}
