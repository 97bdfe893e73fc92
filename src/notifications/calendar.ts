import { calendarSource } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { calendarTable } from './repository-calendar.ts'
import { KIND } from './repository-insert.ts'

/** Notifications by their due instants, as the calendar takes them. */
export const createCalendarSource = ({ db, tables }: { db: Database; tables: Tables }) =>
  calendarSource({ db, kind: KIND, scope: 'notifications:read', table: calendarTable(tables) })
