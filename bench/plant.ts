import { setTimeout as sleep } from 'node:timers/promises'
import { nowMs } from './clock.ts'
import type { BenchDatabase } from './kit.ts'

export interface PlantOptions {
  count: number
  /** From now until the first one is due. */
  inMs: number
  /** All are due at one instant where this is 0. */
  perSecond: number
}

export interface Marks {
  /** See the channel; `m`, the measured one, unless told. */
  message?: string
  /** Every so many, the first included, hang for 5 s and are not measured. */
  hangEvery?: number
  hangMs?: number
  timeoutSeconds?: number
  /** To another channel than the benchmark's own. */
  target?: Target
}

export interface Target {
  channel: string
  /** `{i}` in it stands for the number of the notification. */
  recipient: string
  content: object
  /** What fails is not tried again while something is measured. */
  retryDelaySeconds: number
}

/** As an API process does: only what is due this soon is told to the alarms. */
const NOTIFY_HORIZON_MS = 30_000

/** Between the commit and the first due instant. */
const MARGIN_MS = 100
const PATIENCE_MS = 120_000

const COLUMNS = `id, project_id, channel, lane, recipient, content, due_at, next_at, retry_limit, retry_delay_seconds, retry_backoff,
  retry_max_delay_seconds, on_unknown, timeout_seconds`

/**
 * Plants `count` notifications, the first due `inMs` from now, then `perSecond` a second: rows, timers and events as the
 * API writes them. They are there before the first one is due: where that was too short a time, everything is planted
 * again for later. Returns when the last one is due, in milliseconds since 1970.
 */
export const plant = async (db: BenchDatabase, o: PlantOptions & Marks): Promise<number> => {
  for (let inMs = o.inMs; inMs < PATIENCE_MS; inMs *= 2) {
    await db.query('begin')
    const { first, last } = await insert(db, { ...o, inMs })
    const isInTime = nowMs() + MARGIN_MS < first
    if (isInTime && first < nowMs() + NOTIFY_HORIZON_MS)
      await db.query(`select pg_notify('yeyak_timers', $1)::text`, [String(first)])
    await db.query(isInTime ? 'commit' : 'rollback')
    if (isInTime) return last
  }
  throw new Error('nothing could be planted in time: this machine is too busy')
}

const insert = async (
  db: BenchDatabase,
  o: PlantOptions & Marks,
): Promise<{ first: number; last: number }> => {
  const [row] = await db.query<{ first: number; last: number }>(
    `with n as (
       insert into yeyak.notifications (${COLUMNS})
       select uuidv7(), 1, $8::text, 'notifications.' || $8::text, to_jsonb(replace($9::text, '{i}', i::text)),
              coalesce($10::jsonb, jsonb_build_object('message',
                case when $4::int > 0 and i % $4::int = 0 then $5::text else $6::text end)),
              due, due, 3, $11::float8, 'exponential', greatest(3600, $11::float8), 'retry', $7::float8
       from generate_series(0, $1::int - 1) i,
            lateral (select date_trunc('milliseconds', now()) + make_interval(secs => $2::float8 / 1000
                       + case when $3::float8 > 0 then i / $3::float8 else 0 end) as due) d
       returning id, project_id, lane, next_at, generation, priority),
     t as (insert into yeyak.timers (subject_id, lane, due_at, generation, priority)
       select id, lane, next_at, generation, priority from n),
     e as (insert into yeyak.events (project_id, kind, subject_id, type)
       select project_id, 'notification', id::text, 'notification.created' from n)
     select (extract(epoch from min(next_at)) * 1000)::float8 as first,
            (extract(epoch from max(next_at)) * 1000)::float8 as last from n`,
    [
      ...[o.count, o.inMs, o.perSecond, o.hangEvery ?? 0],
      ...[`hang ${o.hangMs ?? 5000}`, o.message ?? 'm', o.timeoutSeconds ?? 15],
      ...[o.target?.channel ?? 'bench', o.target?.recipient ?? null],
      ...[
        o.target === undefined ? null : JSON.stringify(o.target.content),
        o.target?.retryDelaySeconds ?? 60,
      ],
    ],
  )
  if (row === undefined) throw new Error('nothing was planted')
  return row
}

const CHUNK = 50_000

/** Notifications that are due between tomorrow and in a year. The database is settled when this returns. */
export const plantFuture = async (db: BenchDatabase, count: number): Promise<void> => {
  for (let done = 0; done < count; done += CHUNK) {
    await db.query(
      `with n as (
         insert into yeyak.notifications (${COLUMNS})
         select uuidv7(), 1, 'bench', 'notifications.bench', null, '{"message":"m"}', due, due, 3, 60, 'exponential', 3600,
                'retry', 15
         from (select date_trunc('milliseconds', now() + interval '1 day' + random() * interval '364 days') as due
               from generate_series(1, $1::int)) d
         returning id, lane, next_at, generation, priority)
       insert into yeyak.timers (subject_id, lane, due_at, generation, priority)
       select id, lane, next_at, generation, priority from n`,
      [Math.min(CHUNK, count - done)],
    )
  }
  await settle(db)
}

/** What a mass insert leaves to be done in the background is done now, not in the middle of what is measured next. */
export const settle = async (
  db: BenchDatabase,
  tables: readonly string[] = ['notifications', 'timers'],
): Promise<void> => {
  for (const table of tables) {
    // Before each: where commits are not flushed, vacuum cannot mark as visible to all what was written a moment ago (nor what
    // shares its page of pg_xact with the vacuum before), and no index is then read without its table.
    await db.query('checkpoint')
    await db.query(`vacuum (analyze) yeyak.${table}`)
  }
  await db.query('checkpoint')
}

/** Nothing is in the tables, and the statistics say so: what an idle night leaves to a busy morning. */
export const emptyAndAnalyze = async (db: BenchDatabase): Promise<void> => {
  await db.query('delete from yeyak.timers')
  await db.query('delete from yeyak.notifications')
  for (const table of ['yeyak.timers', 'yeyak.notifications', 'yeyak_queue.job_common'])
    await db.query(`analyze ${table}`)
}

export const sleepUntil = (atMs: number): Promise<void> => sleep(Math.max(0, atMs - nowMs()))
