import type { BenchDatabase } from './kit.ts'
import { settle } from './plant.ts'

export interface Stock {
  /** In all. */
  count: number
  /** Of these: delivered over the last 60 days. */
  delivered: number
  failed: number
  canceled: number
}

const CHUNK = 50_000
const COLUMNS = `id, project_id, channel, lane, recipient, content, state, reason, trouble, failed_at, due_at, next_at, tags,
  attempt_no, attempt_started_at, attempt_due_at, late_ms, generation, created_at, updated_at, finished_at, retry_limit,
  retry_delay_seconds, retry_backoff, retry_max_delay_seconds, on_unknown, timeout_seconds`

/** Notifications as a year of use leaves them, with timers, attempts and events, and statistics that are true. */
export const plantHistory = async (db: BenchDatabase, stock: Stock): Promise<void> => {
  for (let done = 0; done < stock.count; done += CHUNK) {
    await db.query(
      `with i as (
         select i, case when i < $3 then 'delivered' when i < $4 then 'failed' when i < $5 then 'canceled' else 'scheduled' end as state,
           case when i < $5
             then date_trunc('milliseconds', now() - interval '60 days' + (i % $3) * interval '60 days' / $3)
             else date_trunc('milliseconds', now() + interval '1 minute' + (i - $5) * interval '365 days' / ($6 - $5)) end as due
         from generate_series($1::int, $2::int - 1) i),
       n as (
         insert into yeyak.notifications (${COLUMNS})
         select uuidv7(), 1, 'bench', 'notifications.bench', to_jsonb('user' || i % 50000 || '@example.com'),
           jsonb_build_object('message', 'Message number ' || i), state, case state when 'failed' then 'rejected' when 'canceled' then 'request' end,
           case state when 'failed' then 2 end, case state when 'failed' then due end, due, due,
           array['tag' || i % 10, 'rare' || i % 5000], case when state in ('delivered', 'failed') then 1 else 0 end,
           case when state in ('delivered', 'failed') then due end, case when state in ('delivered', 'failed') then due end,
           case when state in ('delivered', 'failed') then 3 end, 3, due - interval '1 hour',
           case state when 'scheduled' then now() else due end, case state when 'scheduled' then null else due end,
           3, 60, 'exponential', 3600, 'retry', 15
         from i returning id, lane, state, due_at, next_at, generation, priority),
       t as (insert into yeyak.timers (subject_id, lane, due_at, generation, priority)
         select id, lane, next_at, generation, priority from n where state = 'scheduled'),
       a as (insert into yeyak.attempts (subject_id, number, outcome, due_at, started_at, finished_at, late_ms, provider, error)
         select id, 1, case state when 'failed' then 'rejected' else state end, due_at, due_at, due_at, 3, 'bench',
           case state when 'failed' then '{"code":"refused","message":"no"}'::jsonb end
         from n where state in ('delivered', 'failed')),
       c as (insert into yeyak.events (project_id, kind, subject_id, type, actor, at)
         select 1, 'notification', id::text, 'notification.created', '{"kind":"anonymous","id":null}', least(now(), due_at - interval '1 hour') from n)
       insert into yeyak.events (project_id, kind, subject_id, type, data, at)
         select 1, 'notification', id::text, 'notification.' || state, case state when 'canceled' then '{"reason":"request"}'::jsonb
           else jsonb_build_object('number', 1, 'outcome', case state when 'failed' then 'rejected' else state end) end, due_at
         from n where state <> 'scheduled'`,
      [
        ...[done, Math.min(done + CHUNK, stock.count), stock.delivered],
        ...[stock.delivered + stock.failed, stock.delivered + stock.failed + stock.canceled, stock.count],
      ],
    )
  }
  await settle(db, ['notifications', 'timers', 'attempts', 'events'])
}
