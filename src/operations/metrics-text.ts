import { type Distribution, DURATION_BOUNDS_SECONDS } from '../platform/telemetry.ts'
import { METRICS, type MetricName } from './metrics-list.ts'

const BOUNDS = [...DURATION_BOUNDS_SECONDS.map(String), '+Inf']

const escapeLabel = (value: string): string =>
  value.replaceAll(/[\\"]/gu, String.raw`\$&`).replaceAll('\n', String.raw`\n`)

/**
 * Histograms in Prometheus' text format. prom-client counts each observation itself, in 1 µs each and with its module loaded;
 * ours were counted without it, and it has no way to take counts over.
 */
export const histogramText = (
  name: MetricName,
  label: string,
  distributions: ReadonlyMap<string, Distribution>,
): string => {
  const lines = [`# HELP ${name} ${METRICS[name].help}`, `# TYPE ${name} histogram`]
  for (const [value, { counts, sumSeconds }] of distributions) {
    const own = `${label}="${escapeLabel(value)}"`
    let total = 0
    for (const [i, bound] of BOUNDS.entries()) {
      total += counts[i] ?? 0
      lines.push(`${name}_bucket{${own},le="${bound}"} ${total}`)
    }
    lines.push(`${name}_sum{${own}} ${sumSeconds}`, `${name}_count{${own}} ${total}`)
  }
  return `${lines.join('\n')}\n`
}
