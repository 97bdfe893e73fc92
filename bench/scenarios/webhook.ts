import { startChild } from '../child.ts'
import { nowMs } from '../clock.ts'
import { type Lateness, latenessOf } from '../figures.ts'
import { type BenchDatabase, drained } from '../kit.ts'
import { arrived, leadMs, type Rate } from '../measure.ts'
import { type Measured, startWorker } from '../processes.ts'
import { atLeast, atMost, type Options, rowsOf, type Scenario } from '../scenario.ts'

const goals = {
  perSecond: {
    what: 'webhooks due at one instant, to one local receiver: delivered and recorded',
    unit: 'per second',
    bound: atLeast(2000, 'per second'),
  },
  aloneP50: { what: '300 due/s to one receiver: p50', unit: 'ms' },
  aloneP99: { what: '300 due/s to one receiver: p99', unit: 'ms' },
  besideP50: { what: 'the same, while a second receiver hangs: p50', unit: 'ms' },
  besideP99: { what: 'the same, while a second receiver hangs: p99', unit: 'ms' },
  ratio: { what: 'p99 beside the one that hangs ÷ p99 alone', unit: '×', bound: atMost(1.2, '×') },
}

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const DRAIN_LIMIT_MS = 120_000

interface Receiver extends Measured {
  url: string
  stop(): Promise<void>
}

const startReceiver = async (kind: 'answers' | 'hangs'): Promise<Receiver> => {
  const child = await startChild('webhook-process.ts', { args: [kind], isServer: false })
  return {
    url: String(child.ready),
    take: () => child.ask('take'),
    count: () => child.ask('count'),
    stop: () => child.stop(),
  }
}

interface Planted {
  url: string
  count: number
  inMs: number
  perSecond: number
  timeoutSeconds?: number
}

/** As the API writes them; what fails is tried again the next day. Returns when the last one is due, in milliseconds since 1970. */
const plantWebhooks = async (db: BenchDatabase, o: Planted): Promise<number> => {
  const [row] = await db.query<{ first: number; last: number }>(
    `with n as (
       insert into yeyak.notifications (id, project_id, channel, lane, recipient, content, due_at, next_at, retry_limit,
         retry_delay_seconds, retry_backoff, retry_max_delay_seconds, on_unknown, timeout_seconds)
       select uuidv7(), 1, 'webhook', 'notifications.webhook', to_jsonb($4::text),
              '{"payload":{"event":"invoice.due","invoice":{"id":"inv_42","amount":1200,"currency":"KRW"}}}',
              due, due, 1, 86400, 'fixed', 86400, 'retry', $5::float8
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
    [o.count, o.inMs, o.perSecond, o.url, o.timeoutSeconds ?? 15],
  )
  if (row === undefined || row.first < nowMs()) throw new Error('nothing was planted in time')
  await db.query(`select pg_notify('yeyak_timers', $1)::text`, [String(row.first)])
  return row.last
}

/** How many a second are delivered and recorded, from due to last recorded. */
const measureBurst = async (db: BenchDatabase, receiver: Receiver, count: number): Promise<number> => {
  const before = await receiver.count()
  const dueMs = await plantWebhooks(db, { url: receiver.url, count, inMs: leadMs(count) * 2, perSecond: 0 })
  await arrived(receiver, before + count, dueMs)
  await drained(db, DRAIN_LIMIT_MS)
  const [row] = await db.query<{ delivered: number; seconds: number }>(
    `select count(*) filter (where state = 'delivered')::int as delivered,
            extract(epoch from max(finished_at) - max(due_at))::float8 as seconds
     from yeyak.notifications where due_at = to_timestamp($1::float8 / 1000)::timestamptz(3)`,
    [dueMs],
  )
  if (row?.delivered !== count) throw new Error(`${row?.delivered} of ${count} are on record as delivered`)
  await receiver.take()
  return count / row.seconds
}

/** How late webhooks arrive, with or without others that hang; nothing is left to do when it resolves. */
const measureLateness = async (
  db: BenchDatabase,
  receiver: Receiver,
  { perSecond, seconds }: Rate,
  hanging: (Pick<Planted, 'url' | 'perSecond'> & { timeoutSeconds: number }) | null,
): Promise<Lateness> => {
  await receiver.take()
  const before = await receiver.count()
  const count = perSecond * seconds
  const inMs = leadMs(count) * 2
  if (hanging !== null)
    await plantWebhooks(db, { ...hanging, count: Math.ceil(hanging.perSecond * seconds), inMs })
  const lastMs = await plantWebhooks(db, { url: receiver.url, count, perSecond, inMs })
  await arrived(receiver, before + count, lastMs)
  const late = await receiver.take()
  await drained(db, DRAIN_LIMIT_MS)
  return latenessOf(late)
}

const measure = async (
  { smoke, rounds, say }: Options,
  db: BenchDatabase,
  receiver: Receiver,
  hanging: Receiver,
) => {
  const rate: Rate = { perSecond: 300, seconds: smoke ? 1 : 20 }
  const stuck = { url: hanging.url, perSecond: 30, timeoutSeconds: smoke ? 1 : 15 }
  await measureLateness(db, receiver, { perSecond: 300, seconds: smoke ? 0.2 : 3 }, null)
  const bursts: number[] = []
  const alone: Lateness[] = []
  const beside: Lateness[] = []
  for (let round = 1; round <= rounds; round++) {
    say(`round ${round} of ${rounds}`)
    bursts.push(await measureBurst(db, receiver, smoke ? 200 : 20_000))
    alone.push(await measureLateness(db, receiver, rate, null))
    beside.push(await measureLateness(db, receiver, rate, stuck))
  }
  return { bursts, alone, beside }
}

export const webhook: Scenario = {
  name: 'webhook',
  title: 'Webhooks',
  about: `The channel \`webhook\`, signed, to a receiver of its own process on the same machine, which answers 204 at once. 20,000 fall due
at one instant: how many a second are delivered and recorded. Then 300 a second for 20 s, measured from the due time to the arrival at the
receiver; alone, and while 30 a second more go to a second receiver that never answers, so that up to 450 sends hang for 15 s each.`,
  goals,
  run: (options) =>
    options.withBench(async (bench) => {
      const db = await bench.database()
      const [receiver, hanging] = await Promise.all([startReceiver('answers'), startReceiver('hangs')])
      const worker = await startWorker(db.url, 'start', {
        YEYAK_WEBHOOK_ALLOW: '127.0.0.0/8',
        YEYAK_WEBHOOK_SECRET: SECRET,
      })
      const { bursts, alone, beside } = await measure(options, db, receiver, hanging)
      await Promise.all([worker.stop(), receiver.stop(), hanging.stop()])
      return {
        rows: rowsOf(goals, {
          perSecond: bursts,
          aloneP50: alone.map(({ p50 }) => p50),
          aloneP99: alone.map(({ p99 }) => p99),
          besideP50: beside.map(({ p50 }) => p50),
          besideP99: beside.map(({ p99 }) => p99),
          ratio: beside.map(({ p99 }, i) => p99 / (alone[i]?.p99 ?? Number.NaN)),
        }),
        tables: [],
      }
    }),
}
