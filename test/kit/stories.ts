import type { TestDatabase } from './database.ts'

export interface Stories {
  count: number
  /** Names them `<prefix>_1`, `<prefix>_2`, …; `s` unless told. */
  prefix?: string
  /** When they are due, from now; negative: overdue already. */
  inSeconds: number
  action?: 'publish' | 'unpublish' | 'archive'
  /** Of the content; `story` unless told. */
  type?: string
  locale?: string
  maxLateSeconds?: number
  /** Without a timer: their jobs are put in by the test. */
  noTimers?: boolean
  /** SQL of the data of revision 1, where `i` is the number. */
  data?: string
}

/** Stories that wait to go live, with their timers, as many calls would leave them; one that is there already gets one more. */
export const seedStories = async (database: TestDatabase, o: Stories): Promise<void> => {
  await database.query(
    `with c as (
       insert into yeyak.content (key, project_id, type, id, locale, status, due_at)
       select gen_random_uuid(), 1, $1, $2 || '_' || i, $3, 'scheduled', due
       from generate_series(1, $4::int) i,
         lateral (select date_trunc('milliseconds', now()) + make_interval(secs => $5::float8) as due) d
       on conflict (project_id, type, id, locale) do update set due_at = least(content.due_at, excluded.due_at)
       returning key, id),
     r as (
       insert into yeyak.revisions (content_key, number, data, sha256)
       select c.key, 1, data, sha256(data::text::bytea) from c,
         lateral (select split_part(c.id, '_', 2)::int as i) n,
         lateral (select ${o.data ?? `jsonb_build_object('title', 'Story ' || i)`} as data) d
       on conflict do nothing),
     p as (
       insert into yeyak.publications (id, project_id, type, resource_id, locale, content_key, lane, action, revision, due_at, next_at,
         max_late_seconds)
       select gen_random_uuid(), 1, $1, id, $3, key, 'publishing.' || $1, $6, case $6 when 'publish' then 1 end, due, due, $7
       from c, lateral (select date_trunc('milliseconds', now()) + make_interval(secs => $5::float8) as due) d
       returning id, lane, next_at, generation, priority)
     insert into yeyak.timers (subject_id, lane, due_at, generation, priority)
     select id, lane, next_at, generation, priority from p where $8::boolean`,
    [
      ...[o.type ?? 'story', o.prefix ?? 's', o.locale ?? '', o.count, o.inSeconds],
      ...[o.action ?? 'publish', o.maxLateSeconds ?? null, o.noTimers !== true],
    ],
  )
}

/** Hands publications over by hand, `copies` times each, and so that workers look for them at their next tick. */
export const putJobs = async (
  database: TestDatabase,
  o: { copies: number; type?: string; generation?: number; where?: string },
): Promise<void> => {
  const lane = `publishing.${o.type ?? 'story'}`
  await database.query(
    `insert into yeyak_queue.job (id, name, data, policy, retry_limit, retry_delay, heartbeat_seconds, expire_seconds,
       keep_until, deletion_seconds)
     select gen_random_uuid(), $1, jsonb_build_object('s', p.id, 'g', coalesce($2::int, p.generation), 'h',
       extract(epoch from now()) * 1000), 'standard', 1000, 0, 10, 3600, now() + interval '1 year', 86400
     from yeyak.publications p, generate_series(1, $3::int)
     where p.lane = $1 and ${o.where ?? 'true'}`,
    [lane, o.generation ?? null, o.copies],
  )
}
