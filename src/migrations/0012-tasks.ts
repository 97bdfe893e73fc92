import { type Kysely, sql } from 'kysely'

/**
 * Runs of tasks: rows of the same state machine as notifications, with the same columns; a task is a lane. The rules of 0001
 * hold here too: no index names `state`. What holds a slot, or waits for one, stands in tables of its own, as a run of a task
 * without a limit must not pay for limits.
 */
export const tasks = (schema: string) => ({
  async up(db: Kysely<unknown>): Promise<void> {
    const run = (text: string) => sql.raw(text.replaceAll('SCHEMA.', `"${schema}".`)).execute(db)

    await run(`create table SCHEMA.runs (
      id uuid primary key,
      project_id integer not null,
      task text not null,
      lane text not null,
      data jsonb not null,
      data_bytes integer not null default 0,
      run_at jsonb,
      state SCHEMA.notification_state not null default 'scheduled',
      reason text,
      due_at timestamptz(3) not null,
      next_at timestamptz(3) not null,
      expires_at timestamptz(3),
      priority smallint not null default 0,
      dedupe_key text,
      pending_key text,
      group_key text,
      concurrency_key text,
      schedule_id text,
      idempotency_key text,
      request_hash bytea,
      retry_limit smallint not null,
      retry_delay_seconds double precision not null,
      retry_backoff SCHEMA.retry_backoff not null,
      retry_max_delay_seconds double precision not null,
      on_unknown SCHEMA.on_unknown not null default 'retry',
      timeout_seconds double precision not null,
      tags text[] not null default '{}',
      metadata jsonb not null default '{}',
      progress smallint not null default 0,
      result jsonb,
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
      failed_at timestamptz(3),
      created_at timestamptz(3) not null default clock_timestamp(),
      updated_at timestamptz(3) not null default clock_timestamp(),
      finished_at timestamptz(3),
      constraint runs_state_agrees check (
        (finished_at is not null) = (state in ('delivered', 'failed', 'canceled', 'expired'))
        and (attempt_job is not null) = (state = 'sending'))
    ) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02)`)
    await run(`comment on table SCHEMA.runs is 'sending and delivered are shown as running and succeeded'`)
    await run(
      `comment on column SCHEMA.runs.concurrency_key is 'of runs with the same one of a task some run at a time only'`,
    )
    await run(
      `comment on column SCHEMA.runs.data_bytes is 'about how much JSON data and result are: large ones are read alone'`,
    )
    await run('create index runs_due on SCHEMA.runs (project_id, due_at)')
    await run('create index runs_created on SCHEMA.runs (project_id, created_at)')
    await run('create index runs_task on SCHEMA.runs (project_id, task, due_at)')
    await run(
      `create index runs_trouble on SCHEMA.runs (project_id, trouble, due_at) where trouble is not null`,
    )
    await run(
      `create index runs_failed on SCHEMA.runs (project_id, failed_at, id) where failed_at is not null`,
    )
    await run(
      `create index runs_group on SCHEMA.runs (project_id, group_key, due_at) where group_key is not null`,
    )
    await run(
      `create index runs_schedule on SCHEMA.runs (project_id, schedule_id, due_at) where schedule_id is not null`,
    )
    await run(`create unique index runs_idempotency on SCHEMA.runs (project_id, idempotency_key)
      where idempotency_key is not null`)
    await run(`create unique index runs_pending on SCHEMA.runs (project_id, task, pending_key)
      where pending_key is not null`)

    await run(`create table SCHEMA.run_slots (
      run_id uuid primary key,
      lane text not null,
      key text
    ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02)`)
    await run(
      `comment on table SCHEMA.run_slots is 'what runs of the tasks that may run so often at a time only'`,
    )
    await run('create index run_slots_lane on SCHEMA.run_slots (lane, key)')

    await run(`create table SCHEMA.run_waits (
      run_id uuid primary key,
      lane text not null,
      key text,
      priority smallint not null,
      due_at timestamptz(3) not null,
      called_at timestamptz(3)
    ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02)`)
    await run(`comment on table SCHEMA.run_waits is
      'what is due and waits for a slot; called: its timer is planted, and a slot is kept for it'`)
    await run(`create index run_waits_line on SCHEMA.run_waits (lane, priority desc, due_at, run_id)
      where called_at is null`)
    await run(`create index run_waits_key on SCHEMA.run_waits (lane, key, priority desc, due_at, run_id)
      where called_at is null`)
    await run(`create index run_waits_called on SCHEMA.run_waits (lane) where called_at is not null`)

    const { rows } = await sql<{ definition: string }>`
      select rtrim(pg_get_viewdef(${`"${schema}".upcoming`}::regclass), ';') as definition`.execute(db)
    await run(`create or replace view SCHEMA.upcoming (kind, id, due_at, state, title) as
      select * from (${rows[0]?.definition ?? ''}) others
      union all
      select 'run', r.id::text, t.due_at,
             case when r.state = 'scheduled' and t.due_at <= clock_timestamp() and q.paused_at is null
                  then 'queued' else r.state end,
             r.task
      from SCHEMA.timers t
      join SCHEMA.runs r on r.id = t.subject_id
      left join SCHEMA.queues q on q.name = t.lane
      order by 3`)
  },
})
