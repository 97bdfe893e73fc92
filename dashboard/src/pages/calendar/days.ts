import { toInstant, toLocal } from '../../i18n/zone.ts'
import type { Shown } from './gather.ts'
import type { CalendarData, Count, Range } from './queries.ts'

/** One after the last day that may be asked for at once. */
const MOST = 64
const DAY_MS = 86_400_000

const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10)
const beginningOf = (day: string, timeZone: string): string => toInstant(`${day}T00:00`, timeZone) ?? ''

/** Where the days of the zone begin that lie in a range, and where the last one ends. */
export const dayBounds = ({ from, to }: Range, timeZone: string): string[] => {
  const bounds: string[] = []
  for (let day = toLocal(from, timeZone).slice(0, 10); bounds.length < MOST; day = dayAfter(day)) {
    const at = beginningOf(day, timeZone)
    bounds.push(at)
    if (at >= to) break
  }
  return bounds
}

/**
 * What is shown day by day where not all could be read: from the day on at which reading a kind ended, that kind is a number a day.
 * Of kinds that cannot be counted, what was read stays.
 */
export const withCounts = (data: CalendarData, counts: readonly Count[], timeZone: string) => {
  const ends = new Map<string, string>()
  for (const [kind, until] of Object.entries(data.until))
    if (counts.some((count) => count.kind === kind))
      ends.set(kind, beginningOf(toLocal(until, timeZone).slice(0, 10), timeZone))
  const isListed = ({ at, kind }: { at: string; kind: string }) => {
    const end = ends.get(kind)
    return end === undefined || at < end
  }
  const sums = counts
    .filter(({ from, kind }) => ends.has(kind) && !isListed({ at: from, kind }))
    .map(({ from, to, kind, count, more }): Shown => {
      const last = new Date(Date.parse(to) - 60_000).toISOString()
      return { at: from, kind, id: null, title: '', count, more, key: `day ${kind} ${from}`, from, to: last }
    })
  return { listed: data.entries.filter(isListed), sums, ends }
}
