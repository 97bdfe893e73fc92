import { type Kysely, sql } from 'kysely'

/**
 * What the whole HTTP contract needs. `dedupe_key` stays for ever; `pending_key` is the same while the notification is not
 * final, and null after. It is a column written by the statements that end one, as a generated one would be computed by
 * every statement. Indexes here are partial: a notification without such a key pays nothing for them, and stays HOT.
 */
export const contract = (schema: string) => ({
  async up(db: Kysely<unknown>): Promise<void> {
    const run = (text: string) => sql.raw(text.replaceAll('SCHEMA.', `"${schema}".`)).execute(db)

    await run('alter table SCHEMA.attempts add column answer jsonb')
    await run(
      `comment on column SCHEMA.attempts.answer is 'what the far side said: refused recipients, the beginning of its response'`,
    )

    await run(`alter table SCHEMA.notifications add column dedupe_key text, add column pending_key text,
      add column idempotency_key text, add column request_hash bytea, add column content_bytes integer not null default 0`)
    await run(
      `comment on column SCHEMA.notifications.content_bytes is 'about how much JSON the content is: large ones are read alone'`,
    )
    await run(`create unique index notifications_idempotency on SCHEMA.notifications (project_id, idempotency_key)
      where idempotency_key is not null`)
    await run(`create unique index notifications_pending on SCHEMA.notifications (project_id, pending_key)
      where pending_key is not null`)
    await run(`create index notifications_dedupe on SCHEMA.notifications (project_id, dedupe_key, due_at)
      where dedupe_key is not null`)

    // Whoever was scheduled before that instant, seen by the cancellation or not, does not start.
    await run(`create table SCHEMA.canceled_groups (
      project_id integer not null,
      group_key text not null,
      canceled_at timestamptz(3) not null,
      primary key (project_id, group_key)
    )`)

    await run(`create table SCHEMA.operations (
      id uuid primary key,
      project_id integer not null,
      subject text not null,
      kind text not null,
      state text not null,
      filter jsonb not null,
      options jsonb not null default '{}',
      rate_per_second double precision,
      cursor uuid,
      matched bigint not null default 0,
      changed bigint not null default 0,
      too_late bigint not null default 0,
      leased_until timestamptz(3),
      created_at timestamptz(3) not null default clock_timestamp(),
      finished_at timestamptz(3),
      undo_until timestamptz(3),
      undoes uuid,
      check (state in ('running', 'done', 'aborted'))
    )`)
    await run('create index operations_created on SCHEMA.operations (project_id, created_at)')
    await run(`create index operations_running on SCHEMA.operations (leased_until) where finished_at is null`)
    // What an operation changed, as it was before: for undo.
    await run(`create table SCHEMA.operation_items (
      operation_id uuid not null,
      subject_id uuid not null,
      generation integer not null,
      before jsonb not null,
      primary key (operation_id, subject_id)
    )`)
  },
})
