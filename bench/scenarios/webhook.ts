import { startChild } from '../child.ts'
import { type Lateness, latenessOf } from '../figures.ts'
import { type BenchDatabase, drained } from '../kit.ts'
import { arrived, leadMs, measureBurst, type Rate } from '../measure.ts'
import { type Marks, plant } from '../plant.ts'
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

const webhooksTo = (url: string): Marks => ({
  target: {
    channel: 'webhook',
    recipient: url,
    content: { payload: { event: 'invoice.due', invoice: { id: 'inv_42', amount: 1200, currency: 'KRW' } } },
    retryDelaySeconds: 86_400,
  },
})

/** How late webhooks arrive, with or without others that hang; nothing is left to do when it resolves. */
const measureLateness = async (
  db: BenchDatabase,
  receiver: Receiver,
  { perSecond, seconds }: Rate,
  hanging: { url: string; perSecond: number; timeoutSeconds: number } | null,
): Promise<Lateness> => {
  await receiver.take()
  const before = await receiver.count()
  const count = perSecond * seconds
  const inMs = leadMs(count) * 2
  if (hanging !== null) {
    const { url, ...pace } = hanging
    await plant(db, { ...webhooksTo(url), ...pace, count: Math.ceil(pace.perSecond * seconds), inMs })
  }
  const lastMs = await plant(db, { ...webhooksTo(receiver.url), count, perSecond, inMs })
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
    bursts.push(await measureBurst(receiver, db, smoke ? 200 : 20_000, webhooksTo(receiver.url)))
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
