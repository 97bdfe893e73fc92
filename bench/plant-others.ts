import type { BenchDatabase } from './kit.ts'
import { settle } from './plant.ts'

/** What waits is due an hour later: nothing of it is to be begun while something is measured. */
const later = (instant: string) =>
  `${instant} + case state when 'scheduled' then interval '1 hour' else '0' end`

/** A run and a publication for each notification that is there, of the same outcome, with their timers. */
export const plantOthers = async (db: BenchDatabase): Promise<void> => {
  await db.query(
    `with r as (
       insert into yeyak.runs (id, project_id, task, lane, data, state, reason, trouble, failed_at, due_at, next_at, finished_at,
         attempt_no, late_ms, retry_limit, retry_delay_seconds, retry_backoff, retry_max_delay_seconds, timeout_seconds)
       select uuidv7(), project_id, 'image-resize', 'tasks.image-resize', '{}', state, reason, trouble, failed_at, ${later('due_at')}, ${later('next_at')},
         finished_at, attempt_no, late_ms, retry_limit, retry_delay_seconds, retry_backoff, retry_max_delay_seconds, 60
       from yeyak.notifications returning id, lane, state, next_at, generation, priority)
     insert into yeyak.timers (subject_id, lane, due_at, generation, priority)
     select id, lane, next_at, generation, priority from r where state = 'scheduled'`,
  )
  await db.query(
    `with p as (
       insert into yeyak.publications (id, project_id, type, resource_id, lane, action, revision, due_at, next_at, state, finished_at,
         late_ms)
       select uuidv7(), project_id, 'story', id::text, 'publishing.story', 'publish', 1, ${later('due_at')}, ${later('next_at')},
         case state when 'delivered' then 'succeeded' else state::text end, finished_at, late_ms
       from yeyak.notifications returning id, lane, state, next_at, generation, priority)
     insert into yeyak.timers (subject_id, lane, due_at, generation, priority)
     select id, lane, next_at, generation, priority from p where state = 'scheduled'`,
  )
  await settle(db, ['runs', 'publications', 'timers'])
}
