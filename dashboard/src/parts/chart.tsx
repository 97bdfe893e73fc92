import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { useFormat } from '../i18n/preferences.tsx'
import classes from './chart.module.css'

export interface Line {
  label: string
  /** A custom property of `global.css`, such as `--accent`. */
  color: string
  values: readonly (number | null)[]
}

interface ChartProps {
  /** What it shows, in words: a picture says nothing to who does not see it. */
  label: string
  at: readonly string[]
  lines: readonly Line[]
  write(value: number): string
  height?: number
}

const WIDTHS = [1.8, 1.4, 1.1]

/** Those of a line's values that have none on either side. */
const alone = (plot: uPlot, series: number): number[] => {
  const values = plot.data[series] ?? []
  const has = (i: number) => values[i] !== null && values[i] !== undefined
  return Array.from(values, (_, i) => i).filter((i) => has(i) && !has(i - 1) && !has(i + 1))
}

/** Lines over time, in the zone of the page. What it tells is also told as a list, for those who listen. */
export const Chart = ({ label, at, lines, write, height = 190 }: ChartProps) => {
  const format = useFormat()
  const scheme = useComputedColorScheme('light')
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const data = useRef<uPlot.AlignedData>([[]])
  data.current = [
    at.map((each) => new Date(each).getTime() / 1000),
    ...lines.map(({ values }) => [...values]),
  ]
  const shape = lines.map((line) => `${line.label} ${line.color}`).join()

  useEffect(() => {
    const { current: element } = place
    if (element === null) return
    const style = getComputedStyle(element)
    const color = (name: string) => style.getPropertyValue(name).trim()
    const axis = {
      stroke: color('--mantine-color-dimmed'),
      font: `11px ${style.fontFamily}`,
      grid: { stroke: color('--line'), width: 1 },
      ticks: { show: false },
    }
    const made = new uPlot(
      {
        width: element.clientWidth,
        height,
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), format.timeZone),
        cursor: { y: false, points: { size: 6 } },
        legend: { live: true },
        scales: { y: { range: (_, least, most) => [Math.min(0, least), most <= 0 ? 1 : most * 1.08] } },
        axes: [
          { ...axis, values: '{HH}:{mm}' },
          { ...axis, size: 64, values: (_, ticks) => ticks.map((tick) => write(tick)) },
        ],
        series: [
          {
            label: format.zone(),
            value: (_, seconds) => (seconds === null ? '–' : format.time(new Date(seconds * 1000))),
          },
          ...lines.map((line, i) => ({
            label: line.label,
            stroke: color(line.color),
            width: WIDTHS[i] ?? 1,
            spanGaps: false,
            // Alone between two gaps a value is no line.
            points: { show: true, size: 4, filter: alone },
            value: (_: uPlot, value: number | null) => (value === null ? '–' : write(value)),
          })),
        ],
      },
      data.current,
      element,
    )
    plot.current = made
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.destroy()
      plot.current = null
    }
    // It is made anew where its lines, its colours or its words are others; new figures are put into it below.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [shape, scheme, format, height])

  useEffect(() => {
    plot.current?.setData(data.current)
  }, [at, lines])

  return (
    <figure className={classes.chart} aria-label={label}>
      <div ref={place} aria-hidden="true" />
      <figcaption className={classes.words}>
        {lines.map((line) => {
          const last = line.values.findLast((value) => value !== null)
          return `${line.label}: ${last === undefined || last === null ? '–' : write(last)}. `
        })}
      </figcaption>
    </figure>
  )
}
