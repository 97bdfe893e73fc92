import { type Kysely, sql } from 'kysely'

/**
 * Recurring schedules. What a schedule says stands in `definition` as it was given; the columns beside it are what its due
 * run needs. A run is one row, unique by schedule and occurrence: the one thing that makes "exactly once" true.
 */
export const schedules = (schema: string) => ({
  async up(db: Kysely<unknown>): Promise<void> {
    const run = (text: string) => sql.raw(text.replaceAll('SCHEMA.', `"${schema}".`)).execute(db)

    await run(`create table SCHEMA.schedules (
      id uuid primary key,
      project_id integer not null,
      name text not null,
      definition jsonb not null,
      anchor_at timestamptz(3) not null,
      starts_at timestamptz(3),
      ends_at timestamptz(3),
      state text not null default 'active' check (state in ('active', 'paused', 'finished')),
      next_occurrence timestamptz(3),
      next_at timestamptz(3),
      failures integer not null default 0,
      last_run_id uuid,
      last_run_at timestamptz(3),
      declared boolean not null default false,
      version integer not null default 1,
      generation integer not null default 1,
      actor jsonb,
      created_at timestamptz(3) not null default clock_timestamp(),
      updated_at timestamptz(3) not null default clock_timestamp(),
      unique (project_id, name),
      check ((state = 'finished') = (next_occurrence is null))
    ) with (fillfactor = 50)`)
    await run(
      `comment on column SCHEMA.schedules.next_occurrence is 'the first that is not decided; of a paused one, from where on it has missed some'`,
    )
    await run(
      `comment on column SCHEMA.schedules.next_at is 'when that one is done: its jitter later, or after a failure'`,
    )
    await run('create index schedules_created on SCHEMA.schedules (project_id, created_at)')

    await run(`create table SCHEMA.schedule_runs (
      id uuid primary key,
      project_id integer not null,
      schedule_id uuid not null,
      name text not null,
      lane text not null default 'schedules',
      occurrence_at timestamptz(3) not null,
      due_at timestamptz(3) not null,
      cause text not null check (cause in ('schedule', 'missed', 'backfill', 'manual')),
      manual_key text not null default '',
      state text not null check (state in ('pending', 'started', 'skipped', 'failed', 'canceled')),
      reason text,
      error jsonb,
      item_kind text,
      item_id text,
      next_at timestamptz(3),
      generation integer not null default 1,
      attempt_no integer not null default 0,
      failures integer not null default 0,
      late_ms double precision,
      started_at timestamptz(3),
      finished_at timestamptz(3),
      created_at timestamptz(3) not null default clock_timestamp(),
      check ((finished_at is null) = (state = 'pending')),
      check ((next_at is null) = (state <> 'pending'))
    ) with (fillfactor = 90)`)
    // An occurrence is run once, by its time, made up for, or filled in; what people start by hand stands beside it.
    await run(
      'create unique index schedule_runs_occurrence on SCHEMA.schedule_runs (schedule_id, occurrence_at, manual_key)',
    )
    await run('create index schedule_runs_due on SCHEMA.schedule_runs (project_id, due_at)')
    await run(
      'create index schedule_runs_pending on SCHEMA.schedule_runs (schedule_id) where next_at is not null',
    )
    await run(
      `create index schedule_runs_failed on SCHEMA.schedule_runs (project_id, finished_at) where state = 'failed'`,
    )

    await run('alter table SCHEMA.notifications add column schedule_id text')
    // Written once, with the row: no update touches it.
    await run(`create index notifications_schedule on SCHEMA.notifications (project_id, schedule_id, due_at)
      where schedule_id is not null`)

    const { rows } = await sql<{ definition: string }>`
      select rtrim(pg_get_viewdef(${`"${schema}".upcoming`}::regclass), ';') as definition`.execute(db)
    await run(`create or replace view SCHEMA.upcoming (kind, id, due_at, state, title) as
      select * from (${rows[0]?.definition ?? ''}) others
      union all
      select 'schedule', s.name, t.due_at, s.state, s.name || ': ' || coalesce(s.definition ->> 'cron', s.definition ->> 'rrule', '')
      from SCHEMA.timers t join SCHEMA.schedules s on s.id = t.subject_id
      order by 3`)
  },
})
