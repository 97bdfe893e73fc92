import { calendarSource } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { calendarTable } from './repository-calendar.ts'

const KIND = 'publication'

/** Publications by their due instants, as the calendar takes them. */
export const createPublicationCalendar = ({ db, tables }: { db: Database; tables: Tables }) =>
  calendarSource({ db, kind: KIND, scope: 'content:read', table: calendarTable(tables) })
