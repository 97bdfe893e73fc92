import { type Kysely, sql } from 'kysely'

/**
 * Content with immutable revisions, and what is to become of it when. A publication may also be of a row in a table of the
 * user's own: then there is no content here, and `external` is true. It has no running state: the transaction that
 * publishes also ends it.
 */
export const publishing = (schema: string) => ({
  async up(db: Kysely<unknown>): Promise<void> {
    const run = (text: string) => sql.raw(text.replaceAll('SCHEMA.', `"${schema}".`)).execute(db)

    await run(`create table SCHEMA.content (
      key uuid primary key,
      project_id integer not null,
      type text not null,
      id text not null,
      locale text not null default '',
      slug text,
      status text not null default 'draft' check (status in ('draft', 'scheduled', 'published', 'archived')),
      draft_revision integer not null default 1,
      live_revision integer,
      published_at timestamptz(3),
      due_at timestamptz(3),
      version integer not null default 1,
      created_at timestamptz(3) not null default clock_timestamp(),
      updated_at timestamptz(3) not null default clock_timestamp(),
      unique (project_id, type, id, locale),
      check ((status = 'published') = (live_revision is not null)),
      check ((status = 'scheduled') <= (due_at is not null))
    ) with (fillfactor = 80)`)
    await run(
      `comment on column SCHEMA.content.due_at is 'of the first thing that is scheduled for it, whatever that is; null where nothing is'`,
    )
    await run('create index content_updated on SCHEMA.content (project_id, type, updated_at)')
    await run(
      'create index content_due on SCHEMA.content (project_id, type, due_at) where due_at is not null',
    )
    await run(
      `create unique index content_slug on SCHEMA.content (project_id, type, locale, slug) where slug is not null`,
    )

    await run(`create table SCHEMA.revisions (
      content_key uuid not null,
      number integer not null,
      data jsonb not null,
      sha256 bytea not null,
      actor jsonb,
      created_at timestamptz(3) not null default clock_timestamp(),
      primary key (content_key, number)
    )`)

    await run(`create table SCHEMA.releases (
      id uuid primary key,
      project_id integer not null,
      title text not null,
      items jsonb not null,
      state text not null default 'draft'
        check (state in ('draft', 'scheduled', 'succeeded', 'failed', 'canceled', 'missed')),
      reason text,
      publish_at jsonb,
      due_at timestamptz(3),
      next_at timestamptz(3),
      max_late_seconds double precision,
      generation integer not null default 1,
      attempt_no integer not null default 0,
      failures integer not null default 0,
      late_ms double precision,
      error jsonb,
      actor jsonb,
      executed_at timestamptz(3),
      created_at timestamptz(3) not null default clock_timestamp(),
      updated_at timestamptz(3) not null default clock_timestamp(),
      finished_at timestamptz(3)
    )`)
    await run('create index releases_created on SCHEMA.releases (project_id, created_at)')

    await run(`create table SCHEMA.publications (
      id uuid primary key,
      project_id integer not null,
      type text not null,
      resource_id text not null,
      locale text not null default '',
      external boolean not null default false,
      lane text not null,
      action text not null check (action in ('publish', 'unpublish', 'archive')),
      revision integer,
      on_edit text not null default 'pin' check (on_edit in ('pin', 'follow', 'cancel')),
      given jsonb,
      due_at timestamptz(3) not null,
      next_at timestamptz(3) not null,
      max_late_seconds double precision,
      state text not null default 'scheduled'
        check (state in ('scheduled', 'succeeded', 'superseded', 'canceled', 'failed', 'missed')),
      reason text,
      release_id uuid,
      priority smallint not null default 0,
      generation integer not null default 1,
      attempt_no integer not null default 0,
      failures integer not null default 0,
      retry_limit smallint not null default 3,
      late_ms double precision,
      error jsonb,
      actor jsonb,
      idempotency_key text,
      request_hash bytea,
      executed_at timestamptz(3),
      created_at timestamptz(3) not null default clock_timestamp(),
      updated_at timestamptz(3) not null default clock_timestamp(),
      finished_at timestamptz(3),
      check ((finished_at is null) = (state = 'scheduled'))
    ) with (fillfactor = 70)`)
    await run(
      `comment on column SCHEMA.publications.revision is 'the pinned one; null: the draft as it is then, or a row of a table of the user''s own'`,
    )
    // One thing at an instant is pending for an item at most; a release decides about its own items.
    await run(`create unique index publications_pending on SCHEMA.publications (project_id, type, resource_id, locale, due_at)
      where finished_at is null and release_id is null`)
    await run(
      `create index publications_resource on SCHEMA.publications (project_id, type, resource_id, locale, due_at)`,
    )
    await run('create index publications_due on SCHEMA.publications (project_id, due_at)')
    await run(
      `create index publications_failed on SCHEMA.publications (project_id, finished_at) where state in ('failed', 'missed')`,
    )
    await run(
      'create index publications_release on SCHEMA.publications (release_id) where release_id is not null',
    )
    await run(`create unique index publications_idempotency on SCHEMA.publications (project_id, idempotency_key)
      where idempotency_key is not null`)
  },
})
