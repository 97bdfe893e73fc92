import { type Kysely, sql } from 'kysely'

/**
 * Endpoints that subscribe to events, and what is delivered to them. A delivery is a row of the same state machine as a
 * notification, with the same columns. The rules of 0001 hold here too: no index names `state`.
 */
export const webhooks = (schema: string) => ({
  async up(db: Kysely<unknown>): Promise<void> {
    const run = (text: string) => sql.raw(text.replaceAll('SCHEMA.', `"${schema}".`)).execute(db)

    await run(`create table SCHEMA.webhooks (
      id uuid primary key,
      project_id integer not null references SCHEMA.projects,
      url text not null,
      types text[] not null,
      description text,
      state text not null default 'active' check (state in ('active', 'disabled')),
      disabled_reason text check (disabled_reason in ('request', 'gone', 'failing')),
      secret text not null,
      previous_secret text,
      previous_until timestamptz(3),
      since pg_snapshot not null default pg_current_snapshot(),
      failing_since timestamptz(3),
      failed_at timestamptz(3),
      created_at timestamptz(3) not null default clock_timestamp(),
      updated_at timestamptz(3) not null default clock_timestamp(),
      check ((disabled_reason is not null) = (state = 'disabled')),
      check ((previous_secret is not null) = (previous_until is not null))
    )`)
    await run(`comment on column SCHEMA.webhooks.since is
      'what was committed when it was created or enabled: it hears of everything that was not'`)
    await run(`comment on column SCHEMA.webhooks.secret is 'sealed; previous_secret too'`)
    await run(`comment on column SCHEMA.webhooks.failing_since is
      'the first failure since something was delivered; failed_at is the last one, to about a minute'`)
    await run('create index webhooks_created on SCHEMA.webhooks (project_id, created_at)')

    await run(`create table SCHEMA.webhook_deliveries (
      id uuid primary key default gen_random_uuid(),
      project_id integer not null,
      webhook_id uuid not null,
      event_id numeric(30) not null,
      type text not null,
      event_at timestamptz(3) not null,
      event jsonb not null,
      lane text not null,
      state SCHEMA.notification_state not null default 'scheduled',
      reason text,
      due_at timestamptz(3) not null,
      next_at timestamptz(3) not null,
      expires_at timestamptz(3),
      priority smallint not null default 0,
      on_unknown SCHEMA.on_unknown not null default 'retry',
      timeout_seconds double precision not null default 15,
      generation integer not null default 1,
      attempt_no integer not null default 0,
      failures integer not null default 0,
      lost_workers smallint not null default 0,
      late_ms double precision,
      attempt_job uuid,
      attempt_try integer,
      attempt_token uuid,
      attempt_started_at timestamptz(3),
      attempt_due_at timestamptz(3),
      handed_at timestamptz(3),
      cancel_requested boolean not null default false,
      trouble SCHEMA.trouble,
      pending_key text,
      created_at timestamptz(3) not null default clock_timestamp(),
      updated_at timestamptz(3) not null default clock_timestamp(),
      finished_at timestamptz(3),
      constraint webhook_deliveries_state_agrees check (
        (finished_at is not null) = (state in ('delivered', 'failed', 'canceled', 'expired'))
        and (attempt_job is not null) = (state = 'sending'))
    ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02)`)
    await run(`comment on column SCHEMA.webhook_deliveries.event is
      'what is sent, kept here as the event may be dropped with its month before the last try'`)
    // An event is delivered to an endpoint once, however often it is dispatched: sending it again uses the same row.
    await run(
      'create unique index webhook_deliveries_event on SCHEMA.webhook_deliveries (webhook_id, event_id)',
    )
    await run(
      'create index webhook_deliveries_created on SCHEMA.webhook_deliveries (webhook_id, created_at, id)',
    )
    await run('create index webhook_deliveries_due on SCHEMA.webhook_deliveries (project_id, due_at)')
    await run(`create index webhook_deliveries_trouble on SCHEMA.webhook_deliveries (project_id, trouble, due_at)
      where trouble is not null`)
    await run(`create index webhook_deliveries_failing on SCHEMA.webhook_deliveries (webhook_id, trouble, created_at, id)
      where trouble is not null`)
  },
})
