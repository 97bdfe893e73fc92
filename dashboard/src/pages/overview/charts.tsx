import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useSearchState } from '../../app/search.ts'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { Chart, type Line } from '../../parts/chart.tsx'
import { Panel } from '../../parts/page.tsx'
import { QueryView } from '../../parts/query-view.tsx'
import classes from './overview.module.css'
import { type Range, RANGES, seriesQuery } from './queries.ts'
import { texts } from './texts.ts'

type Point = { at: string } & Record<string, number | string | null>

const COLORS = ['--accent', '--warn', '--bad']

const useLines = (points: readonly Point[], names: Readonly<Record<string, string>>) =>
  useMemo(
    () => ({
      at: points.map(({ at }) => at),
      lines: Object.entries(names).map(([member, label], i): Line => ({
        label,
        color: COLORS[i] ?? '--accent',
        values: points.map((point) => {
          const value = point[member]
          return typeof value === 'number' ? value : null
        }),
      })),
    }),
    [points, names],
  )

interface SeriesProps {
  label: string
  points: readonly Point[]
  names: Readonly<Record<string, string>>
  write(value: number): string
}

const Series = ({ label, points, names, write }: SeriesProps) => (
  <Chart label={label} write={write} {...useLines(points, names)} />
)

const LATENESS = { p50: 'p50', p95: 'p95', p99: 'p99' }

/** Lateness and throughput over time. The range stands in the address. */
export const Charts = () => {
  const t = useTexts(texts)
  const format = useFormat()
  const [search, change] = useSearchState()
  const range: Range =
    search['range'] !== undefined && Object.hasOwn(RANGES, search['range'])
      ? (search['range'] as Range)
      : 'hour'
  const lateness = useQuery(seriesQuery('lateness', range))
  const throughput = useQuery(seriesQuery('throughput', range))
  const rates = useMemo(() => ({ perSecond: t.attemptsPerSecond }), [t])
  return (
    <Panel
      title={t.overTime}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={t.range}
          value={range}
          onChange={(next) => change({ range: next === 'hour' ? undefined : next })}
          data={Object.keys(RANGES).map((value) => ({ value, label: t.ranges[value as Range] }))}
        />
      }
    >
      <div className={classes.halves}>
        <div>
          <h3 className={classes.chartTitle}>{t.latenessOverTime}</h3>
          <QueryView query={lateness} lines={5}>
            {({ points }) => (
              <Series label={t.latenessOverTime} points={points} names={LATENESS} write={format.span} />
            )}
          </QueryView>
        </div>
        <div>
          <h3 className={classes.chartTitle}>{t.throughputOverTime}</h3>
          <QueryView query={throughput} lines={5}>
            {({ points }) => (
              <Series label={t.throughputOverTime} points={points} names={rates} write={format.rate} />
            )}
          </QueryView>
        </div>
      </div>
    </Panel>
  )
}
