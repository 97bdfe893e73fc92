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
      last_due_at timestamptz(3),
      ends_live boolean,
      version integer not null default 1,
      idempotency_key text,
      request_hash bytea,
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

    await run(
      `comment on column SCHEMA.content.ends_live is 'whether it is live once all that is scheduled has happened, the last of it at last_due_at'`,
    )
    // What readers will see at any instant, told from the index alone: asking for what is scheduled for each of 50,000 items
    // took a second.
    await run(`create index content_seen on SCHEMA.content (project_id, type, id, locale)
      include (live_revision, due_at, last_due_at, ends_live) where live_revision is not null or due_at is not null`)
    // What readers see now, in the order of ids: the other items may be a hundred times as many.
    await run(
      'create index content_live on SCHEMA.content (project_id, type, id, locale) where live_revision is not null',
    )
    await run(`create unique index content_idempotency on SCHEMA.content (project_id, idempotency_key)
      where idempotency_key is not null`)

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
      idempotency_key text,
      request_hash bytea,
      executed_at timestamptz(3),
      created_at timestamptz(3) not null default clock_timestamp(),
      updated_at timestamptz(3) not null default clock_timestamp(),
      finished_at timestamptz(3)
    )`)
    await run('create index releases_created on SCHEMA.releases (project_id, created_at)')
    await run('create index releases_waiting on SCHEMA.releases (next_at) where next_at is not null')
    await run(`create unique index releases_idempotency on SCHEMA.releases (project_id, idempotency_key)
      where idempotency_key is not null`)

    await run(`create table SCHEMA.publications (
      id uuid primary key,
      project_id integer not null,
      type text not null,
      resource_id text not null,
      locale text not null default '',
      external boolean not null default false,
      content_key uuid,
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
    // What is pending for an item, a release's own included: read by every change of it.
    await run(`create index publications_open on SCHEMA.publications (project_id, type, resource_id, locale, due_at)
      where finished_at is null`)
    // The worker finds them by this key alone: of the indexes that begin with the project, a plan that was made while the
    // tables were empty took any (1,000 due at once: 4.9 s instead of 0.2).
    await run(`create index publications_content on SCHEMA.publications (content_key, due_at)
      where finished_at is null`)
    await run(
      'create index publications_waiting on SCHEMA.publications (project_id, due_at) where finished_at is null',
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

    // What readers may see at an instant, for applications that read the tables. What is due and pinned counts, done or not,
    // so that content is there on time with every worker down; what follows the draft was not checked since, and does not.
    await run(`create function SCHEMA.live(type text, at timestamptz default now(), project integer default 1)
      returns table (id text, locale text, revision integer, data jsonb, published_at timestamptz)
      language sql stable as $live$
        select c.id, c.locale, v.revision, r.data, v.published_at
        from (
          select * from SCHEMA.content c
          where c.project_id = $3 and c.type = $1 and c.live_revision is not null
          union all
          select * from SCHEMA.content c
          where c.project_id = $3 and c.type = $1 and c.live_revision is null and c.due_at <= $2) c
        left join lateral (
          select p.action, p.revision, p.due_at from SCHEMA.publications p
          where p.project_id = c.project_id and p.type = c.type and p.resource_id = c.id and p.locale = c.locale
            and p.finished_at is null and p.due_at <= $2 and (p.action <> 'publish' or p.revision is not null)
            and (p.max_late_seconds is null
              or p.due_at >= statement_timestamp() - make_interval(secs => p.max_late_seconds))
          order by p.due_at desc, p.created_at desc, p.id desc limit 1) w on c.due_at <= $2
        cross join lateral (
          select case w.action when 'publish' then w.revision when 'unpublish' then null when 'archive' then null
              else c.live_revision end as revision,
            case w.action when 'publish' then w.due_at else c.published_at end as published_at) v
        join SCHEMA.revisions r on r.content_key = c.key and r.number = v.revision
      $live$`)
    await run(
      `comment on function SCHEMA.live is 'what readers may see of a type at an instant; see docs/content.md'`,
    )
  },
})
