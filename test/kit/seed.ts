import type { TestDatabase } from './database.ts'

export interface Seed {
  count: number
  /** From now; a day unless told. */
  inSeconds?: number
  channel?: string
  to?: string
  groupKey?: string
  tag?: string
}

/** Rows of one transaction: with all in one, the planner believes that every event bears the same transaction. */
const CHUNK = 2_000

/** Notifications with their timers and events, as many creates would leave them; 100,000 take some seconds. */
export const seed = async (database: TestDatabase, o: Seed): Promise<void> => {
  for (let left = o.count; left > 0; left -= CHUNK)
    await plant(database, { ...o, count: Math.min(left, CHUNK) })
}

const plant = async (database: TestDatabase, o: Seed): Promise<void> => {
  await database.query(
    `with n as (
       insert into yeyak.notifications (id, project_id, channel, lane, recipient, content, group_key, tags, due_at, next_at,
         retry_limit, retry_delay_seconds, retry_backoff, retry_max_delay_seconds, on_unknown, timeout_seconds)
       select gen_random_uuid(), 1, $2, 'notifications.' || $2, to_jsonb($3::text), jsonb_build_object('message', 'seed ' || i),
         $4, case when $5::text is null then '{}' else array[$5::text] end, due, due, 3, 60, 'exponential', 3600, 'retry', 15
       from generate_series(1, $1::int) i,
         lateral (select date_trunc('milliseconds', now()) + make_interval(secs => $6::float8) as due) d
       returning id, lane, next_at, generation, priority),
     e as (insert into yeyak.events (project_id, kind, subject_id, type)
       select 1, 'notification', id::text, 'notification.created' from n)
     insert into yeyak.timers (subject_id, lane, due_at, generation, priority)
     select id, lane, next_at, generation, priority from n`,
    [
      ...[o.count, o.channel ?? 'log', o.to ?? null],
      ...[o.groupKey ?? null, o.tag ?? null, o.inSeconds ?? 86_400],
    ],
  )
}
