/** The tables that every notification goes through: without one of their indexes sending becomes slow, or goes wrong. */
export const INDEXED_TABLES = ['attempts', 'events', 'notifications', 'timers'] as const

/**
 * The statements that make their indexes, as PostgreSQL writes them; a test holds them equal to what the migrations make.
 * A unique index also does for a primary key that is gone.
 */
const STATEMENTS = [
  'CREATE UNIQUE INDEX attempts_pkey ON SCHEMA.attempts USING btree (subject_id, number, started_at)',
  "CREATE INDEX events_audit ON SCHEMA.events USING btree (project_id, at) WHERE ((actor IS NOT NULL) AND (type <> 'notification.created'::text))",
  'CREATE UNIQUE INDEX events_pkey ON SCHEMA.events USING btree (xid, id, at)',
  'CREATE INDEX events_subject ON SCHEMA.events USING btree (subject_id, id)',
  'CREATE INDEX notifications_created ON SCHEMA.notifications USING btree (project_id, created_at)',
  'CREATE INDEX notifications_dedupe ON SCHEMA.notifications USING btree (project_id, dedupe_key, due_at) WHERE (dedupe_key IS NOT NULL)',
  'CREATE INDEX notifications_due ON SCHEMA.notifications USING btree (project_id, due_at)',
  'CREATE INDEX notifications_failed ON SCHEMA.notifications USING btree (project_id, failed_at, id) WHERE (failed_at IS NOT NULL)',
  'CREATE INDEX notifications_group ON SCHEMA.notifications USING btree (project_id, group_key, due_at) WHERE (group_key IS NOT NULL)',
  'CREATE UNIQUE INDEX notifications_idempotency ON SCHEMA.notifications USING btree (project_id, idempotency_key) WHERE (idempotency_key IS NOT NULL)',
  'CREATE UNIQUE INDEX notifications_pending ON SCHEMA.notifications USING btree (project_id, pending_key) WHERE (pending_key IS NOT NULL)',
  'CREATE UNIQUE INDEX notifications_pkey ON SCHEMA.notifications USING btree (id)',
  'CREATE INDEX notifications_schedule ON SCHEMA.notifications USING btree (project_id, schedule_id, due_at) WHERE (schedule_id IS NOT NULL)',
  'CREATE INDEX notifications_trouble ON SCHEMA.notifications USING btree (project_id, trouble, due_at) WHERE (trouble IS NOT NULL)',
  "CREATE INDEX notifications_wall_clock ON SCHEMA.notifications USING btree (due_at, id) WHERE ((send_at ? 'timeZone'::text) OR (expires_given ? 'timeZone'::text))",
  'CREATE INDEX timers_due ON SCHEMA.timers USING btree (lane, due_at)',
  'CREATE UNIQUE INDEX timers_pkey ON SCHEMA.timers USING btree (subject_id)',
]

/** By the name of the index; the schema stands as `SCHEMA`. */
export const EXPECTED_INDEXES: ReadonlyMap<string, string> = new Map(
  STATEMENTS.map((statement) => [/INDEX (\w+)/u.exec(statement)?.[1] ?? statement, statement]),
)
