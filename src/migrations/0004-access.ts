import { type Kysely, sql } from 'kysely'

/** Who may do what: projects beside the first one, API keys, people and their sessions. Who asked for a bulk change. Idempotency keys. */
export const access = (schema: string) => ({
  async up(db: Kysely<unknown>): Promise<void> {
    const run = (text: string) => sql.raw(text.replaceAll('SCHEMA.', `"${schema}".`)).execute(db)

    await run('alter table SCHEMA.operations add column actor jsonb')
    await run('alter table SCHEMA.projects add column deleted_at timestamptz(3)')
    await run('create sequence SCHEMA.projects_id as integer start 2 owned by SCHEMA.projects.id')
    await run(`alter table SCHEMA.projects alter column id set default nextval('SCHEMA.projects_id')`)
    // Of a key only its hash is kept. After a rotation the hash before it is good for a while.
    await run(`create table SCHEMA.api_keys (
      id uuid primary key,
      project_id integer not null references SCHEMA.projects,
      name text not null,
      hint text not null,
      hash bytea not null unique,
      previous_hash bytea unique,
      previous_until timestamptz(3),
      scopes text[] not null,
      requests_per_minute integer,
      expires_at timestamptz(3),
      last_used_at timestamptz(3),
      created_by jsonb,
      created_at timestamptz(3) not null default clock_timestamp(),
      updated_at timestamptz(3) not null default clock_timestamp(),
      revoked_at timestamptz(3)
    )`)
    await run('create index api_keys_created on SCHEMA.api_keys (project_id, created_at)')
    await run(`create table SCHEMA.users (
      id uuid primary key,
      email text not null,
      name text not null,
      password_hash text not null,
      role text not null check (role in ('viewer', 'editor', 'operator', 'admin')),
      project_ids integer[],
      disabled_at timestamptz(3),
      created_at timestamptz(3) not null default clock_timestamp(),
      updated_at timestamptz(3) not null default clock_timestamp(),
      signed_in_at timestamptz(3)
    )`)
    await run(
      `comment on column SCHEMA.users.project_ids is 'the projects that the user may enter; null for all'`,
    )
    await run('create unique index users_email on SCHEMA.users (lower(email))')
    await run(`create table SCHEMA.sessions (
      hash bytea primary key,
      user_id uuid not null references SCHEMA.users on delete cascade,
      address text,
      created_at timestamptz(3) not null default clock_timestamp(),
      seen_at timestamptz(3) not null default clock_timestamp(),
      expires_at timestamptz(3) not null
    )`)
    await run('create index sessions_user on SCHEMA.sessions (user_id)')
    // Of what is made rarely. Notifications, content and releases bear their keys themselves.
    await run(`create table SCHEMA.idempotency_keys (
      project_id integer not null,
      route text not null,
      key text not null,
      request_hash bytea not null,
      resource_id text not null,
      primary key (project_id, route, key)
    )`)
    await run('create index idempotency_keys_resource on SCHEMA.idempotency_keys (route, resource_id)')
  },
})
