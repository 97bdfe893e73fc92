import { type RawBuilder, sql } from 'kysely'

type Identifier = RawBuilder<unknown>

/** The names of our tables, qualified with the schema in use: a caller's connection has a search path of its own. */
export interface Tables {
  readonly schema: string
  readonly projects: Identifier
  readonly notifications: Identifier
  readonly timers: Identifier
  readonly attempts: Identifier
  readonly events: Identifier
  readonly queues: Identifier
  readonly canceledGroups: Identifier
  readonly operations: Identifier
  readonly operationItems: Identifier
  readonly apiKeys: Identifier
  readonly users: Identifier
  readonly sessions: Identifier
  readonly feeds: Identifier
  readonly webhooks: Identifier
  readonly webhookDeliveries: Identifier
  readonly rollups: Identifier
  readonly totals: Identifier
  readonly workers: Identifier
  readonly calendarTokens: Identifier
  readonly content: Identifier
  readonly revisions: Identifier
  readonly publications: Identifier
  readonly releases: Identifier
}

export const createTables = (schema: string): Tables =>
  Object.freeze({
    schema,
    projects: sql.id(schema, 'projects'),
    notifications: sql.id(schema, 'notifications'),
    timers: sql.id(schema, 'timers'),
    attempts: sql.id(schema, 'attempts'),
    events: sql.id(schema, 'events'),
    queues: sql.id(schema, 'queues'),
    canceledGroups: sql.id(schema, 'canceled_groups'),
    operations: sql.id(schema, 'operations'),
    operationItems: sql.id(schema, 'operation_items'),
    apiKeys: sql.id(schema, 'api_keys'),
    users: sql.id(schema, 'users'),
    sessions: sql.id(schema, 'sessions'),
    feeds: sql.id(schema, 'feeds'),
    webhooks: sql.id(schema, 'webhooks'),
    webhookDeliveries: sql.id(schema, 'webhook_deliveries'),
    rollups: sql.id(schema, 'rollups'),
    totals: sql.id(schema, 'totals'),
    workers: sql.id(schema, 'workers'),
    calendarTokens: sql.id(schema, 'calendar_tokens'),
    content: sql.id(schema, 'content'),
    revisions: sql.id(schema, 'revisions'),
    publications: sql.id(schema, 'publications'),
    releases: sql.id(schema, 'releases'),
  })
