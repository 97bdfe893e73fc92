import { nowMs } from './clock.ts'
import type { BenchDatabase } from './kit.ts'

/** Between the commit and the due instant. */
const MARGIN_MS = 100
const PATIENCE_MS = 120_000

/**
 * Plants `count` runs of the task `noop`, all due at one instant, `inMs` from now: rows, timers and events as the API writes
 * them. Where that was too short a time, everything is planted again for later. Returns when they are due.
 */
export const plantRuns = async (db: BenchDatabase, o: { count: number; inMs: number }): Promise<number> => {
  for (let inMs = o.inMs; inMs < PATIENCE_MS; inMs *= 2) {
    await db.query('begin')
    const [row] = await db.query<{ due: number }>(
      `with n as (
         insert into yeyak.runs (id, project_id, task, lane, data, due_at, next_at, retry_limit, retry_delay_seconds,
           retry_backoff, retry_max_delay_seconds, timeout_seconds)
         select uuidv7(), 1, 'noop', 'tasks.noop', '{}', due, due, 3, 60, 'exponential', 3600, 60
         from generate_series(1, $1::int),
              (select date_trunc('milliseconds', now()) + make_interval(secs => $2::float8 / 1000) as due) d
         returning id, project_id, lane, next_at, generation, priority),
       t as (insert into yeyak.timers (subject_id, lane, due_at, generation, priority)
         select id, lane, next_at, generation, priority from n),
       e as (insert into yeyak.events (project_id, kind, subject_id, type)
         select project_id, 'run', id::text, 'run.created' from n)
       select (extract(epoch from min(next_at)) * 1000)::float8 as due from n`,
      [o.count, inMs],
    )
    if (row === undefined) throw new Error('nothing was planted')
    const isInTime = nowMs() + MARGIN_MS < row.due
    if (isInTime) await db.query(`select pg_notify('yeyak_timers', $1)::text`, [String(row.due)])
    await db.query(isInTime ? 'commit' : 'rollback')
    if (isInTime) return row.due
  }
  throw new Error('nothing could be planted in time: this machine is too busy')
}
