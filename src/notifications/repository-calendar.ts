import { sql } from 'kysely'
import type { CalendarTable } from '../delivery/index.ts'
import type { Tables } from '../platform/tables.ts'
import { TITLE } from './repository-title.ts'

/** Canceled ones are left out. */
export const calendarTable = (t: Tables): CalendarTable => ({
  table: sql`${t.notifications}`,
  columns: sql`state, channel, content`,
  where: sql`state <> 'canceled'`,
  title: sql`channel || ': ' || ${TITLE}`,
})
