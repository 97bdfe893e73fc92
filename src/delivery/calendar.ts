import type { Database } from '../platform/database.ts'
import { type CalendarRange, type CalendarTable, countCalendar, readCalendar } from './repository-calendar.ts'

export interface CalendarEntry {
  at: string
  kind: string
  id: string | null
  title: string
  count: number
}

/** The items of a feature by their due instants, as the calendar takes them. `kind` with an s is several of them. */
export const calendarSource = <Kind extends string, Scope extends string>({
  db,
  table,
  kind,
  scope,
}: {
  db: Database
  table: CalendarTable
  kind: Kind
  scope: Scope
}) => ({
  kind,
  scope,
  async entries(projectId: number, range: CalendarRange) {
    const { minutes, until } = await readCalendar(db, table, projectId, range)
    const entries = minutes.flatMap(({ at, count, items }): CalendarEntry[] =>
      items === null
        ? [{ at: at.toISOString(), kind, id: null, title: `${count} ${kind}s`, count }]
        : items.map((item) => ({ ...item, at: new Date(item.at).toISOString(), kind, count: 1 })),
    )
    return { entries, until }
  },
  counts: (projectId: number, o: { bounds: readonly Date[]; limit: number }) =>
    countCalendar(db, table, projectId, o),
})
