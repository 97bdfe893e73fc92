import { sql } from 'kysely'
import type { CalendarTable } from '../delivery/index.ts'
import type { Tables } from '../platform/tables.ts'

/** What is to happen, and what was done then; canceled and superseded ones are left out. */
export const calendarTable = (t: Tables): CalendarTable => ({
  table: sql`${t.publications}`,
  columns: sql`state, action, type, resource_id, locale`,
  where: sql`state not in ('canceled', 'superseded')`,
  title: sql`action || ' ' || concat_ws(':', type, resource_id, nullif(locale, ''))`,
})
