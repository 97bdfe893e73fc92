import { toLocal } from '../../i18n/zone.ts'
import type { Entry } from './queries.ts'

export const VIEWS = ['month', 'week', 'day', 'agenda'] as const
export type View = (typeof VIEWS)[number]

const MINUTE_MS = 60_000
const QUARTER_MS = 15 * MINUTE_MS
/** In minutes. */
const DAY = 1_440

/** How much of local time stands in one place, and how many of a kind may stand there one by one. */
const PLACES: Record<View, { minutes: number; most: number }> = {
  month: { minutes: DAY, most: 40 },
  week: { minutes: 30, most: 3 },
  day: { minutes: 15, most: 8 },
  agenda: { minutes: DAY, most: 50 },
}

/** Views whose places are days. */
export const isByDay = (view: View): boolean => PLACES[view].minutes === DAY

export interface Shown extends Entry {
  key: string
  /** Of a sum: the first and the last of what it counts. */
  from: string
  to: string
  /** Of a sum of what was not listed: the local day that it is of. */
  day?: string
  /** Of a sum: there may be more than were counted. */
  more?: boolean
  /** The wall clock that it was dragged to, where that is not one instant: it is asked about before anything is moved. */
  wanted?: string
}

const placeOf = (local: string, minutes: number): string => {
  if (minutes === DAY) return local.slice(0, 10)
  const minute = Number(local.slice(14, 16))
  return `${local.slice(0, 14)}${String(minute - (minute % minutes)).padStart(2, '0')}`
}

/** One sum of what stands in a place. */
const sumOf = (key: string, entries: readonly Entry[]): Shown => {
  const [first] = entries
  const from = first?.at ?? ''
  const count = entries.reduce((sum, entry) => sum + entry.count, 0)
  return {
    at: from,
    kind: first?.kind ?? '',
    id: null,
    title: '',
    key,
    count,
    from,
    to: entries.at(-1)?.at ?? from,
  }
}

/** What the view has room for: where more of a kind fall into one place than it can show, they are one sum. */
export const gather = (entries: readonly Entry[], view: View, timeZone: string): Shown[] => {
  const { minutes, most } = PLACES[view]
  // Offsets change with the quarter of an hour at the most: the clock is asked once for each of them.
  const clocks = new Map<number, string>()
  const clock = (at: string): string => {
    const quarter = Math.floor(Date.parse(at) / QUARTER_MS)
    let local = clocks.get(quarter)
    if (local === undefined) {
      local = toLocal(new Date(quarter * QUARTER_MS).toISOString(), timeZone)
      clocks.set(quarter, local)
    }
    return local
  }
  /** Where its place begins: sums stand one below the other, not beside each other. */
  const slotOf = (at: string): string => {
    const quarter = Math.floor(Date.parse(at) / QUARTER_MS) * QUARTER_MS
    return new Date(quarter - (Number(clock(at).slice(14, 16)) % minutes) * MINUTE_MS).toISOString()
  }
  const places = Map.groupBy(entries, ({ at, kind }) => `${kind} ${placeOf(clock(at), minutes)}`)
  return [...places].flatMap(([key, those]) => {
    const count = those.reduce((sum, entry) => sum + entry.count, 0)
    if (count > most)
      return [{ ...sumOf(key, those), ...(minutes < DAY && { at: slotOf(those[0]?.at ?? '') }) }]
    return those.map((entry) => ({
      ...entry,
      key:
        entry.id === null
          ? `${key} ${entry.at}`
          : `${entry.kind} ${entry.id} ${entry.kind === 'schedule' ? entry.at : ''}`,
      from: entry.at,
      to: entry.at,
    }))
  })
}
