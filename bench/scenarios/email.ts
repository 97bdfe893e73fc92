import { startChild } from '../child.ts'
import { nowMs } from '../clock.ts'
import { type BenchDatabase, drained } from '../kit.ts'
import { arrived, leadMs } from '../measure.ts'
import { startWorker } from '../processes.ts'
import { atLeast, rowsOf, type Scenario } from '../scenario.ts'

const goals = {
  perSecond: {
    what: 'mails due at one instant, to a local SMTP server over 5 connections: delivered and recorded',
    unit: '/s',
    bound: atLeast(500, '/s'),
  },
}

const DRAIN_LIMIT_MS = 120_000
const MAIL = {
  subject: '예약 알림: your appointment tomorrow',
  text: 'Hello Kim Min,\n\nyour appointment is tomorrow at 9:00.\n내일 오전 9시에 예약이 있습니다.\n',
  html: '<p>Hello <b>Kim Min</b>,</p><p>your appointment is tomorrow at 9:00.<br>내일 오전 9시에 예약이 있습니다.</p>',
}

interface Sink {
  url: string
  count(): Promise<number>
  stop(): Promise<void>
}

const startSink = async (): Promise<Sink> => {
  const child = await startChild('smtp-process.ts', { isServer: false })
  return { url: String(child.ready), count: () => child.ask('count'), stop: () => child.stop() }
}

/** As the API writes them, all due at one instant, which is returned in milliseconds since 1970. */
const plantMails = async (db: BenchDatabase, count: number, inMs: number): Promise<number> => {
  const [row] = await db.query<{ due: number }>(
    `with n as (
       insert into yeyak.notifications (id, project_id, channel, lane, recipient, content, due_at, next_at, retry_limit,
         retry_delay_seconds, retry_backoff, retry_max_delay_seconds, on_unknown, timeout_seconds)
       select uuidv7(), 1, 'email', 'notifications.email', to_jsonb('Kim Min <min' || i || '@example.com>'), $3::jsonb,
              due, due, 1, 86400, 'fixed', 86400, 'retry', 60
       from generate_series(1, $1::int) i,
            lateral (select date_trunc('milliseconds', now()) + make_interval(secs => $2::float8 / 1000) as due) d
       returning id, project_id, lane, next_at, generation, priority),
     t as (insert into yeyak.timers (subject_id, lane, due_at, generation, priority)
       select id, lane, next_at, generation, priority from n),
     e as (insert into yeyak.events (project_id, kind, subject_id, type)
       select project_id, 'notification', id::text, 'notification.created' from n)
     select (extract(epoch from max(next_at)) * 1000)::float8 as due from n`,
    [count, inMs, JSON.stringify(MAIL)],
  )
  if (row === undefined || row.due < nowMs()) throw new Error('nothing was planted in time')
  await db.query(`select pg_notify('yeyak_timers', $1)::text`, [String(row.due)])
  return row.due
}

/** How many a second are delivered and recorded, from due to last recorded. */
const measureBurst = async (db: BenchDatabase, sink: Sink, count: number): Promise<number> => {
  const before = await sink.count()
  const dueMs = await plantMails(db, count, leadMs(count) * 2)
  await arrived({ count: sink.count, take: async () => [] }, before + count, dueMs)
  await drained(db, DRAIN_LIMIT_MS)
  const [row] = await db.query<{ delivered: number; seconds: number }>(
    `select count(*) filter (where state = 'delivered')::int as delivered,
            extract(epoch from max(finished_at) - max(due_at))::float8 as seconds
     from yeyak.notifications where due_at = to_timestamp($1::float8 / 1000)::timestamptz(3)`,
    [dueMs],
  )
  if (row?.delivered !== count) throw new Error(`${row?.delivered} of ${count} are on record as delivered`)
  return count / row.seconds
}

export const email: Scenario = {
  name: 'email',
  title: 'E-mail',
  about: `The channel \`email\`, with the five connections that it has by default, to an SMTP server (smtp-server) of its own process on the
same machine, which takes every mail at once. 10,000 mails with text and HTML fall due at one instant: how many a second are delivered and
recorded, and so how much of the time of a mail is Yeyak's own; a real mail server takes longer.`,
  goals,
  run: ({ smoke, rounds, say, withBench }) =>
    withBench(async (bench) => {
      const db = await bench.database()
      const sink = await startSink()
      const worker = await startWorker(db.url, 'start', {
        YEYAK_SMTP_URL: sink.url,
        YEYAK_SMTP_FROM: 'Yeyak <yeyak@example.com>',
      })
      await measureBurst(db, sink, smoke ? 50 : 1000)
      const perSecond: number[] = []
      for (let round = 1; round <= rounds; round++) {
        say(`round ${round} of ${rounds}`)
        perSecond.push(await measureBurst(db, sink, smoke ? 100 : 10_000))
      }
      await Promise.all([worker.stop(), sink.stop()])
      return { rows: rowsOf(goals, { perSecond }), tables: [] }
    }),
}
