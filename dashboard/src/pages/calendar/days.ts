import { toInstant, toLocal } from '../../i18n/zone.ts'
import type { Shown } from './gather.ts'
import type { CalendarData, Count, Entry, Range } from './queries.ts'

/** One after the last day that may be asked for at once. */
const MOST = 64
const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

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
 * From where on each kind of which not all was read is to be counted: where the view shows days, from the beginning of the day at
 * which reading ended, as that day would be half a list and half a number; on a grid of hours from that very instant.
 */
export const endsOf = (until: CalendarData['until'], isWholeDays: boolean, timeZone: string) =>
  new Map(
    Object.entries(until).map(([kind, at]) => [
      kind,
      isWholeDays ? beginningOf(toLocal(at, timeZone).slice(0, 10), timeZone) : new Date(at).toISOString(),
    ]),
  )

/** Between which instants to count: the days from the first end on, and the ends between them. */
export const countBounds = (days: readonly string[], ends: ReadonlyMap<string, string>): string[] => {
  const [first] = [...ends.values()].toSorted()
  const last = days.at(-1)
  if (first === undefined || last === undefined) return []
  return [...new Set([...days, ...ends.values()])].filter((at) => at >= first && at <= last).toSorted()
}

/** What was read, and from its end on a number a day for each kind. Of kinds that cannot be counted, what was read stays. */
export const withCounts = (
  entries: readonly Entry[],
  all: ReadonlyMap<string, string>,
  { counts, timeZone }: { counts: readonly Count[]; timeZone: string },
) => {
  const ends = new Map([...all].filter(([kind]) => counts.some((count) => count.kind === kind)))
  const isListed = ({ at, kind }: { at: string; kind: string }) => {
    const end = ends.get(kind)
    return end === undefined || at < end
  }
  const beyond = counts.filter(({ from, kind }) => ends.has(kind) && !isListed({ at: from, kind }))
  const dayOf = ({ from }: Count) => toLocal(from, timeZone).slice(0, 10)
  const sums = [...Map.groupBy(beyond, (count) => `${count.kind} ${dayOf(count)}`)].flatMap(
    ([key, parts]): Shown[] => {
      const [first] = parts
      const end = parts.at(-1)
      if (first === undefined || end === undefined) return []
      const { from, kind } = first
      return [
        {
          ...{ at: from, kind, id: null, title: '', key: `day ${key}`, day: dayOf(first), from },
          ...{ to: new Date(Date.parse(end.to) - MINUTE_MS).toISOString() },
          ...{
            count: parts.reduce((sum, { count }) => sum + count, 0),
            more: parts.some(({ more }) => more),
          },
        },
      ]
    },
  )
  return { listed: entries.filter(isListed), sums, ends }
}
