import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { type CalendarRange, readCalendar } from './repository-calendar.ts'
import { KIND } from './repository-insert.ts'

interface Entry {
  at: string
  kind: string
  id: string | null
  title: string
  count: number
}

/** Notifications by their due instants, as the calendar takes them. */
export const createCalendarSource = ({ db, tables }: { db: Database; tables: Tables }) => ({
  kind: KIND,
  scope: 'notifications:read' as const,
  async entries(projectId: number, range: CalendarRange) {
    const { minutes, until } = await readCalendar(db, tables, projectId, range)
    const entries = minutes.flatMap(({ at, count, items }): Entry[] =>
      items === null
        ? [{ at: at.toISOString(), kind: KIND, id: null, title: `${count} notifications`, count }]
        : items.map((item) => ({
            ...{ at: new Date(item.at).toISOString(), kind: KIND, id: item.id },
            ...{ title: item.title, count: 1 },
          })),
    )
    return { entries, until }
  },
})
