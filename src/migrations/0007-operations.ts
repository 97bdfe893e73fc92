import { type Kysely, sql } from 'kysely'

/**
 * What the operations API reads instead of history: sums by minute and by hour, how many there are of each state, who is
 * alive; the tokens of calendars; and when something failed. `failed_at` is null in a normal life, like `trouble`, and so
 * may be indexed: an index on `finished_at`, even one of the failed only, would end HOT for every outcome.
 */
export const operations = (schema: string) => ({
  async up(db: Kysely<unknown>): Promise<void> {
    const run = (text: string) => sql.raw(text.replaceAll('SCHEMA.', `"${schema}".`)).execute(db)

    await run(`create table SCHEMA.rollups (
      project_id integer not null,
      minutes smallint not null check (minutes in (1, 60)),
      at timestamptz(3) not null,
      lane text not null,
      created integer not null default 0,
      delivered integer not null default 0,
      failed integer not null default 0,
      canceled integer not null default 0,
      expired integer not null default 0,
      attempts integer[] not null,
      late integer[] not null,
      took integer[] not null,
      primary key (project_id, minutes, at, lane)
    )`)
    await run(
      `comment on column SCHEMA.rollups.attempts is 'by outcome: delivered, failed, rejected, unknown, interrupted'`,
    )
    await run(
      `comment on column SCHEMA.rollups.late is 'attempts by lateness, in the buckets of the operations API'`,
    )
    await run('create index rollups_at on SCHEMA.rollups (at)')

    await run(`create table SCHEMA.totals (
      project_id integer not null,
      kind text not null,
      state text not null check (state in ('open', 'delivered', 'failed', 'canceled', 'expired')),
      n bigint not null,
      primary key (project_id, kind, state)
    )`)
    await run(`comment on column SCHEMA.totals.state is 'open: not final'`)

    // Nobody writes notifications while they are counted, so that each event is either in the count or after it.
    await run('lock table SCHEMA.notifications in share mode')
    await run(`insert into SCHEMA.totals (project_id, kind, state, n)
      select project_id, 'notification', case when finished_at is null then 'open' else state end, count(*)
      from SCHEMA.notifications group by 1, 3`)
    await run(`insert into SCHEMA.feeds (name, xid, id)
      values ('rollups', pg_current_xact_id(), 0) on conflict do nothing`)

    await run('alter table SCHEMA.notifications add column failed_at timestamptz(3)')
    await run('update SCHEMA.notifications set failed_at = finished_at where trouble = 2')
    await run(`create index notifications_failed on SCHEMA.notifications (project_id, failed_at, id)
      where failed_at is not null`)

    await run(`create table SCHEMA.workers (
      id uuid primary key,
      host text not null,
      pid integer not null,
      roles text[] not null,
      version text not null,
      beat_seconds integer not null,
      started_at timestamptz(3) not null default clock_timestamp(),
      seen_at timestamptz(3) not null default clock_timestamp(),
      lanes jsonb not null default '[]'
    )`)

    await run(`create table SCHEMA.calendar_tokens (
      id uuid primary key,
      project_id integer not null,
      name text not null,
      hash bytea not null unique,
      scopes text[] not null,
      created_by jsonb,
      created_at timestamptz(3) not null default clock_timestamp(),
      expires_at timestamptz(3)
    )`)
    await run('create index calendar_tokens_created on SCHEMA.calendar_tokens (project_id, created_at)')
  },
})
