import { type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'

type Identifier = RawBuilder<unknown>

/** What our tables are called in code, and in the database. */
export const TABLE_NAMES = {
  projects: 'projects',
  notifications: 'notifications',
  timers: 'timers',
  attempts: 'attempts',
  events: 'events',
  queues: 'queues',
  canceledGroups: 'canceled_groups',
  operations: 'operations',
  operationItems: 'operation_items',
  idempotencyKeys: 'idempotency_keys',
  apiKeys: 'api_keys',
  users: 'users',
  sessions: 'sessions',
  feeds: 'feeds',
  webhooks: 'webhooks',
  webhookDeliveries: 'webhook_deliveries',
  rollups: 'rollups',
  totals: 'totals',
  workers: 'workers',
  calendarTokens: 'calendar_tokens',
  content: 'content',
  revisions: 'revisions',
  publications: 'publications',
  releases: 'releases',
  zoneData: 'zone_data',
  schedules: 'schedules',
  scheduleRuns: 'schedule_runs',
  runs: 'runs',
  runSlots: 'run_slots',
  runWaits: 'run_waits',
  uploads: 'uploads',
} as const

type TableName = keyof typeof TABLE_NAMES

/** The names of our tables, qualified with the schema in use: a caller's connection has a search path of its own. */
export type Tables = Readonly<Record<TableName, Identifier>> & { readonly schema: string }

export const createTables = (schema: string): Tables => {
  const names = Object.entries(TABLE_NAMES).map(([key, name]) => [key, sql.id(schema, name)])
  return Object.freeze({ schema, ...(Object.fromEntries(names) as Record<TableName, Identifier>) })
}

/** Whether it is there: before the first migration none is. */
export const hasTable = async (db: Database, schema: string, table: string): Promise<boolean> => {
  const { rows } = await sql<{ found: boolean }>`
    select to_regclass(${`"${schema}"."${table}"`}) is not null as found`.execute(db)
  return rows[0]?.found === true
}
